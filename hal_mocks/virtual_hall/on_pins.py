"""Parts that are real drivers on the pins of a Pi that is not there, with keys that the world presses and LEDs that it sees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from firmware.hal.keypad import GpioKeypadSettings
from firmware.hal.lamps import GpioLampsSettings, Light
from hal_mocks.wires.pins import Buttons, Leds, PiPins

__all__ = ["OnPins", "PinKeys", "PinLamps"]


class OnPins:
    """Its pins are those that its settings name."""

    def hung(self, settings: Any) -> Any:
        return settings

    def memory(self) -> dict[str, Any]:
        return {}


class PinKeys(OnPins):
    def __init__(self, said: dict[str, Any], pins: PiPins) -> None:
        self._buttons = Buttons(msgspec.convert(said, GpioKeypadSettings), pins)

    def press(self, key: str) -> None:
        """Raises ValueError if there is no such key."""
        self._buttons.press(key)


class PinLamps(OnPins):
    """Whether each LED shines now: of one that blinks the page sees every change."""

    def __init__(self, said: dict[str, Any], pins: PiPins, watcher: Callable[[], None]) -> None:
        self._leds = Leds(msgspec.convert(said, GpioLampsSettings), pins, watcher)

    def memory(self) -> dict[str, Any]:
        return {"lit": {name: Light.ON if on else Light.OFF for name, on in self._leds.lit.items()}}
