"""One picture: a page of a device on one of its screens; its laws in numbers, and its pixels."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pygame

from firmware.hal.screen import KioskPage, Page, PygameScreenSettings
from firmware.hal.screen.pygame_brush import Brush, PygameLetters
from firmware.hal.screen.pygame_window import arrange, font_of
from firmware.hal.screen.theme_file import Mixed
from tests.looks.laws import faults, kiosk_faults, torn

__all__ = ["Shot", "letters"]


@dataclass(frozen=True, slots=True)
class Shot:
    """`page_name` says hall, manner, language and state, as in `sample-usual-zh-home`."""

    device: str
    page_name: str
    page: Page
    settings: PygameScreenSettings

    @property
    def size(self) -> str:
        return f"{self.settings.width}x{self.settings.height}"

    @property
    def name(self) -> str:
        return f"{self.device}-{self.page_name}-{self.size}"

    @property
    def file(self) -> Path:
        return Path(self.device, self.size, f"{self.page_name}.png")

    def faults(self, letters: PygameLetters, theme: Mixed | None = None) -> tuple[str, ...]:
        """What is wrong with how it is laid out; nothing is drawn for that."""
        drawing = arrange(self.page, self.settings, letters, theme)
        words = tuple(torn(self.page, drawing))
        if isinstance(self.page, KioskPage):
            return (*kiosk_faults(self.page, drawing, self.settings), *words)
        return (*faults(drawing, self.settings), *words)

    def png(self, letters: PygameLetters) -> bytes:
        """As the panel would get it."""
        size = self.settings.width, self.settings.height
        surface = pygame.Surface(size, depth=32)
        Brush(surface, 0, letters, Path()).draw(arrange(self.page, self.settings, letters))
        file = BytesIO()
        pygame.image.save(surface, file, "page.png")
        return file.getvalue()


def letters() -> PygameLetters:
    """The type that all screens are set in."""
    pygame.font.init()
    return PygameLetters(font_of(PygameScreenSettings()))
