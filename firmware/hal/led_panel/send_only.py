"""What panels that never answer have in common: a frame is handed to their line, and that is all one knows."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod

from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.buses.line import Line, StandingLine

__all__ = ["SendOnlyPanel"]

_SEND_SECONDS = 0.5
_GAP_SECONDS = (
    0.1  # what the deployed code leaves between two frames, whichever screens they are for
)


class SendOnlyPanel(ABC):
    """`show` returns when the text is on its way. The screen never answers: a dead one looks like one that shows it."""

    def __init__(self, name: str, line: StandingLine) -> None:
        """`name` is what the technician knows it by, with its port."""
        self._name = name
        self._line = line

    @abstractmethod
    def frame(self, text: str) -> bytes:
        """The bytes that show a text."""

    def show(self, text: str) -> None:
        frame = self.frame(text)
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
            f"{self._name} cannot be reached: {fault};"
            " check its adapter, its cable and the port in the settings",
            Trouble.OFFLINE,
        )
