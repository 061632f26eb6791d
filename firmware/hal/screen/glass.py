"""What is on a screen's glass: the page's drawing, drawn anew only where it changed, moving while something is new."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pygame

from firmware.hal.screen.changes import changed
from firmware.hal.screen.drawing import Drawing
from firmware.hal.screen.pulsing import moved, still_moving
from firmware.hal.screen.pygame_brush import Brush

__all__ = ["Glass"]


class Glass:
    """`flip` brings areas of the surface to the panel; `now` is in seconds of a clock that never goes back."""

    def __init__(self, brush: Brush, flip: Callable[[list[pygame.Rect]], None]) -> None:
        self._brush, self._flip = brush, flip
        self._on: Drawing | None = None
        self._page: Drawing | None = None
        self._began: dict[str, float] = {}

    def show(self, drawing: Drawing, now: float) -> None:
        """Draw what differs from what is there; touches mean this page from then on."""
        self._began = {one.name: self._began.get(one.name, now) for one in drawing.pulses}
        self._draw(self._at(drawing, now))
        self._page = drawing

    def move(self, now: float) -> None:
        """Draw the next step of what moves, or what could not be drawn; nothing if all is still."""
        if self._page is not None:
            self._draw(self._at(self._page, now))

    def moving(self, now: float) -> bool:
        """Whether there is anything to draw yet: what moves, or the end of it."""
        if self._page is None:
            return False
        begun = any(still_moving(one, now - self._began[one.name]) for one in self._page.pulses)
        return begun or self._on != self._page

    def missing(self) -> Iterable[str]:
        """Why pictures of this page are not there."""
        page = self._page
        marks = (*page.pictures, *page.codes) if page else ()
        missing = self._brush.pictures.missing
        return [missing[one] for one in marks if one in missing]

    def key_at(self, x: int, y: int) -> str | None:
        """The key at a pixel of the panel, as the page shows it now. From any thread."""
        page = self._page
        return page.key_at(*self._brush.seen_at(x, y)) if page else None

    def _at(self, drawing: Drawing, now: float) -> Drawing:
        return moved(drawing, {name: now - began for name, began in self._began.items()})

    def _draw(self, drawing: Drawing) -> None:
        areas = changed(self._on, drawing, self._brush.page)
        # Unknown until it is drawn: after a failure all must be drawn again.
        self._on = None
        if areas:
            self._brush.draw(drawing, areas)
            self._flip([self._brush.rect(area) for area in areas])
        self._on = drawing
