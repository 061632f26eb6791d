"""A Pi's pins without the Pi, for the real drivers: push buttons that people press, and LEDs that they see."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from gpiozero.pins.mock import MockFactory, MockPin

from firmware.hal.keypad import GpioKeypadSettings
from firmware.hal.lamps import GpioLampsSettings

__all__ = ["Buttons", "Leds", "PiPins"]

_STROKE_SECONDS = 0.05  # as quick as a finger is
_LONGER_SECONDS = 0.3  # than a key has to be held


class _Pin(MockPin):  # type: ignore[misc] # gpiozero has no types
    """A closed contact joins it to a level, which is stronger than its pull."""

    joined: bool | None = None
    saw: Callable[[], object] = staticmethod(lambda: None)

    def join(self, level: bool | None) -> None:
        """Close the contact to that level, or open it."""
        self.joined = level
        self._feel()

    def _feel(self) -> None:
        if self._function == "input":
            high = self._pull == "up" if self.joined is None else self.joined
            (self.drive_high if high else self.drive_low)()

    def _set_pull(self, value: str) -> None:
        super()._set_pull(value)
        self._feel()

    def _change_state(self, value: bool) -> bool:
        changed = bool(super()._change_state(value))
        if changed and self._function == "output":
            self.saw()
        return changed


class PiPins(MockFactory):  # type: ignore[misc] # gpiozero has no types
    """All pins of one board, for gpiozero's `Device.pin_factory`."""

    def __init__(self) -> None:
        super().__init__(pin_class=_Pin)


class Buttons:
    """Push buttons, wired as a keypad's settings say, before its driver looks at them."""

    def __init__(self, settings: GpioKeypadSettings, pins: PiPins) -> None:
        self._settings, self._pins = settings, pins
        self._level = not settings.pull_up
        for name in settings.normally_closed:
            self._pin(name).join(self._level)

    def press(self, key: str) -> None:
        """Press a key as long as it wants to be held, and let it go. Raises ValueError if there is none."""
        rests_closed = key in self._settings.normally_closed
        hold = self._settings.hold_ms.get(key, 0) / 1000
        pin = self._pin(key)
        pin.join(None if rests_closed else self._level)
        time.sleep(hold + _LONGER_SECONDS if hold else _STROKE_SECONDS)
        pin.join(self._level if rests_closed else None)
        # Who presses it again has to lift his finger long enough.
        time.sleep(self._settings.debounce_ms / 1000)

    def _pin(self, key: str) -> Any:
        if key not in self._settings.keys:
            raise ValueError(
                f"there is no key {key!r}; there are: {', '.join(self._settings.keys)}"
            )
        return self._pins.pin(self._settings.keys[key])


class Leds:
    """LEDs by the names of their lamps: `history` is every change of one; `watcher` is told after each."""

    def __init__(
        self,
        settings: GpioLampsSettings,
        pins: PiPins,
        watcher: Callable[[], object] = lambda: None,
    ) -> None:
        self.history: list[tuple[str, bool]] = []
        self._watcher = watcher
        self._lit = dict.fromkeys(settings.lamps, False)
        for name, number in settings.lamps.items():
            pin = pins.pin(number)
            pin.saw = lambda name=name, pin=pin: self._saw(
                name, shines=bool(pin.state) is settings.active_high
            )

    @property
    def lit(self) -> Mapping[str, bool]:
        """Whether each shines now: one that blinks does, and does not."""
        return self._lit

    def _saw(self, name: str, *, shines: bool) -> None:
        if self._lit[name] is not shines:
            self._lit[name] = shines
            self.history.append((name, shines))
            self._watcher()
