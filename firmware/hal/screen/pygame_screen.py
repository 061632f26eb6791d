"""A panel driven by pygame, with or without a desktop: shows pages, hears touches; knows no page's meaning."""

from __future__ import annotations

import os
import queue
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from threading import Thread

import pygame
import pylopdf_fonts_zh_cn

from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.screen import HallPage, KioskPage, PadPage, Page, PygameScreenSettings
from firmware.hal.screen.drawing import Drawing
from firmware.hal.screen.hall_layout import arrange_hall
from firmware.hal.screen.kiosk_layout import arrange_kiosk
from firmware.hal.screen.pad_layout import arrange_pad
from firmware.hal.screen.pygame_brush import Brush, PygameLetters
from firmware.hal.screen.typesetting import Letters

__all__ = ["PygameScreen", "arrange", "font_of", "picture"]

_TOUCH_EVERY = 0.05  # seconds; a touch is felt as answered at once below 0.1 s
_CALM_EVERY = 1.0  # without touches a window manager only wants to see that the window lives
_PATIENCE = 15.0  # seconds for one page; a slow board needs well under one


class PygameScreen:
    """One panel. Calls may come from any thread; SDL is spoken to by the screen's own thread alone."""

    def __init__(self, settings: PygameScreenSettings) -> None:
        self._orders: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
        self._post: Callable[[str], None] | None = None
        self._fault: HardwareFault | None = None
        self.current: Page | None = None
        self.flips = 0
        opened: Future[None] = Future()
        # GL contexts belong to a thread, and touches must be read between pages.
        self._thread = Thread(
            target=self._live, args=(settings, opened), name="screen", daemon=True
        )
        self._thread.start()
        opened.result(_PATIENCE)

    def show(self, page: Page) -> None:
        """Draw the page unless it is there already; returns once it is on the glass, or raises HardwareFault."""
        if not self._thread.is_alive():
            raise HardwareFault("The screen is closed; open it again to show a page.")
        order = _Order(page, Future())
        self._orders.put(order)
        try:
            order.done.result(_PATIENCE)
        except TimeoutError:
            self._fault = HardwareFault(
                f"The screen did not take a page within {_PATIENCE:.0f} s; restart the board, and if"
                " it comes again, try another display cable.",
                Trouble.NO_ANSWER,
            )
            raise self._fault from None

    def listen(self, post: Callable[[str], None]) -> None:
        """Post the name of each key that is touched on the page, from the screen's thread."""
        self._post = post
        self._orders.put(_Order(None, Future()))

    def health(self) -> Health:
        if self._fault is None:
            return Health()
        return Health(usable=False, troubles=(self._fault.trouble,))

    def close(self) -> None:
        self._orders.put(None)
        self._thread.join(_PATIENCE)

    def _live(self, settings: PygameScreenSettings, opened: Future[None]) -> None:
        try:
            window = _Window(settings)
        except HardwareFault as fault:
            opened.set_exception(fault)
            return
        opened.set_result(None)
        try:
            self._serve(window)
        finally:
            window.close()

    def _serve(self, window: _Window) -> None:
        while True:
            try:
                order = self._orders.get(timeout=_TOUCH_EVERY if self._post else _CALM_EVERY)
            except queue.Empty:
                order = _Order(None, Future())
            if order is None:
                return
            try:
                # Before drawing: a finger means the page that it saw.
                self._read_touches(window)
                if order.page is not None and order.page != self.current:
                    self._draw(window, order.page)
            except pygame.error as error:
                self._fault = HardwareFault(
                    f"The screen could not draw ({error}); check its cable and power,"
                    " then restart the board."
                )
                order.done.set_exception(self._fault)
            except Exception as error:  # noqa: BLE001  (handed to the caller, whose fault it is)
                order.done.set_exception(error)
            else:
                order.done.set_result(None)

    def _draw(self, window: _Window, page: Page) -> None:
        # Unknown until it is drawn: after a failure the same page must be drawn again.
        self.current = None
        window.draw(page)
        self.current = page
        self.flips += 1
        self._fault = None

    def _read_touches(self, window: _Window) -> None:
        for key in window.touched():
            if self._post:
                self._post(key)


@dataclass(frozen=True, slots=True)
class _Order:
    """A page to show, or none to look at the touches at once."""

    page: Page | None
    done: Future[None]


