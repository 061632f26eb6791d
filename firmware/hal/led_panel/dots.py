"""A text as dots of a panel that has no font of its own: drawn 16 high, and moved along where it does not fit; lights nothing."""

from __future__ import annotations

import re
from functools import cache

from PIL import Image, ImageDraw, ImageFont
from pylopdf_fonts_zh_cn import sans_path

__all__ = ["HEIGHT", "PAUSE_STEPS", "drawn", "seen"]

HEIGHT = 16  # the least in which Chinese is read
PAUSE_STEPS = 40  # before it begins to move, and each time it is at its beginning again
_BASELINE = 14
_GAP = 32  # between the end and the beginning that comes after it


def drawn(text: str, font: str = "") -> Image.Image:
    """The text in one line, as wide as it needs, in the font file given or the one that comes with the program.

    Raises OSError if there is no such font.
    """
    one_line = re.sub(r"[\x00-\x20\x7f]+", " ", text).strip()
    face = _face(font)
    width = max(1, round(face.getlength(one_line)))
    strip = Image.new("1", (width, HEIGHT))
    brush = ImageDraw.Draw(strip)
    brush.fontmode = "1"
    brush.text((0, _BASELINE), one_line, fill=1, font=face, anchor="ls")
    return strip


def seen(strip: Image.Image, width: int, step: int) -> Image.Image:
    """What stands on a panel of that width: all of it in the middle if it fits, else from the `step`-th dot on, and around."""
    view = Image.new("1", (width, HEIGHT))
    if strip.width <= width:
        view.paste(strip, ((width - strip.width) // 2, 0))
        return view
    around = strip.width + _GAP
    left = max(0, step % (around + PAUSE_STEPS) - PAUSE_STEPS)
    view.paste(strip, (-left, 0))
    view.paste(strip, (around - left, 0))
    return view


@cache
def _face(font: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font or str(sans_path()), HEIGHT)
