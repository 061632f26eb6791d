"""Opens real hardware, part by part, as a board's settings name it; the one place where a part's name meets its kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from broker.settings import Device
from firmware.hal.buses.line import Lines
from firmware.hal.card_reader import open_card_reader
from firmware.hal.keypad import open_keypad
from firmware.hal.lamps import open_lamps
from firmware.hal.led_panel import open_led_panel
from firmware.hal.printer import open_printer
from firmware.hal.scanner import open_scanner
from firmware.hal.screen import ScreenSettings, open_screen
from firmware.hal.voice import open_voice

__all__ = ["open_parts"]

KINDS: dict[str, Callable[[Any, Lines], Any]] = {
    "card_reader": open_card_reader,
    "keys": open_keypad,
    "help": open_keypad,
    "lamps": open_lamps,
    "led": open_led_panel,
    "display": open_led_panel,
    "printer": lambda settings, _: open_printer(settings),
    "scanner": open_scanner,
    "screen": lambda settings, _: open_screen(settings),
    "tower": open_lamps,
    "voice": lambda settings, _: open_voice(settings),
    "voice_en": lambda settings, _: open_voice(settings),
}


def open_parts(folder: Path = Path()) -> Callable[[Device, str, Any], Any]:
    """Open parts of one board, which share its lines; a part's HardwareFault says what is not there.

    `folder` is hall.toml's: beside it lie the files that screens show.
    """
    lines = Lines()

    def open_part(_device: Device, part: str, settings: Any) -> Any:
        if isinstance(settings, ScreenSettings):
            return open_screen(settings, folder)
        return KINDS[part](settings, lines)

    return open_part
