"""The relays of a Modbus-RTU board: coils that can be read back."""

from __future__ import annotations

from collections.abc import Mapping

from firmware.hal.buses.line import StandingLine
from firmware.hal.buses.modbus import Unit
from firmware.hal.lamps import ModbusLampsSettings

__all__ = ["ModbusRelays"]


class ModbusRelays:
    """Channel 1 is coil 0. The board's other channels are another part's."""

    def __init__(self, settings: ModbusLampsSettings, line: StandingLine) -> None:
        self._first = min(settings.lamps.values())
        self._count = max(settings.lamps.values()) - self._first + 1
        self._unit = Unit(line, settings.port, settings.unit, "The relay board")

    def switch(self, channel: int, on: bool) -> None:
        self._unit.switch(channel - 1, on)

    def keep(self, wanted: Mapping[int, bool]) -> None:
        coils = self._unit.coils(self._first - 1, self._count)
        for channel, on in wanted.items():
            if coils[channel - self._first] is not on:
                self._unit.switch(channel - 1, on)

    def close(self) -> None:
        self._unit.close()
