"""A strip screen on a line that it may share with others of its kind."""

from __future__ import annotations

from firmware.hal.buses.line import StandingLine
from firmware.hal.led_panel import StripPanelSettings
from firmware.hal.led_panel.send_only import SendOnlyPanel
from firmware.hal.led_panel.strip_frames import framed

__all__ = ["StripPanel"]


class StripPanel(SendOnlyPanel):
    def __init__(self, settings: StripPanelSettings, line: StandingLine) -> None:
        super().__init__(f"The strip screen {settings.address} at {settings.port}", line)
        self._settings = settings
        self._sequence = 0

    def frame(self, text: str) -> bytes:
        self._sequence = (self._sequence + 1) % 256
        own = self._settings
        return framed(own.frame, own.address, text, main=own.main, sequence=self._sequence)
