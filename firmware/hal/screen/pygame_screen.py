"""A panel driven by pygame, with or without a desktop: shows pages, hears touches; knows no page's meaning."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pygame

from broker.pulse import Pulse
from firmware.hal import STALL_S, HardwareFault, Health, Trouble
from firmware.hal.ear import hand_on
from firmware.hal.screen import Page, PygameScreenSettings
from firmware.hal.screen.degraded import Degraded
from firmware.hal.screen.pulsing import FRAME_SECONDS
from firmware.hal.screen.pygame_window import PygameWindow, arrange, font_of, picture
from firmware.hal.screen.touch_panel import TouchPanel

__all__ = ["PygameScreen", "arrange", "font_of", "picture"]

_TOUCH_EVERY = 0.05  # seconds; a touch is felt as answered at once below 0.1 s
_CALM_EVERY = 1.0  # without touches a window manager only wants to see that the window lives
_PATIENCE = 15.0  # seconds for one page; a slow board needs well under one


class PygameScreen:
    """One panel. Calls may come from any thread; SDL is spoken to by the screen's own thread alone."""

    def __init__(self, settings: PygameScreenSettings, folder: Path = Path()) -> None:
        self._orders: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
        self._post: Callable[[str], None] | None = None
        self._fault: HardwareFault | None = None
        self.current: Page | None = None
        self.flips = 0
        self._degraded = Degraded()
        opened: Future[PygameWindow] = Future()
        self._pulse = Pulse("screen")
        # GL contexts belong to a thread, and touches must be read between pages.
        self._thread = Thread(
            target=self._live, args=(settings, folder, opened), name="screen", daemon=True
        )
        self._thread.start()
        self._window = opened.result(_PATIENCE)
        touch = settings.touch
        self._touch = TouchPanel(touch, self._window.size) if touch else None
        self.pulses = (self._pulse, *(self._touch.pulses if self._touch else ()))

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
        """Post the name of each key that is touched on the page, from a thread of the screen's."""
        self._post = post
        if self._touch:
            self._touch.listen(self._touched)
        self._orders.put(_Order(None, Future()))

    def health(self) -> Health:
        if self._fault is not None:
            return Health(usable=False, troubles=(self._fault.trouble,))
        deaf = self._touch is not None and not self._touch.health().usable
        return Health(troubles=self._degraded.troubles + (Trouble.NO_TOUCH,) * deaf)

    def close(self) -> None:
        if self._touch:
            self._touch.close()
        self._orders.put(None)
        self._thread.join(_PATIENCE)

    def _live(
        self, settings: PygameScreenSettings, folder: Path, opened: Future[PygameWindow]
    ) -> None:
        try:
            window = PygameWindow(settings, folder, self._degraded)
        except Exception as fault:  # noqa: BLE001 - handed to whoever opens it
            opened.set_exception(fault)
            return
        opened.set_result(window)
        # A touch screen of its own is heard by its own thread.
        polled = settings.touch is None
        try:
            self._serve(window, polled=polled)
        finally:
            window.close()

    def _serve(self, window: PygameWindow, *, polled: bool) -> None:
        while True:
            self._pulse.beat(STALL_S)
            try:
                order = self._orders.get(timeout=self._rest(window, polled=polled))
            except queue.Empty:
                order = _Order(None, Future())
            if order is None:
                return
            try:
                # Before drawing: a finger means the page that it saw.
                if polled:
                    self._read_touches(window)
                else:
                    pygame.event.clear()
                if order.page is not None and order.page != self.current:
                    self._draw(window, order.page)
                else:
                    window.glass.move(time.monotonic())
                    self._fault = None
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

    def _draw(self, window: PygameWindow, page: Page) -> None:
        # Unknown until it is drawn: after a failure the same page must be drawn again.
        self.current = None
        window.draw(page, time.monotonic())
        self.current = page
        self.flips += 1
        self._fault = None

    def _rest(self, window: PygameWindow, *, polled: bool) -> float:
        """Seconds until there is something to look at."""
        rest = _TOUCH_EVERY if polled and self._post else _CALM_EVERY
        return min(rest, FRAME_SECONDS) if window.glass.moving(time.monotonic()) else rest

    def _touched(self, pixel: tuple[int, int]) -> None:
        key = self._window.glass.key_at(*pixel)
        if key is not None and self._post:
            hand_on(self._post, key, f"the touch of key {key!r}")

    def _read_touches(self, window: PygameWindow) -> None:
        for key in window.touched():
            if self._post:
                self._post(key)


@dataclass(frozen=True, slots=True)
class _Order:
    """A page to show, or none to look at the touches at once."""

    page: Page | None
    done: Future[None]
