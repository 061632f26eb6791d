"""The six digits of a keypad on an FF 68 bus: how many wait, and which ticket."""

from __future__ import annotations

from typing import Literal

from firmware.hal import Health
from firmware.hal.buses.ff68 import show_digits
from firmware.hal.buses.ff68_bus import Ff68Bus
from firmware.hal.led_panel import Ff68DisplaySettings
from firmware.hal.led_panel.numbers import ticket_in, waiting_in

__all__ = ["Ff68Display", "digits_of"]

_NONE = 0x0A
_MOST = 999


class Ff68Display:
    """Shows of a text what six digits can express. Send-only: `show` returns when the frame is on its way."""

    def __init__(self, settings: Ff68DisplaySettings, bus: Ff68Bus) -> None:
        self._settings = settings
        self._bus = bus
        self.pulses = bus.pulses
        self._open = True
        bus.enter()

    def show(self, text: str) -> None:
        digits = digits_of(text, self._settings.empty)
        self._bus.tell(show_digits(self._settings.address, digits))

    def health(self) -> Health:
        """How the line is; the display itself cannot be asked."""
        return self._bus.health()

    def close(self) -> None:
        if self._open:
            self._open = False
            self._bus.leave()


def digits_of(text: str, empty: Literal["blank", "zeros"] = "blank") -> bytes:
    """Three digits of how many wait, at most 999, and the last three of the ticket's number.

    >>> digits_of("已呼叫A017 按序 等候3人").hex(" ")
    '00 00 03 00 01 07'
    >>> digits_of("无人等候").hex(" ")
    '0a 0a 0a 0a 0a 0a'
    """
    waiting, ticket = waiting_in(text), ticket_in(text)
    halves = (
        None if waiting is None else min(waiting, _MOST),
        None if ticket is None else ticket % 1000,
    )
    return b"".join(_half(number, empty) for number in halves)


def _half(number: int | None, empty: Literal["blank", "zeros"]) -> bytes:
    if number is None:
        return bytes([_NONE if empty == "blank" else 0] * 3)
    return bytes(int(digit) for digit in f"{number:03d}")
