"""The kernel's input events as bytes and as values: what a keyboard's or a touch screen's file in /dev/input gives. Pure."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

__all__ = [
    "BY_KEYS",
    "BY_TOUCH",
    "NATIVE_SIZE",
    "EventSize",
    "EventType",
    "InputEvent",
    "InputEvents",
    "Sent",
]

EventSize = Literal[16, 24]
"""Bytes of a `struct input_event`: two longs for the time, type, code, value; by the word size of this program."""

NATIVE_SIZE: EventSize = 24 if struct.calcsize("@l") == 8 else 16

_SHAPES = {16: struct.Struct("=IIHHi"), 24: struct.Struct("=QQHHi")}
_MICROSECONDS = 1_000_000
_LATEST = 1 << 34  # seconds, some five centuries


_LARGEST = 0x7FFFFFFF


class EventType:
    SYN = 0
    KEY = 1
    ABS = 3


Sent = Mapping[int, tuple[range, int, int]]
"""The codes, the lowest and the highest value that a device sends of each type; of others it sends none."""

BY_KEYS: Sent = {
    0: (range(4), 0, 1),
    1: (range(1, 0x300), 0, 2),
    4: (range(8), 0, _LARGEST),
    17: (range(16), 0, 1),
}
BY_TOUCH: Sent = {
    0: (range(4), 0, 1),
    1: (range(0x110, 0x160), 0, 2),
    3: (range(0x40), -0x10000, 0xFFFFF),
    4: (range(8), 0, _LARGEST),
}


@dataclass(frozen=True, slots=True)
class InputEvent:
    """For a key `value` is 1 when it goes down, 0 when it comes up, 2 when it repeats; for an axis where it is."""

    type: int
    code: int
    value: int


class InputEvents:
    """Cuts a stream into events. The kernel gives whole ones; from anything else it is back in step at the first event.

    >>> down = bytes(16) + bytes.fromhex("01 00 4C 00 01 00 00 00")
    >>> InputEvents(24).feed(down)
    [InputEvent(type=1, code=76, value=1)]
    """

    def __init__(self, size: EventSize = NATIVE_SIZE, sent: Sent = BY_KEYS) -> None:
        self._shape, self._sent = _SHAPES[size], sent
        self._came = bytearray()

    def feed(self, chunk: bytes) -> list[InputEvent]:
        """Return what is complete now, in order; less than one event is kept."""
        came, size, at = self._came + chunk, self._shape.size, 0
        found = []
        while len(came) - at >= size:
            seconds, microseconds, kind, code, value = self._shape.unpack_from(came, at)
            codes, least, most = self._sent.get(kind, (range(0), 0, 0))
            if (
                seconds < _LATEST
                and microseconds < _MICROSECONDS
                and code in codes
                and least <= value <= most
            ):
                found.append(InputEvent(kind, code, value))
                at += size
            else:
                at += 1
        self._came = came[at:]
        return found
