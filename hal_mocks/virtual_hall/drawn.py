"""A screen of the virtual hall: its page as the real screen lays it out, in shapes for the page in the browser to draw."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import msgspec

from firmware.hal.screen import PygameScreenSettings
from hal_mocks.screen import MockScreen

__all__ = ["DrawnScreen"]


class DrawnScreen(MockScreen):
    """The type is measured as the real screen does it: what fits there fits here."""

    def __init__(self, hardware: dict[str, Any], watcher: Callable[[], None]) -> None:
        super().__init__(watcher)
        self._settings = msgspec.convert(hardware, PygameScreenSettings)
        # Where the board's memories go, pygame would greet; and a board without a screen needs none.
        os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
        import pygame

        from firmware.hal.screen.pygame_brush import PygameLetters
        from firmware.hal.screen.pygame_screen import font_of

        pygame.font.init()
        self._letters = PygameLetters(font_of(self._settings))

    def drawing(self) -> dict[str, Any] | None:
        """What is on the glass, JSON-able: its size and all that a Drawing has, each sign with the marks it is made of."""
        from firmware.hal.screen.pygame_screen import arrange
        from firmware.hal.screen.signs import MARKS

        if self.current is None:
            return None
        drawing = arrange(self.current, self._settings, self._letters)
        shapes: dict[str, Any] = msgspec.to_builtins(drawing)
        for sign, written in zip(drawing.signs, shapes["signs"], strict=True):
            written["marks"] = [asdict(mark) for mark in MARKS[sign.shape]]
        return {"size": (self._settings.width, self._settings.height), **shapes}

    def close(self) -> None:
        """It hangs there, whoever opens it."""
