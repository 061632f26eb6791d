"""A number pad, or rating pad, that types as a USB keyboard: posts the names of its keys as they go down."""

from __future__ import annotations

from collections.abc import Callable

from firmware.hal import Health
from firmware.hal.buses.input_device import LOST_SECONDS, open_input
from firmware.hal.buses.input_events import NATIVE_SIZE, EventSize, EventType, InputEvents
from firmware.hal.buses.key_codes import KEY_CODES, one_code
from firmware.hal.buses.line import Line
from firmware.hal.ear import Ear, hand_on
from firmware.hal.keypad import UsbKeypadSettings

__all__ = ["UsbKeypad"]

_LOOK_SECONDS = 0.25
_DOWN = 1  # 0 is up, 2 a held key that repeats


class UsbKeypad:
    """Keys without a name, NumLock among them, are nobody's: some pads send it with every digit."""

    def __init__(
        self,
        settings: UsbKeypadSettings,
        *,
        size: EventSize = NATIVE_SIZE,
        again: float = LOST_SECONDS,
    ) -> None:
        self._place = settings.place
        self._names = {one_code(KEY_CODES[key]): name for name, key in settings.keys.items()}
        self._size = size
        self._line: Line | None = None
        self._events = InputEvents(size)
        self._post: Callable[[str], None] = lambda _: None
        self._ear = Ear(f"The keypad at {settings.port}", self._turn, self._lost, again=again)
        self.pulses = (self._ear.pulse,)

    def listen(self, post: Callable[[str], None]) -> None:
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
        if self._line is None:
            self._line = open_input(self._place)
            self._events = InputEvents(self._size)
        for event in self._events.feed(self._line.read(_LOOK_SECONDS)):
            if event.type == EventType.KEY and event.value == _DOWN:
                name = self._names.get(one_code(event.code))
                if name is not None:
                    hand_on(self._post, name, f"the press of key {name!r}")
