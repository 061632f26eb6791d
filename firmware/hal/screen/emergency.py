"""Places an emergency's sentence on any screen, as large as can be, with nothing beside it that could be read instead."""

from __future__ import annotations

import re
from dataclasses import replace

from firmware.hal.screen.drawing import Box, Drawing, Panel, Shape, Sign, Words
from firmware.hal.screen.pages import Label, Tone
from firmware.hal.screen.theme import tone_band
from firmware.hal.screen.typesetting import Style, Typesetter, line_height

__all__ = ["emergency"]

_CLAUSE = re.compile(r"[^，。；！？,;]+[，。；！？,;]*")


def emergency(
    box: Box, sentence: str, note: Label, typesetter: Typesetter, scale: float
) -> Drawing:
    """`scale` is 1 where the shorter side has 1080 pixels."""

    def px(units: float) -> int:
        return max(1, round(units * scale))

    colours = tone_band(Tone.STOP)
    inner = box.inset(px(60), px(30))
    style = Style(px(150), px(40), colours.main, colours.ground, rows=6, strong=True)
    small = replace(style, largest=px(54), smallest=px(24), rows=2, strong=False)
    quiet = replace(small, largest=px(38), smallest=px(18))
    notes = tuple((text, own) for text, own in ((note.text, small), (note.english, quiet)) if text)
    foot = inner.under(inner.h - sum(line_height(own.largest) + px(10) for _, own in notes))
    told = inner.upper(inner.h - foot.h)
    # Beside the sentence on a screen like a bar, above it on others.
    if box.w > 2 * box.h:
        side = min(px(260), told.h)
        place, told = told.left(side), told.beside(side + px(40))
    else:
        side = min(px(190), told.h // 4)
        place, told = told.upper(side), told.under(side + px(16))
    sign = Sign(place.square(side), Shape.STOP, colours.main, colours.ground)
    words = _told(sentence, told, style, typesetter)
    for text, own in notes:
        height = line_height(own.largest) + px(10)
        words += typesetter.set((text,), foot.upper(height), own)
        foot = foot.under(height)
    return Drawing(colours.ground, (Panel(box, colours.ground),), words, (sign,))


def _told(sentence: str, box: Box, style: Style, typesetter: Typesetter) -> tuple[Words, ...]:
    """A line for each clause, where that costs little of the type's size: so it is read in one glance each."""
    clauses = tuple(_CLAUSE.findall(sentence))
    one = replace(style, rows=1)
    size = typesetter.size(clauses, box, one)
    free = typesetter.size((sentence,), box, style)
    if size and size * 4 >= free * 3 and "".join(clauses) == sentence:
        return typesetter.set(clauses, box, one)
    return typesetter.set((sentence,), box, style)