class _Window:
    """The window and what is drawn in it; lives in one thread."""

    def __init__(self, settings: PygameScreenSettings) -> None:
        self._settings = settings
        # SDL would take SIGTERM for itself, and systemd could not stop the board.
        os.environ.setdefault("SDL_NO_SIGNAL_HANDLERS", "1")
        try:
            # Not pygame.init(): audio belongs to the voice.
            pygame.display.init()
            pygame.font.init()
            surface = self._open()
            letters = PygameLetters(font_of(settings))
        except pygame.error as error:
            pygame.display.quit()
            raise HardwareFault(
                f"No screen could be opened ({error}); check that a panel is connected and on,"
                " and without a desktop set SDL_VIDEODRIVER=kmsdrm and put the user in the groups"
                " video, render and input.",
                Trouble.NO_ANSWER,
            ) from error
        except HardwareFault:
            pygame.display.quit()
            raise
        self._letters = letters
        self._brush = Brush(surface, settings.rotate, letters)
        self._drawing = Drawing((0, 0, 0))

    def _open(self) -> pygame.Surface:
        settings, wanted = self._settings, _panel_size(self._settings)
        if settings.fullscreen:
            found = pygame.display.get_desktop_sizes()[0]
            if found != wanted:
                raise _wrong_size(found, wanted)
        # No SCALED, no DOUBLEBUF: each would keep another full picture in memory.
        surface = pygame.display.set_mode(wanted, pygame.FULLSCREEN if settings.fullscreen else 0)
        if surface.get_size() != wanted:
            raise _wrong_size(surface.get_size(), wanted)
        pygame.display.set_caption("Jiaohao")
        pygame.mouse.set_visible(not settings.fullscreen)
        pygame.event.set_blocked(None)
        pygame.event.set_allowed(pygame.MOUSEBUTTONDOWN)
        return surface

    def draw(self, page: Page) -> None:
        self._drawing = arrange(page, self._settings, self._letters)
        self._brush.draw(self._drawing)
        pygame.display.flip()
        # Touches during the drawing were meant for a page that is gone.
        pygame.event.clear()

    def touched(self) -> tuple[str, ...]:
        """Keys touched since the last look. SDL reports a finger as a mouse, too."""
        points = (
            self._brush.seen_at(*event.pos) for event in pygame.event.get(pygame.MOUSEBUTTONDOWN)
        )
        keys = (self._drawing.key_at(*point) for point in points)
        return tuple(key for key in keys if key is not None)

    def close(self) -> None:
        # Not pygame.font.quit(): it would take the type from another screen of this process.
        pygame.display.quit()


def arrange(page: Page, settings: PygameScreenSettings, letters: Letters) -> Drawing:
    """Lay out any page for a screen."""
    match page:
        case KioskPage():
            return arrange_kiosk(page, settings, letters)
        case HallPage():
            return arrange_hall(page, settings.width, settings.height, letters)
        case PadPage():
            return arrange_pad(page, settings.width, settings.height, letters)


def picture(page: Page, settings: PygameScreenSettings) -> bytes:
    """Draw a page as the panel would get it, as PNG, without a window."""
    pygame.font.init()
    letters = PygameLetters(font_of(settings))
    surface = pygame.Surface(_panel_size(settings), depth=32)
    Brush(surface, settings.rotate, letters).draw(arrange(page, settings, letters))
    file = BytesIO()
    pygame.image.save(surface, file, "page.png")
    return file.getvalue()


def _panel_size(settings: PygameScreenSettings) -> tuple[int, int]:
    if settings.rotate in {90, 270}:
        return settings.height, settings.width
    return settings.width, settings.height


def font_of(settings: PygameScreenSettings) -> Path:
    """Name the file of type that a screen with these settings uses."""
    return Path(settings.font) if settings.font else pylopdf_fonts_zh_cn.sans_path()


def _wrong_size(found: tuple[int, int], wanted: tuple[int, int]) -> HardwareFault:
    return HardwareFault(
        f"The screen gives {found[0]}x{found[1]} pixels, but its settings ask for a panel of"
        f" {wanted[0]}x{wanted[1]}; correct width, height and rotate, or the mode of the display."
    )
