"""Opens real hardware, part by part, as a board's settings name it; the one place where a part's name meets its kind."""

from __future__ import annotations

from typing import Any

from broker.settings import Device
from firmware.hal.keypad import open_keypad
from firmware.hal.lamps import open_lamps
from firmware.hal.led_panel import open_led_panel
from firmware.hal.printer import open_printer
from firmware.hal.screen import open_screen
from firmware.hal.voice import open_voice

__all__ = ["open_part"]

KINDS: dict[str, Any] = {
    "keys": open_keypad,
    "lamps": open_lamps,
    "led": open_led_panel,
    "display": open_led_panel,
    "printer": open_printer,
    "screen": open_screen,
    "voice": open_voice,
}


def open_part(_device: Device, part: str, settings: Any) -> Any:
    """The driver of a part. Raises HardwareFault where the hardware is not there."""
    return KINDS[part](settings)
