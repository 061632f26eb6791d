"""A strip screen on a serial line that it may share with others; send-only."""

from __future__ import annotations

import time

from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.buses.line import Line, StandingLine
from firmware.hal.led_panel import StripPanelSettings
from firmware.hal.led_panel.strip_frames import framed

__all__ = ["StripPanel"]

_SEND_SECONDS = 0.5
_GAP_SECONDS = (
    0.1  # what the deployed code leaves between two frames, whichever screens they are for
)


class StripPanel:
    """`show` returns when the text is on its way. The screen never answers: a dead one looks like one that shows it."""

    def __init__(self, settings: StripPanelSettings, line: StandingLine) -> None:
        self._settings = settings
        self._line = line
        self._sequence = 0

    def show(self, text: str) -> None:
        self._sequence = (self._sequence + 1) % 256
        frame = framed(
            self._settings.frame,
            self._settings.address,
            text,
            main=self._settings.main,
            sequence=self._sequence,
        )
        with self._line.lock:
            try:
                self._send(self._line.fresh(), frame)
            except OSError as fault:
                self._line.drop()
                raise self._fault(fault) from fault

    def health(self) -> Health:
        """How the line is; the screen itself cannot be asked."""
        with self._line.lock:
            try:
                self._line.fresh()
            except OSError:
                return Health(usable=False, troubles=(Trouble.OFFLINE,))
        return Health()

    def close(self) -> None:
        with self._line.lock:
            self._line.close()

    def _send(self, line: Line, frame: bytes) -> None:
        time.sleep(max(0.0, self._line.sent_at + _GAP_SECONDS - time.monotonic()))
        on_the_wire = len(frame) * line.seconds_per_byte
        line.send(frame, _SEND_SECONDS + on_the_wire)
        self._line.sent_at = time.monotonic() + on_the_wire

    def _fault(self, fault: OSError) -> HardwareFault:
        return HardwareFault(
            f"The strip screen {self._settings.address} at {self._settings.port} cannot be reached: {fault};"
            " check its adapter, its cable and the port in the settings",
            Trouble.OFFLINE,
        )
