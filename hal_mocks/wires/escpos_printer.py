"""A thermal printer on a wire: the ESC/POS machine on a pty or TCP port, at its line's speed, and unpluggable."""

from __future__ import annotations

import time

from hal_mocks.wires.escpos_machine import EscposMachine
from hal_mocks.wires.escpos_model import Model
from hal_mocks.wires.line import Line
from hal_mocks.wires.wired import Wired

__all__ = ["EscposPrinterOnWire", "Model", "PrinterFarEnd"]

_MOUTHFUL = 512


class EscposPrinterOnWire(EscposMachine):
    """The machine as the far end of its wire until closed. While its buffer is full it reads nothing.

    `arrivals` says when chunks came, and how many bytes each had.
    """

    def __init__(self, line: Line, model: Model | None = None) -> None:
        super().__init__(model)
        self.line = line
        self._line_free_at = 0.0
        self.arrivals: list[tuple[float, int]] = []
        self._wired = Wired(self, line, appetite=lambda: min(self.room, _MOUTHFUL))

    def unplug(self) -> None:
        self.forget_answers()
        self._wired.unplug()

    def replug(self) -> None:
        self._wired.replug()

    def blurt(self, junk: bytes) -> None:
        """Say something that nobody asked for: noise, XOFF, a report set by a switch."""
        self._wired.inject(junk)

    def close(self) -> None:
        self._wired.close()

    def powered(self, at: float) -> bytes:  # noqa: ARG002 - the line's plug is not the power's
        return b""

    def heard(self, chunk: bytes, at: float) -> bytes:  # noqa: ARG002 - it looks at its own clock
        self.arrivals.append((time.monotonic(), len(chunk)))
        if self.model.baud:
            # By the clock, not by so many sleeps: what one oversleeps, the next makes up for.
            began = max(self._line_free_at, time.monotonic())
            self._line_free_at = began + len(chunk) * 10 / self.model.baud
            time.sleep(max(0.0, self._line_free_at - time.monotonic()))
        return self.eat(chunk)

    def passed(self, at: float) -> bytes:  # noqa: ARG002
        return self.eat(b"")


class PrinterFarEnd:
    """A machine at the far end of whatever line; it reads its own clock, and its buffer can be full."""

    def __init__(self, machine: EscposMachine) -> None:
        self._machine = machine

    def powered(self, at: float) -> bytes:  # noqa: ARG002 - the line's plug is not the power's
        return b""

    def heard(self, chunk: bytes, at: float) -> bytes:  # noqa: ARG002
        return self._machine.eat(chunk)

    def passed(self, at: float) -> bytes:  # noqa: ARG002
        return self._machine.eat(b"")
