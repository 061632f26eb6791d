"""Fingers on a touch screen: where the first one came down, out of the kernel's input events; knows no key. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from firmware.hal.buses.input_events import EventType, InputEvent

__all__ = ["ABS_X", "ABS_Y", "MT_X", "MT_Y", "Fingers", "Point", "Taps"]

ABS_X, ABS_Y, _MT_SLOT, MT_X, MT_Y, _MT_TRACKING = 0x00, 0x01, 0x2F, 0x35, 0x36, 0x39
_BTN_TOUCH = 0x14A
_REPORT, _DROPPED = 0, 3
_SLOTS = 64


@dataclass(frozen=True, slots=True)
class Point:
    """In the touch screen's own numbers."""

    x: int
    y: int


class Fingers:
    """The first finger counts: another one beside it is nothing, and nothing is one that stayed when it left.

    Screens that tell every finger apart (slots of multi-touch protocol B) are understood as well as those that know one.
    `x`, `y`: where the axes are when one begins to listen; the kernel tells a place only when it changes.
    """

    def __init__(self, x: int | None = None, y: int | None = None) -> None:
        self._at: list[int | None] = [x, y]
        self._slot = 0
        self._places: dict[int, list[int | None]] = {}
        self._touching: dict[int, None] = {}  # slots with a finger, in the order they came
        self._pressed = False
        self._was_down = False
        self._lost = False

    def feed(self, event: InputEvent) -> Point | None:
        """The first finger, when it has come down on an empty screen."""
        if event.type == EventType.SYN:
            return self._synced(event.code)
        if event.type == EventType.KEY and event.code == _BTN_TOUCH:
            self._pressed = event.value != 0
            if not self._pressed:
                self._touching.clear()  # also one whose leaving was lost
        elif event.type == EventType.ABS:
            self._moved(event.code, event.value)
        return None

    def _moved(self, code: int, value: int) -> None:
        if code in (ABS_X, ABS_Y):
            self._at[code - ABS_X] = value
        elif code == _MT_SLOT:
            self._slot = value
        elif code in (MT_X, MT_Y):
            if 0 <= self._slot < _SLOTS:
                self._places.setdefault(self._slot, [None, None])[code - MT_X] = value
        elif code == _MT_TRACKING:
            self._touching.pop(self._slot, None)
            if value >= 0 and 0 <= self._slot < _SLOTS:
                self._touching[self._slot] = None

    def _synced(self, code: int) -> Point | None:
        if code == _DROPPED:
            self._lost = True
        if code != _REPORT:
            return None
        down = self._pressed or bool(self._touching)
        first = down and not self._was_down
        if self._lost:
            # Events are missing: who is down now came unseen, and only an empty screen is sure again.
            self._lost, self._was_down = False, True
            self._touching.clear()
            return None
        self._was_down = down
        return self._first() if first else None

    def _first(self) -> Point | None:
        slot = next(iter(self._touching), None)
        place = None if slot is None else self._places.get(slot)
        x, y = place or self._at
        # A place that did not change is not told again; the axes of a single finger know it, too.
        x, y = (self._at[0] if x is None else x), (self._at[1] if y is None else y)
        return None if x is None or y is None else Point(x, y)


class Taps:
    """A finger that bounces: two touches within 0.2 s on the same place are one. `near` is in the points' own numbers.

    >>> taps = Taps(near=10)
    >>> [taps.new(Point(50, 50), 1.0), taps.new(Point(52, 49), 1.1), taps.new(Point(90, 50), 1.15)]
    [True, False, True]
    >>> taps.new(Point(90, 50), 1.4)
    True
    """

    SECONDS = 0.2

    def __init__(self, near: int) -> None:
        self._near = near
        self._last: tuple[Point, float] | None = None

    def new(self, point: Point, at: float) -> bool:
        """Whether it is a touch of its own; `at` is in seconds."""
        if self._last is not None:
            last, then = self._last
            near = max(abs(point.x - last.x), abs(point.y - last.y)) <= self._near
            if near and at - then < self.SECONDS:
                return False
        self._last = (point, at)
        return True
