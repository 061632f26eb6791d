"""Draws a laid-out page with pygame, whole or in parts, turned to how the panel hangs; opens no window."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pygame

from firmware.hal.screen.drawing import (
    Align,
    Box,
    Code,
    Colour,
    Drawing,
    Panel,
    Picture,
    Sign,
    Words,
    colour_of,
)
from firmware.hal.screen.pygame_letters import PygameLetters
from firmware.hal.screen.pygame_pictures import Pictures
from firmware.hal.screen.pygame_signs import sign_picture

__all__ = ["Brush", "PygameLetters"]

_Mark = Picture | Code | Words | Sign


class Brush:
    """Draws on a surface that hangs `turned` degrees clockwise; places are as the visitor sees them.

    `strokes` counts what was drawn so far: each panel, line, sign, picture and code that was touched.
    """

    def __init__(
        self, surface: pygame.Surface, turned: int, letters: PygameLetters, folder: Path = Path()
    ) -> None:
        self._surface, self._turned, self._letters = surface, turned, letters
        self.pictures = Pictures(letters.kept, folder)
        self.strokes = 0

    @property
    def page(self) -> Box:
        """All that the visitor sees."""
        width, height = self._surface.get_size()
        return Box(0, 0, height, width) if self._turned in {90, 270} else Box(0, 0, width, height)

    def draw(self, drawing: Drawing, only: Iterable[Box] | None = None) -> None:
        """Draw it all, or what lies in some boxes; the pixels there are the same."""
        for box in (self.page,) if only is None else only:
            self._surface.set_clip(self.rect(box))
            self._draw(drawing, box)
        self._surface.set_clip(None)

    def _draw(self, drawing: Drawing, within: Box) -> None:
        self._surface.fill(colour_of(drawing.ground))
        for panel in drawing.panels:
            if panel.box.overlaps(within):
                self._panel(panel)
                self.strokes += 1
        marks: tuple[_Mark, ...] = (*drawing.pictures, *drawing.codes)
        marks += (*drawing.words, *drawing.signs)
        for one in marks:
            if one.box.overlaps(within):
                self._mark(one)
                self.strokes += 1

    def _mark(self, one: _Mark) -> None:
        match one:
            case Picture():
                self._centred(self.pictures.picture(one, self._turned), one.box)
            case Code():
                self._surface.fill(colour_of(one.ground), self.rect(one.box))
                self._centred(self.pictures.code(one, self._turned), one.box)
            case Words():
                self._words(one)
            case Sign():
                self._sign(one)

    def seen_at(self, x: int, y: int) -> tuple[int, int]:
        """Where the visitor sees the surface's pixel: what a touch there means."""
        width, height = self._surface.get_size()
        match self._turned:
            case 90:
                return y, width - 1 - x
            case 180:
                return width - 1 - x, height - 1 - y
            case 270:
                return height - 1 - y, x
            case _:
                return x, y

    def rect(self, box: Box) -> pygame.Rect:
        """Where the surface has what the visitor sees in a box."""
        width, height = self._surface.get_size()
        match self._turned:
            case 90:
                return pygame.Rect(width - box.bottom, box.x, box.h, box.w)
            case 180:
                return pygame.Rect(width - box.right, height - box.bottom, box.w, box.h)
            case 270:
                return pygame.Rect(box.y, height - box.right, box.h, box.w)
            case _:
                return pygame.Rect(box.x, box.y, box.w, box.h)

    def _panel(self, panel: Panel) -> None:
        fill = colour_of(panel.fill)
        if panel.edge is None:
            self._rounded(self.rect(panel.box), panel.radius, fill)
            return
        edge = panel.edge_width
        self._rounded(self.rect(panel.box), panel.radius, colour_of(panel.edge))
        self._rounded(self.rect(panel.box.inset(edge, edge)), panel.radius - edge, fill)

    def _rounded(self, rect: pygame.Rect, radius: int, fill: Colour) -> None:
        radius = max(0, min(radius, rect.w // 2, rect.h // 2))
        self._surface.fill(fill, rect.inflate(0, -2 * radius))
        if not radius:
            return
        right, bottom = rect.right - radius, rect.bottom - radius
        for y in (rect.top, bottom):
            self._surface.fill(fill, (rect.left + radius, y, rect.w - 2 * radius, radius))
        disc = self.pictures.corner(radius, fill)
        for x, from_x in ((rect.left, 0), (right, radius + 1)):
            for y, from_y in ((rect.top, 0), (bottom, radius + 1)):
                self._surface.blit(disc, (x, y), (from_x, from_y, radius, radius))

    def _words(self, words: Words) -> None:
        line = self._letters.line(words, self._turned)
        long = line.get_width() if self._turned in {0, 180} else line.get_height()
        spare = words.box.w - long
        shift = {Align.LEFT: 0, Align.CENTRE: spare // 2, Align.RIGHT: spare}[words.align]
        place = Box(words.box.x + shift, words.box.y, long, words.box.h)
        self._surface.blit(line, self.rect(place))

    def _sign(self, sign: Sign) -> None:
        side = min(sign.box.w, sign.box.h)
        picture = self._letters.kept.get(
            ("sign", sign.shape, side, sign.ink, sign.ground, self._turned),
            lambda: pygame.transform.rotate(sign_picture(sign, side), -self._turned),
        )
        self._centred(picture, sign.box)

    def _centred(self, picture: pygame.Surface | None, box: Box) -> None:
        if picture is None:
            return
        width, height = picture.get_size()
        if self._turned in {90, 270}:
            width, height = height, width
        place = Box(box.x + (box.w - width) // 2, box.y + (box.h - height) // 2, width, height)
        self._surface.blit(picture, self.rect(place))
