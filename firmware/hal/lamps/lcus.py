"""The relays of an LCUS board on USB, by the sheets of several sellers: it is told, and never answers."""

from __future__ import annotations

from collections.abc import Mapping

from firmware.hal import HardwareFault, Trouble
from firmware.hal.buses.line import StandingLine
from firmware.hal.lamps import LcusLampsSettings

__all__ = ["LcusRelays", "order"]

_SECONDS = 0.2


def order(channel: int, on: bool) -> bytes:
    """Switch a channel, from 1.

    >>> order(1, True).hex(" "), order(1, False).hex(" ")
    ('a0 01 01 a2', 'a0 01 00 a1')
    """
    said = [0xA0, channel, int(on)]
    return bytes([*said, sum(said) & 0xFF])


class LcusRelays:
    """That the board is plugged in is all that one can know of it."""

    def __init__(self, settings: LcusLampsSettings, line: StandingLine) -> None:
        self._port, self._line = settings.port, line

    def switch(self, channel: int, on: bool) -> None:
        self._send(order(channel, on))

    def keep(self, wanted: Mapping[int, bool]) -> None:
        """Say it again: a relay that is so already does not move."""
        self._send(b"".join(order(channel, on) for channel, on in wanted.items()))

    def close(self) -> None:
        with self._line.lock:
            self._line.close()

    def _send(self, orders: bytes) -> None:
        with self._line.lock:
            try:
                line = self._line.fresh()
                line.send(orders, _SECONDS)
            except OSError as fault:
                self._line.drop()
                raise HardwareFault(
                    f"The relay board at {self._port} cannot be reached: {fault}; "
                    f"check its plug and the port in the settings",
                    Trouble.OFFLINE,
                ) from fault
