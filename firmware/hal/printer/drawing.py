"""A paper as one bitmap: what each thing on it looks like in our own type; no printer is known here."""

from __future__ import annotations

from firmware.hal.printer.paper import (
    Badges,
    Bitmap,
    Box,
    Code,
    Facts,
    Gap,
    Heading,
    Item,
    Number,
    Paper,
    Rule,
    Text,
)
from firmware.hal.printer.strip import Strip

__all__ = ["draw"]


def draw(paper: Paper, width: int = 576) -> Bitmap:
    """Draw it `width` dots across: 576 is 80 mm paper at 203 dots per inch, 384 is 58 mm.

    Raises ValueError for a picture that is wider than that, or a QR code too fine to scan.
    """
    strip = Strip(width)
    for item in paper:
        _set(strip, item)
    return strip.bitmap()


def _set(strip: Strip, item: Item) -> None:
    match item:
        case Gap(dots):
            strip.gap(dots)
        case Rule(thickness):
            strip.rule(thickness)
        case Text(text, size, weight, left):
            strip.text(text, size, weight, left=left)
        case Heading(text, size, smallest, weight):
            strip.heading(text, size, smallest, weight)
        case Number(text):
            strip.number(text)
        case Badges(filled, framed):
            strip.badges(filled, framed)
        case Facts(facts):
            strip.columns(facts)
        case Box(text, size):
            strip.box_and_text(text, size)
        case Code(payload, notes, size):
            strip.code_and_notes(payload, notes, size)
        case Bitmap():
            strip.picture(item)
