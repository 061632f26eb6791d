"""A screen of the virtual hall: its page as the real screen lays it out, in shapes for the page in the browser to draw."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Callable
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from firmware.hal.screen import PygameScreenSettings
from hal_mocks.screen import MockScreen

if TYPE_CHECKING:
    import pygame

__all__ = ["DrawnScreen"]


class DrawnScreen(MockScreen):
    """The type is measured as the real screen does it: what fits there fits here."""

    def __init__(self, hardware: dict[str, Any], folder: Path, watcher: Callable[[], None]) -> None:
        super().__init__(watcher)
        self._settings = msgspec.convert(hardware, PygameScreenSettings)
        # Where the board's memories go, pygame would greet; and a board without a screen needs none.
        os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
        import pygame

        from firmware.hal.screen.pygame_kept import Kept
        from firmware.hal.screen.pygame_letters import PygameLetters
        from firmware.hal.screen.pygame_pictures import Pictures
        from firmware.hal.screen.pygame_screen import font_of

        pygame.font.init()
        self._letters = PygameLetters(font_of(self._settings))
        self._pictures = Pictures(Kept(), folder)

    def drawing(self) -> dict[str, Any] | None:
        """What is on the glass, JSON-able: its size and all that a Drawing has.

        A sign has the marks it is made of, a picture or a code its own pixels as a data address.
        """
        from firmware.hal.screen.pygame_screen import arrange
        from firmware.hal.screen.signs import MARKS

        if self.current is None:
            return None
        drawing = arrange(self.current, self._settings, self._letters)
        shapes: dict[str, Any] = msgspec.to_builtins(drawing)
        for sign, written in zip(drawing.signs, shapes["signs"], strict=True):
            written["marks"] = [asdict(mark) for mark in MARKS[sign.shape]]
        for code, written in zip(drawing.codes, shapes["codes"], strict=True):
            written["source"] = _address(self._pictures.code(code, 0))
        for picture, written in zip(drawing.pictures, shapes["pictures"], strict=True):
            written["source"] = _address(self._pictures.picture(picture, 0))
        return {"size": (self._settings.width, self._settings.height), **shapes}

    def close(self) -> None:
        """It hangs there, whoever opens it."""


def _address(surface: pygame.Surface | None) -> str:
    """A PNG in a data address; empty for what could not be read."""
    if surface is None:
        return ""
    import pygame

    file = BytesIO()
    pygame.image.save(surface, file, "picture.png")
    return f"data:image/png;base64,{b64encode(file.getvalue()).decode()}"
