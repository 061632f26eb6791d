"""A thermal printer on a wire: the ESC/POS machine on a pty or TCP port, at its line's speed, and unpluggable."""

from __future__ import annotations

import threading
import time

from hal_mocks.wires.escpos_machine import EscposMachine, Model
from hal_mocks.wires.line import Line

__all__ = ["EscposPrinterOnWire", "Model"]

_MOUTHFUL = 512
_TURN = 0.01  # seconds that it listens before it looks at its own parts again


class EscposPrinterOnWire(EscposMachine):
    """Plays on its own thread until closed, and owns the line. While its buffer is full it reads nothing."""

    def __init__(self, line: Line, model: Model | None = None) -> None:
        super().__init__(model)
        self.line = line
        self._closing = False
        self._thread = threading.Thread(target=self._play, name="printer on wire")
        self._thread.start()

    def unplug(self) -> None:
        self.line.unplug()

    def replug(self) -> None:
        self.line.replug()

    def blurt(self, junk: bytes) -> None:
        """Say something that nobody asked for: noise, XOFF, a report set by a switch."""
        self.line.write(junk)

    def say(self, answer: bytes) -> None:
        super().say(answer)
        self.line.write(answer)

    def close(self) -> None:
        self._closing = True
        self._thread.join()
        self.line.close()

    def _play(self) -> None:
        while not self._closing:
            came = b""
            if room := self.room:
                came = self.line.read(min(room, _MOUTHFUL), _TURN)
            else:
                time.sleep(_TURN)
            if self.model.baud:
                time.sleep(len(came) * 10 / self.model.baud)
            self.eat(came)
