"""The type in an emulated printer's ROM: lines of text and QR codes as rows of dots; no command is known here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import segno
from PIL import Image, ImageChops, ImageDraw, ImageFont
from pylopdf_fonts_zh_cn import sans_path

__all__ = ["CELL", "LINE_ROWS", "Sign", "picture_of_code", "picture_of_line", "rows_of"]

CELL = 24  # dots; what is not Chinese is half as wide
LINE_ROWS = 34
_TYPE = 23


@dataclass(frozen=True, slots=True)
class Sign:
    """One character as it is to be set; or `blank` dots."""

    character: str
    wide: int = 1
    high: int = 1
    is_reversed: bool = False
    blank: int = 0

    @property
    def dots(self) -> int:
        if self.blank:
            return self.blank
        return (CELL // 2 if self.character.isascii() else CELL) * self.wide


def picture_of_line(signs: list[Sign], width: int, alignment: int) -> Image.Image:
    """`alignment` 0 left, 1 centred, 2 right. As high as the highest sign, and never less than a line."""
    high = max((CELL * sign.high for sign in signs), default=0)
    image = Image.new("1", (width, max(high, LINE_ROWS)))
    x = (width - sum(sign.dots for sign in signs)) * alignment // 2
    for sign in signs:
        if sign.blank:
            x += sign.blank
            continue
        glyph = _glyph(sign.character).resize(
            (sign.dots, CELL * sign.high), Image.Resampling.NEAREST
        )
        # All stand on one line, however high they are.
        image.paste(
            ImageChops.invert(glyph) if sign.is_reversed else glyph, (x, high - glyph.height)
        )
        x += sign.dots
    return image


def picture_of_code(payload: bytes, dots: int, width: int, alignment: int) -> Image.Image:
    """A QR code of level M without any white around it."""
    matrix = segno.make(payload, error="m", micro=False, boost_error=False, mode="byte").matrix
    size = len(matrix)
    code = Image.new("1", (size, size))
    code.putdata([255 * dot for row in matrix for dot in row])
    image = Image.new("1", (width, size * dots))
    scaled = code.resize((size * dots, size * dots), Image.Resampling.NEAREST)
    image.paste(scaled, ((width - size * dots) * alignment // 2, 0))
    return image


def rows_of(image: Image.Image) -> Iterator[bytes]:
    stride = (image.width + 7) // 8
    dots = image.tobytes()
    return (dots[at : at + stride] for at in range(0, len(dots), stride))


@lru_cache(maxsize=4096)
def _glyph(character: str) -> Image.Image:
    width = CELL // 2 if character.isascii() else CELL
    image = Image.new("L", (width, CELL))
    font = _font()
    ImageDraw.Draw(image).text((width / 2, CELL / 2), character, 255, font, anchor="mm")
    return image.point(lambda grey: 255 if grey >= 112 else 0, "1")


@lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(sans_path()), _TYPE, layout_engine=ImageFont.Layout.BASIC)
