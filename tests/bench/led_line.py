"""The far end of LED panels' serial lines: cards that answer, and when the first byte of a changed text came."""

from __future__ import annotations

import os
import select
import time
import tty

from hal_mocks.wires.onbon import OnbonCard
from tests.bench.row import BenchFault

__all__ = ["LedLine", "serve", "serve_until_change"]


class LedLine:
    """A pty with an emulated card behind it. `changed` is when the frame that changed the text began, in ns."""

    def __init__(self, *, width: int) -> None:
        self.fd, host = os.openpty()
        tty.setraw(host)
        self._host = host  # stays open, so that the line outlives the driver
        self.port = f"serial:{os.ttyname(host)}?baud=57600"
        self.card = OnbonCard(width=width)
        self.changed: int | None = None
        self._began: int | None = None

    def take(self, at: int) -> None:
        """Read what has come at `at`, and answer as the card does."""
        before = self.card.text
        self._began = at if self._began is None else self._began
        answer = self.card.heard(os.read(self.fd, 4096), at / 1e9)
        if not answer:
            return  # the frame is not whole yet
        os.write(self.fd, answer)
        if self.card.text != before:
            self.changed = self._began
        self._began = None

    def forget(self) -> None:
        """Wait for the next change."""
        self.changed = None

    def close(self) -> None:
        os.close(self.fd)
        os.close(self._host)


def serve(lines: tuple[LedLine, ...], seconds: float) -> None:
    """Let the cards live for some time."""
    deadline = time.monotonic() + seconds
    while _serve_once(lines, deadline):
        pass


def serve_until_change(lines: tuple[LedLine, ...], led: LedLine, seconds: float) -> int:
    """Let the cards live until another text comes to `led`: when its frame began, in ns. Raises BenchFault."""
    deadline = time.monotonic() + seconds
    led.forget()
    while _serve_once(lines, deadline):
        if led.changed is not None:
            return led.changed
    raise BenchFault(f"the LED bar still shows {led.card.text!r} after {seconds:.0f} s")


def _serve_once(lines: tuple[LedLine, ...], deadline: float) -> bool:
    """Read what comes next; False once it is too late."""
    left = deadline - time.monotonic()
    if left <= 0:
        return False
    ready, _, _ = select.select([line.fd for line in lines], [], [], left)
    at = time.monotonic_ns()
    for line in lines:
        if line.fd in ready:
            line.take(at)
    return True
