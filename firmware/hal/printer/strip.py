"""A strip of paper to draw on: texts, rules, signs and a QR code below one another; what they say is not known here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

import segno
from PIL import Image, ImageDraw, ImageFont, ImageOps
from pylopdf_fonts_zh_cn import sans_path

from firmware.hal.printer import wrapping
from firmware.hal.printer.paper import Bitmap

__all__ = ["Strip", "wrapped"]

_INK = 255
_FAINTEST_INK = 112  # of 255; a little below the middle, as thermal heads eat thin strokes
_HARD = [_INK if grey >= _FAINTEST_INK else 0 for grey in range(256)]

_DOTS_PER_MODULE = 6  # 0.75 mm; smaller ones no longer scan once the head is worn
_QUIET_MODULES = 4
_NOTES_BESIDE_CODE = 240  # dots; with less than that they go below it

_NUMBER_SIZE = 224  # digits 160 dots or 20 mm high
_SMALLEST = 24  # 3 mm, what an older reader still reads

_LONELY = 3  # characters on a last line that look forgotten there

_Mark = Callable[[ImageDraw.ImageDraw], None]


class Strip:
    """Things below one another: each is measured as it is set down, and drawn once the height is known."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._margin = width // 24
        self._scale = min(1.0, (width + 200) / 776)  # narrow paper shrinks type less than itself
        self._y = 0
        self._marks: list[_Mark] = []

    def bitmap(self) -> Bitmap:
        image = Image.new("L", (self._width, self._y))
        pen = ImageDraw.Draw(image)
        for mark in self._marks:
            mark(pen)
        dots = image.point(_HARD, "1")
        return Bitmap(self._width, self._y, dots.tobytes())

    def gap(self, dots: int) -> None:
        self._y += round(dots * self._scale)

    def rule(self, thickness: int) -> None:
        right = self._width - self._margin - 1
        self._box((self._margin, self._y, right, self._y + thickness - 1), fill=_INK)
        self._y += thickness

    def text(self, text: str, size: int, weight: float = 0.0, *, left: bool = False) -> None:
        self._y += self._text(
            self._margin, self._inside, text, self._sized(size), weight, left=left
        )

    def heading(self, text: str, size: int, smallest: int, weight: float) -> None:
        """One line, a little smaller where that is enough; else as many lines as it takes."""
        one_line = _fitting(text, self._sized(size), self._inside - 2 * weight)
        fits = one_line >= self._sized(smallest)
        chosen = one_line if fits else self._sized(size)
        self._y += self._text(self._margin, self._inside, text, chosen, weight)

    def number(self, number: str) -> None:
        """As large as the paper allows, set tight to its own ink."""
        weight = 2.5
        size = _fitting(number, self._sized(_NUMBER_SIZE), self._inside - 2 * weight)
        font = _font(size)
        left, top, right, bottom = font.getbbox(number, stroke_width=weight)
        x = (self._width - (right - left)) / 2 - left
        y = self._y - top
        self._marks.append(
            lambda pen: pen.text((x, y), number, fill=_INK, font=font, stroke_width=weight)
        )
        self._y += round(bottom - top)

    def badges(self, filled: str, framed: str) -> None:
        """Signs above the number, one white on black, one in a frame: side by side if both fit."""
        apart = 16
        signs = [self._sign(filled, is_filled=True)] if filled else []
        signs += [self._sign(framed, is_filled=False)] if framed else []
        together = sum(sign.width + apart for sign in signs) - apart
        for row in [signs] if together <= self._inside else [[sign] for sign in signs]:
            if row:
                x = (self._width - sum(sign.width + apart for sign in row) + apart) // 2
                for sign in row:
                    self._marks.append(sign.at(x, self._y))
                    x += sign.width + apart
                self._y += max(sign.height for sign in row)
                self.gap(22)

    def columns(self, facts: tuple[tuple[str, str], ...]) -> None:
        """Small word over large figure, a hairline between."""
        each = self._inside // len(facts)
        top, tallest = self._y, 0
        for nth, (word, figure) in enumerate(facts):
            x = self._margin + nth * each
            size = _fitting(figure, self._sized(46), each - 16)
            self._y = top
            self._y += self._text(x, each, word, self._sized(28))
            self._y += self._text(x + 8, each - 16, figure, size, 0.8)
            tallest = max(tallest, self._y - top)
        for nth in range(1, len(facts)):
            x = self._margin + nth * each
            self._box((x, top + 6, x, top + tallest - 6), fill=_INK)
        self._y = top + tallest

    def box_and_text(self, item: str, size: int) -> None:
        """An empty box to tick, the text beside it."""
        size = self._sized(size)
        side = round(size * 0.72)
        top = self._y + (_line_height(size) - side) // 2
        self._box((self._margin, top, self._margin + side, top + side), outline=_INK, width=2)
        indent = side + size // 2
        self._y += self._text(self._margin + indent, self._inside - indent, item, size, left=True)

    def code_and_notes(self, payload: str, notes: tuple[str, ...], size: int) -> None:
        """Set the QR code at the left and the notes beside it, or below it on narrow paper."""
        size = self._sized(size)
        if payload:
            code = _code(payload, self._width)
            # Its quiet zone lies in the margin, so that its first module stands where all else begins.
            beside = code.width + self._margin // 2
            if (room := self._width - self._margin - beside) >= _NOTES_BESIDE_CODE:
                height = sum(self._height_of(note, size, room) for note in notes)
                height += size // 2 * (len(notes) - 1)
                top, whole = self._y, max(height, code.height)
                self._picture(0, top + (whole - code.height) // 2, code)
                self._y += (whole - height) // 2
                for note in notes:
                    self._y += self._text(beside, room, note, size, left=True) + size // 2
                self._y = top + whole
                return
            self._picture((self._width - code.width) // 2, self._y, code)
            self._y += code.height
        for note in notes:
            line = note.replace("\n", " ")
            self._y += self._text(self._margin, self._inside, line, size)

    def picture(self, picture: Bitmap) -> None:
        """Dot for dot, at the left edge."""
        if picture.width > self._width:
            raise ValueError(
                f"a picture {picture.width} dots wide does not fit paper of {self._width} dots"
            )
        image = Image.frombytes("1", (picture.width, picture.height), picture.rows)
        self._picture(0, self._y, image)
        self._y += picture.height

    @property
    def _inside(self) -> int:
        return self._width - 2 * self._margin

    def _sized(self, size: int) -> int:
        return max(_SMALLEST, round(size * self._scale))

    def _height_of(self, text: str, size: int, width: int) -> int:
        return len(wrapped(text, size, width)) * _line_height(size)

    def _text(
        self, x: int, width: int, text: str, size: int, weight: float = 0.0, *, left: bool = False
    ) -> int:
        """Set text down at the current height, centred or at the left; how high it is."""
        step = _line_height(size)
        lines = wrapped(text, size, width)
        if not left or _width_of(lines[-1], size) < _LONELY * size:
            lines = _balanced(lines, text, size, width)
        for nth, line in enumerate(lines):
            spare = _hanging(line, size) if left else (width - _width_of(line, size)) / 2
            self._line((x + spare, self._y + nth * step + step / 2), line, size, weight)
        return len(lines) * step

    def _line(self, at: tuple[float, float], line: str, size: int, weight: float) -> None:
        font = _font(size)
        self._marks.append(
            lambda pen: pen.text(at, line, _INK, font, anchor="lm", stroke_width=weight)
        )

    def _sign(self, text: str, *, is_filled: bool) -> _Sign:
        pad = self._sized(38) // 2
        size = _fitting(text, self._sized(38), self._inside - 2 * pad)
        lines = wrapped(text, size, self._inside - 2 * pad)
        width = round(max(_width_of(line, size) for line in lines)) + 2 * pad
        height = len(lines) * _line_height(size) + pad // 2
        return _Sign("\n".join(lines), size, width, height, is_filled)

    def _box(
        self,
        box: tuple[int, int, int, int],
        fill: int | None = None,
        outline: int | None = None,
        width: int = 1,
    ) -> None:
        self._marks.append(lambda pen: pen.rectangle(box, fill, outline, width))

    def _picture(self, x: int, y: int, picture: Image.Image) -> None:
        self._marks.append(lambda pen: pen.bitmap((x, y), picture, fill=_INK))


@dataclass(frozen=True, slots=True)
class _Sign:
    """Text in a box with round corners, measured."""

    text: str
    size: int
    width: int
    height: int
    is_filled: bool

    def at(self, x: int, y: int) -> _Mark:
        box = (x, y, x + self.width - 1, y + self.height - 1)
        middle = (x + self.width / 2, y + self.height / 2)
        font, radius = _font(self.size), self.size // 3
        ground, ink = (_INK, 0) if self.is_filled else (0, _INK)

        def mark(pen: ImageDraw.ImageDraw) -> None:
            pen.rounded_rectangle(box, radius, fill=ground, outline=_INK, width=3)
            pen.text(middle, self.text, ink, font, anchor="mm", align="center", stroke_width=0.6)

        return mark


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    # Basic layout: the same dots whether or not a shaping library is installed, and twice as fast.
    return ImageFont.truetype(str(sans_path()), size, layout_engine=ImageFont.Layout.BASIC)


def _line_height(size: int) -> int:
    return round(size * 1.32)


@lru_cache(maxsize=4096)
def _width_of(text: str, size: int) -> float:
    return _font(size).getlength(text)


def _fitting(text: str, size: int, width: float) -> int:
    """Find the size, at most `size`, at which the text is one line; the smallest there is if at none."""
    needed = _width_of(text, size)
    fits = size if needed <= width else max(_SMALLEST, int(size * width / needed))
    # Type of whole dots does not shrink quite as its size does.
    while fits > _SMALLEST and _width_of(text, fits) > width:
        fits -= 1
    return fits


def wrapped(text: str, size: int, width: float) -> list[str]:
    """Lines that fit `width`: words and numbers whole, no closing sign at a line's start."""
    return wrapping.wrapped(text, width, lambda piece: _width_of(piece, size))


def _balanced(lines: list[str], text: str, size: int, width: float) -> list[str]:
    """No more lines than `wrapped` gave, but of like length: no character alone on the last."""
    if len(lines) == 1:
        return lines
    narrower = width - size / 2
    while len(closer := wrapped(text, size, narrower)) == len(lines):
        lines, narrower = closer, narrower - size / 2
    return lines


def _hanging(line: str, size: int) -> float:
    """An opening sign fills the right half of its square only; let some of the other half hang out."""
    return -0.3 * size if line.startswith(tuple("（《「『【〔")) else 0.0


def _code(payload: str, width: int) -> Image.Image:
    """Draw a QR code, level M, with the quiet zone that readers want; smaller modules only if it must fit."""
    matrix = segno.make(payload, error="m", micro=False, boost_error=False).matrix
    modules = Image.frombytes(
        "L", (len(matrix),) * 2, bytes(_INK * dot for row in matrix for dot in row)
    )
    framed = ImageOps.expand(modules, _QUIET_MODULES)
    scale = min(_DOTS_PER_MODULE, width // framed.width)
    if scale < 3:
        raise ValueError(
            f"a QR code of {len(payload)} characters is too fine for paper {width} dots wide"
        )
    return framed.resize((framed.width * scale,) * 2, Image.Resampling.NEAREST)
