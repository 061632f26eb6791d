"""The window on a panel, with its theme and type; what cannot be had is done without, and told. Lives in one thread."""

from __future__ import annotations

import os
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import msgspec
import pygame
import pylopdf_fonts_zh_cn

from broker.loading import SettingsFault
from firmware.hal import HardwareFault, Trouble
from firmware.hal.screen import (
    CounterPage,
    HallPage,
    KioskPage,
    PadPage,
    Page,
    PygameScreenSettings,
)
from firmware.hal.screen.counter_layout import arrange_counter
from firmware.hal.screen.degraded import Degraded
from firmware.hal.screen.drawing import Drawing
from firmware.hal.screen.glass import Glass
from firmware.hal.screen.hall_layout import arrange_hall
from firmware.hal.screen.kiosk_layout import arrange_kiosk
from firmware.hal.screen.legible import legible
from firmware.hal.screen.pad_layout import arrange_pad
from firmware.hal.screen.pygame_brush import Brush
from firmware.hal.screen.pygame_letters import PygameLetters, open_letters
from firmware.hal.screen.pygame_pictures import ratio_of
from firmware.hal.screen.theme import Logo, Look
from firmware.hal.screen.theme_file import Mixed, load_theme, shipped
from firmware.hal.screen.typesetting import Letters

__all__ = ["PygameWindow", "arrange", "font_of", "open_theme", "picture"]

_SCALE_STEP = 0.1


class PygameWindow:
    """Raises HardwareFault only if there is no panel at all."""

    def __init__(self, settings: PygameScreenSettings, folder: Path, degraded: Degraded) -> None:
        self._degraded = degraded
        # SDL would take SIGTERM for itself, and systemd could not stop the board.
        os.environ.setdefault("SDL_NO_SIGNAL_HANDLERS", "1")
        try:
            # Not pygame.init(): audio belongs to the voice.
            pygame.display.init()
            pygame.font.init()
            surface = self._open(settings)
        except pygame.error as error:
            pygame.display.quit()
            raise HardwareFault(
                f"No screen could be opened ({error}); check that a panel is connected and on,"
                " and without a desktop set SDL_VIDEODRIVER=kmsdrm and put the user in the groups"
                " video, render and input.",
                Trouble.NO_ANSWER,
            ) from error
        self._settings = _as_found(settings, surface.get_size())
        self._theme = open_theme(settings, folder, degraded)
        self._letters = _letters(settings, folder, self._theme, degraded)
        brush = Brush(surface, settings.rotate, self._letters, folder)
        self.glass = Glass(brush, pygame.display.update)
        self.size = surface.get_size()

    def _open(self, settings: PygameScreenSettings) -> pygame.Surface:
        wanted = _panel_size(settings)
        size = pygame.display.get_desktop_sizes()[0] if settings.fullscreen else wanted
        # No SCALED, no DOUBLEBUF: each would keep another full picture in memory.
        surface = pygame.display.set_mode(size, pygame.FULLSCREEN if settings.fullscreen else 0)
        found = surface.get_size()
        if found != wanted:
            self._degraded.without(
                Trouble.WRONG_SIZE,
                f"The screen gives {found[0]}x{found[1]} pixels, but its settings ask for a panel of"
                f" {wanted[0]}x{wanted[1]}: pages are laid out for what it gives; correct width,"
                " height and rotate, or the mode of the display.",
            )
        pygame.display.set_caption("Jiaohao")
        pygame.mouse.set_visible(not settings.fullscreen)
        pygame.event.set_blocked(None)
        pygame.event.set_allowed(pygame.MOUSEBUTTONDOWN)
        return surface

    def draw(self, page: Page, now: float) -> None:
        self.glass.show(arrange(page, self._settings, self._letters, self._theme), now)
        missing = "; ".join(self.glass.missing())
        if missing:
            self._degraded.without(
                Trouble.NO_PICTURE, f"A picture of the page is not there: {missing}"
            )
        else:
            self._degraded.again(Trouble.NO_PICTURE)
        # Touches during the drawing were meant for a page that is gone.
        pygame.event.clear()

    def touched(self) -> tuple[str, ...]:
        """Keys touched since the last look. SDL reports a finger as a mouse, too."""
        points = (event.pos for event in pygame.event.get(pygame.MOUSEBUTTONDOWN))
        keys = (self.glass.key_at(*point) for point in points)
        return tuple(key for key in keys if key is not None)

    def close(self) -> None:
        # Not pygame.font.quit(): it would take the type from another screen of this process.
        pygame.display.quit()


