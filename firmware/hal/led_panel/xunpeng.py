"""A number display of 讯鹏 by its own short frame: the ticket's number in a colour, no word."""

from __future__ import annotations

from firmware.hal.buses.line import StandingLine
from firmware.hal.led_panel import XunpengPanelSettings
from firmware.hal.led_panel.numbers import ticket_in
from firmware.hal.led_panel.send_only import SendOnlyPanel

__all__ = ["XunpengPanel", "numbered"]


class XunpengPanel(SendOnlyPanel):
    def __init__(self, settings: XunpengPanelSettings, line: StandingLine) -> None:
        super().__init__(f"The number display at {settings.port}", line)
        self._colour = settings.colour

    def frame(self, text: str) -> bytes:
        # No frame is known that makes it dark.
        return numbered(ticket_in(text) or 0, self._colour)


def numbered(number: int, colour: int) -> bytes:
    """The frame for a number below 65536.

    >>> numbered(888, 0).hex(" ")
    '3a 00 78 03 01 b6 0a'
    """
    body = bytes([0x3A, colour]) + number.to_bytes(2, "little") + b"\x01"
    return body + bytes([sum(body) & 0xFF, 0x0A])
