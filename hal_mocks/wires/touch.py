"""A touch screen as the kernel shows it: fingers that come down, slide and lift, as input events of either word size."""

from __future__ import annotations

import queue
from typing import Literal

from hal_mocks.wires.keyboard import KeyboardMachine

__all__ = ["TouchMachine"]

_SYN, _KEY, _ABS, _MSC = 0, 1, 3, 4
_BTN_TOUCH = 0x14A
_X, _Y, _SLOT, _MT_X, _MT_Y, _TRACKING = 0, 1, 0x2F, 0x35, 0x36, 0x39
_MSC_TIMESTAMP = 5


class TouchMachine:
    """`several` tells fingers apart in slots, as most do, and the first one also as a single pointer; else it knows one.

    Like the kernel it tells of a place only what has changed since it told it last.
    """

    def __init__(self, bits: Literal[32, 64] = 64, *, several: bool = True) -> None:
        self._several = several
        self._event = KeyboardMachine(bits).event
        self._told: dict[tuple[int, int], int] = {}
        self._slot = 0
        self._down: list[int] = []
        self._number = 0
        self._sent: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    # The world's side.

    def down(self, x: int, y: int, finger: int = 0) -> None:
        frame = self._to(finger) + self._track(finger, self._next())
        self._down.append(finger)
        frame += self._at(finger, x, y)
        if len(self._down) == 1:
            frame += self._event(_KEY, _BTN_TOUCH, 1)
        self._end(frame + self._pointer(finger, x, y))

    def slide(self, x: int, y: int, finger: int = 0) -> None:
        self._end(self._to(finger) + self._at(finger, x, y) + self._pointer(finger, x, y))

    def lift(self, finger: int = 0) -> None:
        self._down.remove(finger)
        frame = self._to(finger) + self._track(finger, -1)
        self._end(frame if self._down else frame + self._event(_KEY, _BTN_TOUCH, 0))

    def tap(self, x: int, y: int) -> None:
        self.down(x, y)
        self.lift()

    def overrun(self) -> None:
        """The kernel's buffer was full: events are lost."""
        self._sent.put(self._event(_SYN, 3, 0) + self._event(_SYN, 0, 0))

    def send(self, raw: bytes) -> None:
        """Bytes as they are."""
        self._sent.put(raw)

    # The wire's side.

    def powered(self, at: float) -> bytes:  # noqa: ARG002 - it starts without a word
        while not self._sent.empty():
            self._sent.get()
        return b""

    def heard(self, chunk: bytes, at: float) -> bytes:  # noqa: ARG002 - nobody talks to it
        return b""

    def passed(self, at: float) -> bytes:  # noqa: ARG002 - it sends what is touched at once
        return b"" if self._sent.empty() else self._sent.get()

    # The kernel's side.

    def _next(self) -> int:
        self._number = (self._number + 1) % 0x10000
        return self._number

    def _to(self, finger: int) -> bytes:
        if not self._several or finger == self._slot:
            return b""
        self._slot = finger
        return self._event(_ABS, _SLOT, finger)

    def _track(self, _finger: int, number: int) -> bytes:
        return self._event(_ABS, _TRACKING, number & 0xFFFFFFFF) if self._several else b""

    def _at(self, finger: int, x: int, y: int) -> bytes:
        if not self._several:
            return b""
        return self._changed(finger, _MT_X, x) + self._changed(finger, _MT_Y, y)

    def _pointer(self, finger: int, x: int, y: int) -> bytes:
        """The first finger as one that has no other beside it."""
        if self._down[:1] != [finger]:
            return b""
        return self._changed(-1, _X, x) + self._changed(-1, _Y, y)

    def _changed(self, finger: int, axis: int, at: int) -> bytes:
        if self._told.get((finger, axis)) == at:
            return b""
        self._told[finger, axis] = at
        return self._event(_ABS, axis, at)

    def _end(self, frame: bytes) -> None:
        stamp = self._event(_MSC, _MSC_TIMESTAMP, 4_000_000_000 & 0x7FFFFFFF)
        self._sent.put(frame + stamp + self._event(_SYN, 0, 0))
