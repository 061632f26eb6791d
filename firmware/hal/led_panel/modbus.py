"""A number display on a Modbus-RTU line, which it may share with relay boards and inputs."""

from __future__ import annotations

from typing import Literal

from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.buses.line import StandingLine
from firmware.hal.buses.modbus import Unit
from firmware.hal.led_panel import ModbusPanelSettings
from firmware.hal.led_panel.numbers import ticket_in

__all__ = ["ModbusPanel", "registers"]


class ModbusPanel:
    """Shows the ticket's number; the display answers that it has it."""

    def __init__(self, settings: ModbusPanelSettings, line: StandingLine) -> None:
        self._settings = settings
        self._unit = Unit(line, settings.port, settings.unit, "The number display")

    def show(self, text: str) -> None:
        own = self._settings
        values = registers(ticket_in(text) or 0, own.form, own.digits)
        self._unit.write(own.register, values, one_by_one=own.function == 6)

    def health(self) -> Health:
        """Ask for the number; a display that does not let itself be read is there all the same."""
        try:
            self._unit.holding(self._settings.register)
        except HardwareFault as fault:
            if fault.trouble in (Trouble.NO_ANSWER, Trouble.OFFLINE):
                return Health(usable=False, troubles=(fault.trouble,))
        return Health()

    def close(self) -> None:
        self._unit.close()


def registers(
    number: int, form: Literal["number", "bcd", "ascii"], digits: Literal[4, 6, 8] = 4
) -> list[int]:
    """A number of at most four digits as a display's registers hold it.

    >>> [f"{one:04x}" for one in registers(17, "bcd")]
    ['0017']
    >>> [f"{one:04x}" for one in registers(17, "ascii")]
    ['3030', '3137']
    """
    match form:
        case "number":
            return [number]
        case "bcd":
            return [int(f"{number}", 16)]
        case "ascii":
            spelled = f"{number:0{digits}d}".encode()
            return [int.from_bytes(spelled[at : at + 2]) for at in range(0, len(spelled), 2)]
