"""A touch screen read from the kernel: tells where on the panel a finger came down; the page alone knows what that means."""

from __future__ import annotations

import time
from collections.abc import Callable

from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.buses.input_device import LOST_SECONDS, TOUCH, Axis, axis_of, open_input
from firmware.hal.buses.input_events import BY_TOUCH, NATIVE_SIZE, EventSize, InputEvents
from firmware.hal.buses.line import Line
from firmware.hal.ear import Ear, hand_on
from firmware.hal.screen import TouchSettings, Turn
from firmware.hal.screen.fingers import ABS_X, ABS_Y, MT_X, MT_Y, Fingers, Point, Taps

__all__ = ["TouchPanel", "on_panel"]

_LOOK_SECONDS = 0.25
_NEAR = 25  # a place is a 25th of the shorter side wide


class TouchPanel:
    """Posts pixels of a panel of `size`, one for each touch, at finger-down, from its own thread."""

    def __init__(
        self,
        settings: TouchSettings,
        size: tuple[int, int],
        *,
        event_size: EventSize = NATIVE_SIZE,
        again: float = LOST_SECONDS,
    ) -> None:
        self._settings, self._size, self._event_size = settings, size, event_size
        self._name = f"The touch screen at {settings.port}"
        self._line: Line | None = None
        self._events = InputEvents(event_size, BY_TOUCH)
        self._fingers = Fingers()
        self._taps = Taps(min(size) // _NEAR)
        self._axes = (Axis(0, 0, 1), Axis(0, 0, 1))
        self._post: Callable[[tuple[int, int]], None] = lambda _: None
        self._ear = Ear(self._name, self._turn, self._lost, again=again)
        self.pulses = (self._ear.pulse,)

    def listen(self, post: Callable[[tuple[int, int]], None]) -> None:
        self._post = post
        self._ear.start()

    def health(self) -> Health:
        return self._ear.health()

    def close(self) -> None:
        self._ear.close()

    def _lost(self) -> None:
        if self._line:
            self._line.close()
            self._line = None

    def _turn(self) -> None:
        line = self._line or self._open()
        for event in self._events.feed(line.read(_LOOK_SECONDS)):
            down = self._fingers.feed(event)
            if down is None:
                continue
            point = on_panel(down, self._axes, self._settings.rotate, self._size)
            if self._taps.new(Point(*point), time.monotonic()):
                hand_on(self._post, point, "a touch")

    def _open(self) -> Line:
        line = open_input(self._settings.place, TOUCH)
        try:
            self._axes = self._axis(line, MT_X, ABS_X), self._axis(line, MT_Y, ABS_Y)
        except HardwareFault:
            line.close()
            raise
        single = axis_of(line, ABS_X), axis_of(line, ABS_Y)
        self._fingers = Fingers(*(axis.now if axis else None for axis in single))
        self._events = InputEvents(self._event_size, BY_TOUCH)
        self._line = line
        return line

    def _axis(self, line: Line, several: int, single: int) -> Axis:
        extent = self._settings.width if single == ABS_X else self._settings.height
        if extent is not None:
            return Axis(0, 0, extent - 1)
        axis = axis_of(line, several) or axis_of(line, single)
        if axis is None:
            raise HardwareFault(
                f"{self._name} does not tell how far its numbers go: write its width and height"
                " into `touch`, or take the device that is the touch screen",
                Trouble.OFFLINE,
            )
        return axis


def on_panel(
    point: Point, axes: tuple[Axis, Axis], rotate: Turn, size: tuple[int, int]
) -> tuple[int, int]:
    """The pixel of a panel of `size` under a point of a touch screen that lies `rotate` degrees clockwise on it.

    >>> axes = (Axis(0, 0, 4095), Axis(0, 0, 4095))
    >>> on_panel(Point(0, 0), axes, 0, (1920, 1080)), on_panel(Point(0, 0), axes, 90, (1920, 1080))
    ((0, 0), (1919, 0))
    """
    x, y = (
        min(max((at - axis.least + 0.5) / (axis.most - axis.least + 1), 0.0), 1.0)
        for at, axis in zip((point.x, point.y), axes, strict=True)
    )
    match rotate:
        case 90:
            x, y = 1 - y, x
        case 180:
            x, y = 1 - x, 1 - y
        case 270:
            x, y = y, 1 - x
        case 0:
            pass
    width, height = size
    return min(int(x * width), width - 1), min(int(y * height), height - 1)
