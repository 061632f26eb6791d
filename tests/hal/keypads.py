"""Keypads for tests: pins that can be watched, held and broken, and where presses go."""

from __future__ import annotations

import queue

from gpiozero.pins.mock import MockFactory, MockPin

from firmware.hal.keypad import GpioKeypadSettings
from firmware.hal.keypad.gpio import GpioKeypad

KEYS = {"next": 17, "recall": 27, "no_show": 22}


class Inbox:
    """Where presses go, from whatever thread."""

    def __init__(self) -> None:
        self._came: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.post = self._came.put

    def take(self) -> str:
        return self._came.get(timeout=5)

    def rest(self) -> list[str]:
        rest = []
        while not self._came.empty():
            rest.append(self._came.get())
        return rest


def tap(pins: MockFactory, key: str) -> None:
    pin = pins.pin(KEYS[key])
    pin.drive_low()
    pin.drive_high()


class LivePin(MockPin):  # type: ignore[misc] # gpiozero has no types
    """A pin whose readings can be waited for, and which can fail or be held down from the start."""

    held = False

    def __init__(self, *arguments) -> None:
        self.reads: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self.fails = False
        super().__init__(*arguments)

    def _get_state(self):
        self.reads.put(True)
        if self.fails:
            raise RuntimeError("GPIO not readable")
        return super()._get_state()

    def _set_pull(self, value):
        super()._set_pull(value)
        if self.held:
            self._change_state(False)

    def wait_until_sampled(self) -> None:
        """What was read first is surely thought about when it is read again."""
        while not self.reads.empty():
            self.reads.get()
        for _ in range(3):
            self.reads.get(timeout=5)

    def change_unseen(self, level: bool) -> None:
        self._change_state(level)


class HeldPin(LivePin):
    held = True


def keypad_on(
    pins: MockFactory,
    *,
    debounce_ms: int = 0,
    pull_up: bool = True,
    sample_seconds: float = 0.002,
    **changed,
) -> GpioKeypad:
    settings = GpioKeypadSettings(keys=KEYS, debounce_ms=debounce_ms, pull_up=pull_up, **changed)
    return GpioKeypad(settings, pins, sample_seconds=sample_seconds)