def arrange(
    page: Page, settings: PygameScreenSettings, letters: Letters, theme: Mixed | None = None
) -> Drawing:
    """Lay out any page for a screen, in the colours of its theme; of the shipped one, if none is given.

    A theme's larger type is as large as the page has room for: no page loses a word to it.
    """
    mixed = theme or shipped()
    look = mixed.look
    drawing = _laid(page, settings, letters, look)
    while look.scale > 1 and not legible(page, drawing, settings.dp):
        look = replace(look, scale=max(1.0, look.scale - _SCALE_STEP))
        drawing = _laid(page, settings, letters, look)
    return mixed.painted(drawing)


def _laid(page: Page, settings: PygameScreenSettings, letters: Letters, look: Look) -> Drawing:
    match page:
        case KioskPage():
            return arrange_kiosk(page, settings, letters, look)
        case HallPage():
            return arrange_hall(page, settings.width, settings.height, letters, look)
        case PadPage():
            return arrange_pad(page, settings.width, settings.height, letters, look)
        case CounterPage():
            return arrange_counter(page, settings.width, settings.height, letters, look)


def picture(page: Page, settings: PygameScreenSettings, folder: Path = Path()) -> bytes:
    """Draw a page as the panel would get it, as PNG, without a window."""
    pygame.font.init()
    degraded = Degraded()
    theme = open_theme(settings, folder, degraded)
    letters = _letters(settings, folder, theme, degraded)
    surface = pygame.Surface(_panel_size(settings), depth=32)
    brush = Brush(surface, settings.rotate, letters, folder)
    brush.draw(arrange(page, settings, letters, theme))
    file = BytesIO()
    pygame.image.save(surface, file, "page.png")
    return file.getvalue()


def open_theme(settings: PygameScreenSettings, folder: Path, degraded: Degraded) -> Mixed:
    """The theme that the settings name, its logo looked at; the shipped one where it cannot be used."""
    theme = shipped()
    if settings.theme:
        try:
            theme = load_theme(folder / settings.theme)
        except SettingsFault as fault:
            degraded.without(
                Trouble.BAD_THEME, f"the theme is not used, screens look as shipped:\n{fault}"
            )
    if theme.logo is None:
        return theme
    try:
        logo = Logo(str(theme.logo.absolute()), ratio_of(theme.logo))
    except (OSError, ValueError) as fault:
        degraded.without(Trouble.BAD_THEME, f"the theme's logo cannot be read: {fault}")
        return theme
    return theme.with_logo(logo)


def font_of(settings: PygameScreenSettings) -> Path:
    """Name the file of type that a screen with these settings uses."""
    return Path(settings.font) if settings.font else pylopdf_fonts_zh_cn.sans_path()


def _letters(
    settings: PygameScreenSettings, folder: Path, theme: Mixed, degraded: Degraded
) -> PygameLetters:
    wanted = folder / settings.font if settings.font else theme.text
    return open_letters(wanted, theme.strong, degraded.without)


def _panel_size(settings: PygameScreenSettings) -> tuple[int, int]:
    if settings.rotate in {90, 270}:
        return settings.height, settings.width
    return settings.width, settings.height


def _as_found(settings: PygameScreenSettings, size: tuple[int, int]) -> PygameScreenSettings:
    """The settings with the width and height that a page really has."""
    width, height = size[::-1] if settings.rotate in {90, 270} else size
    return msgspec.structs.replace(settings, width=width, height=height)
