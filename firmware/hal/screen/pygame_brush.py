"""Draws a laid-out page with pygame: type, panels and signs, turned to how the panel hangs; opens no window."""

from __future__ import annotations

import itertools
import math
from collections import OrderedDict
from pathlib import Path

import pygame
import segno

from firmware.hal import HardwareFault
from firmware.hal.screen.drawing import Align, Box, Code, Colour, Drawing, Panel, Sign, Words
from firmware.hal.screen.signs import MARKS, Disc, Stroke

__all__ = ["Brush", "PygameLetters"]

_MEASURE = 500  # ems are measured this large, so that rounding to pixels disappears
_KEPT_BYTES = 6_000_000  # about two full pages of type and signs
_KEPT_WIDTHS = 4_000  # texts; fitting asks for the same ones at many sizes
_FINER = 4  # signs are drawn this much larger and smoothed down


class PygameLetters:
    """One face of type, measured and rendered; rendered lines are kept while they are in use."""

    def __init__(self, font: Path) -> None:
        _check_font(font)
        try:
            self._face = pygame.font.Font(font, _MEASURE)
        except (OSError, pygame.error) as error:
            raise _unreadable(font, str(error)) from error
        self._ems: dict[str, float] = {}
        self._widths: dict[str, float] = {}
        self._kept: OrderedDict[object, pygame.Surface] = OrderedDict()
        self._kept_bytes = 0

    def width(self, text: str, size: int, *, strong: bool) -> int:
        """Pixels at most: hinting rounds each advance to a pixel, kerning only narrows."""
        ems = self._widths.get(text)
        if ems is None:
            if len(self._widths) >= _KEPT_WIDTHS:
                self._widths.clear()
            ems = self._widths[text] = sum(self._em(letter) for letter in text)
        return math.ceil(ems * size + len(text) / 2) + 1 + (_thickening(size) if strong else 0)

    def _em(self, letter: str) -> float:
        em = self._ems.get(letter)
        if em is None:
            self._face.set_point_size(_MEASURE)
            # The size of a line counts ink that leans out of its advance, as in "f" and "j".
            em = self._ems[letter] = self._face.size(letter)[0] / _MEASURE
        return em

    def line(self, words: Words, turned: int) -> pygame.Surface:
        """Render a line on its ground, as high as its box, `turned` degrees clockwise."""
        key = (words.text, words.size, words.strong, words.ink, words.ground, words.box.h, turned)
        kept = self.kept(key)
        if kept is None:
            kept = self.keep(key, pygame.transform.rotate(self._render(words), -turned))
        return kept

    def _render(self, words: Words) -> pygame.Surface:
        self._face.set_point_size(words.size)
        type_ = self._face.render(words.text, True, words.ink)
        extra = _thickening(words.size) if words.strong else 0
        line = pygame.Surface((type_.get_width() + extra, words.box.h), depth=32)
        line.fill(words.ground)
        # The baseline lies one em below the box's upper edge.
        top = words.size - self._face.get_ascent()
        # Struck twice, a little apart: the face has no bold, and pygame's own clogs Han characters.
        for shift in {0, extra // 2, extra}:
            line.blit(type_, (shift, top))
        return line

    def kept(self, key: object) -> pygame.Surface | None:
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def keep(self, key: object, surface: pygame.Surface) -> pygame.Surface:
        self._kept[key] = surface
        self._kept_bytes += _bytes(surface)
        while self._kept_bytes > _KEPT_BYTES and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._kept_bytes -= _bytes(oldest)
        return surface


class Brush:
    """Draws on a surface that hangs `turned` degrees clockwise; places are as the visitor sees them."""

    def __init__(self, surface: pygame.Surface, turned: int, letters: PygameLetters) -> None:
        self._surface, self._turned, self._letters = surface, turned, letters

    def draw(self, drawing: Drawing) -> None:
        self._surface.fill(drawing.ground)
        for panel in drawing.panels:
            self._panel(panel)
        for code in drawing.codes:
            self._code(code)
        for words in drawing.words:
            self._words(words)
        for sign in drawing.signs:
            self._sign(sign)

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

    def _rect(self, box: Box) -> pygame.Rect:
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
        if panel.edge is None:
            self._rounded(self._rect(panel.box), panel.radius, panel.fill)
            return
        edge = panel.edge_width
        self._rounded(self._rect(panel.box), panel.radius, panel.edge)
        self._rounded(self._rect(panel.box.inset(edge, edge)), panel.radius - edge, panel.fill)

    def _rounded(self, rect: pygame.Rect, radius: int, fill: Colour) -> None:
        radius = max(0, min(radius, rect.w // 2, rect.h // 2))
        self._surface.fill(fill, rect.inflate(-2 * radius, 0))
        self._surface.fill(fill, rect.inflate(0, -2 * radius))
        if radius:
            for x in (rect.left + radius, rect.right - radius - 1):
                for y in (rect.top + radius, rect.bottom - radius - 1):
                    pygame.draw.aacircle(self._surface, fill, (x, y), radius)

    def _words(self, words: Words) -> None:
        line = self._letters.line(words, self._turned)
        long = line.get_width() if self._turned in {0, 180} else line.get_height()
        spare = max(0, words.box.w - long)
        shift = {Align.LEFT: 0, Align.CENTRE: spare // 2, Align.RIGHT: spare}[words.align]
        place = Box(words.box.x + shift, words.box.y, min(long, words.box.w), words.box.h)
        self._surface.blit(line, self._rect(place))

    def _code(self, code: Code) -> None:
        self._surface.fill(code.ground, self._rect(code.box))
        rows = tuple(segno.make(code.text, error="m", micro=False).matrix_iter(border=4))
        dot = min(code.box.w, code.box.h) // len(rows)
        square = code.box.square(dot * len(rows))
        for y, row in enumerate(rows):
            for x, dark in enumerate(row):
                if dark:
                    place = Box(square.x + x * dot, square.y + y * dot, dot, dot)
                    self._surface.fill(code.ink, self._rect(place))

    def _sign(self, sign: Sign) -> None:
        key = (sign.shape, sign.box.w, sign.ink, sign.ground, self._turned)
        picture = self._letters.kept(key)
        if picture is None:
            drawn = pygame.transform.rotate(_sign_picture(sign), -self._turned)
            picture = self._letters.keep(key, drawn)
        self._surface.blit(picture, self._rect(sign.box))


def _sign_picture(sign: Sign) -> pygame.Surface:
    side = sign.box.w
    large = pygame.Surface((side * _FINER, side * _FINER), depth=32)
    large.fill(sign.ground)
    _trace(large, sign)
    return pygame.transform.smoothscale(large, (side, side))


def _trace(large: pygame.Surface, sign: Sign) -> None:
    unit = large.get_width() / 100

    def disc(x: float, y: float, radius: float, colour: Colour) -> None:
        pygame.draw.circle(large, colour, (x * unit, y * unit), radius * unit)

    for mark in MARKS[sign.shape]:
        colour = sign.ground if mark.bare else sign.ink
        match mark:
            case Disc(x=x, y=y, radius=radius):
                disc(x, y, radius, colour)
            case Stroke(width=width, points=points):
                for (ax, ay), (bx, by) in itertools.pairwise(points):
                    length = math.hypot(bx - ax, by - ay)
                    dx, dy = (by - ay) / length * width / 2, (ax - bx) / length * width / 2
                    corners = (
                        (ax + dx, ay + dy),
                        (bx + dx, by + dy),
                        (bx - dx, by - dy),
                        (ax - dx, ay - dy),
                    )
                    pygame.draw.polygon(large, colour, [(x * unit, y * unit) for x, y in corners])
                for x, y in points:
                    disc(x, y, width / 2, colour)


def _thickening(size: int) -> int:
    return round(size / 40)  # none below 20 pixels, where it would clog


def _bytes(surface: pygame.Surface) -> int:
    return surface.get_pitch() * surface.get_height()


def _check_font(font: Path) -> None:
    """Look at the first bytes: SDL_ttf may crash the whole board on a file that is no font."""
    try:
        with font.open("rb") as file:
            mark = file.read(4)
    except OSError as error:
        raise _unreadable(font, error.strerror or str(error)) from error
    if mark == b"ttcf":
        # Face 0 of a Noto CJK collection is Japanese, and pygame can open no other.
        raise HardwareFault(
            f"The screen's font {font} is a collection of faces; give a single .otf or .ttf of"
            " Simplified Chinese in `font`, or leave it empty."
        )
    if mark not in {b"OTTO", b"true", b"\x00\x01\x00\x00"}:
        raise _unreadable(font, "it is no OpenType font")


def _unreadable(font: Path, why: str) -> HardwareFault:
    return HardwareFault(
        f"The screen's font {font} cannot be read: {why}. Install the package"
        " pylopdf-fonts-zh-cn again, or set `font` to a file of Simplified Chinese."
    )
