"""A thread that lets an emulated device live at the end of a wire; the device itself is told time and knows no wire."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Protocol, Self

from hal_mocks.wires.line import Line, PtyLine

__all__ = ["MOUTHFUL", "FarEnd", "Wired"]

_LOOK_SECONDS = 0.005
MOUTHFUL = 4096


class FarEnd(Protocol):
    """A device as bytes in, bytes out; `at` is in seconds. Each method returns what it sends then."""

    def powered(self, at: float) -> bytes:
        """Its line was plugged in."""

    def heard(self, chunk: bytes, at: float) -> bytes: ...

    def passed(self, at: float) -> bytes:
        """Nothing came; time went on."""


class Wired:
    """Runs `far_end` on a wire until it is closed; any thread may unplug and replug until then.

    `appetite` is how many bytes the far end takes now; the rest waits on the line.
    """

    def __init__(
        self,
        far_end: FarEnd,
        line: Line | None = None,
        *,
        appetite: Callable[[], int] = lambda: MOUTHFUL,
    ) -> None:
        self._far_end = far_end
        self._line = line or PtyLine()
        self._appetite = appetite
        self._orders: queue.SimpleQueue[tuple[Callable[[], None], threading.Event]] = (
            queue.SimpleQueue()
        )
        self._open = True
        self._thread = threading.Thread(target=self._run, name="far end", daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """A path for a serial line, host:port for TCP; the same after unplug and replug."""
        return self._line.address

    def unplug(self) -> None:
        self._order(self._line.unplug)

    def replug(self) -> None:
        self._order(self._replug)

    def inject(self, noise: bytes) -> None:
        """Send what the device did not mean to."""
        self._order(lambda: self._send(noise))

    def close(self) -> None:
        self._order(self._stop)
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _order(self, order: Callable[[], None]) -> None:
        if threading.current_thread() is self._thread:
            order()  # it is the far end itself that wants it
            return
        # By the line's own thread: so the line needs no lock, and nobody waits for one that the reader takes again and again.
        done = threading.Event()
        self._orders.put((order, done))
        while self._thread.is_alive() and not done.wait(0.1):
            pass

    def _replug(self) -> None:
        self._line.replug()
        self._send(self._far_end.powered(time.monotonic()))

    def _stop(self) -> None:
        self._open = False
        self._line.close()

    def _run(self) -> None:
        self._send(self._far_end.powered(time.monotonic()))
        while self._open:
            chunk = b""
            if most := self._appetite():
                chunk = self._line.read(most, _LOOK_SECONDS)
            else:
                time.sleep(_LOOK_SECONDS)
            at = time.monotonic()
            self._send(self._far_end.heard(chunk, at) if chunk else self._far_end.passed(at))
            while not self._orders.empty():
                order, done = self._orders.get()
                order()
                done.set()

    def _send(self, answer: bytes) -> None:
        if answer:
            self._line.write(answer)
