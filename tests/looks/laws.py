"""The laws of looks, in numbers, for any drawing: whole, apart, on the screen, legible, large enough, never by colour alone."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import StrEnum

from firmware.hal.screen import KioskKey, KioskPage, Manner, Page, PygameScreenSettings
from firmware.hal.screen.breaks import INSIDE_WORD, costs, pieces
from firmware.hal.screen.drawing import (
    Box,
    Code,
    Colour,
    Drawing,
    KeyArea,
    Panel,
    Shape,
    Sign,
    Words,
    colour_of,
)
from firmware.hal.screen.theme import contrast, tone_sign

__all__ = ["FINGER_DP", "faults", "kiosk_faults", "torn"]

FINGER_DP = 60
TYPE_DP, ELDERS_TYPE_DP = 14, 18
MOST_LINES = 12
CONTRAST, ELDERS_CONTRAST = 4.5, 7.0  # WCAG 2.2, 1.4.3 and 1.4.6


def faults(
    drawing: Drawing, settings: PygameScreenSettings, *, elders: bool = False
) -> tuple[str, ...]:
    """What is wrong with a painted drawing of any page, as sentences; elders are promised more."""
    least, type_dp = (ELDERS_CONTRAST, ELDERS_TYPE_DP) if elders else (CONTRAST, TYPE_DP)
    return (
        *_cut(drawing),
        *_overlapping(drawing),
        *_off_the_screen(drawing, Box(0, 0, settings.width, settings.height)),
        *_faint(drawing, least),
        *_small(drawing, settings.dp, type_dp),
        *_missed_by_fingers(drawing, settings.dp),
    )


def kiosk_faults(
    page: KioskPage, drawing: Drawing, settings: PygameScreenSettings
) -> tuple[str, ...]:
    """The same of a kiosk's page, and whether it shows all that the page says, as its manner promises."""
    return (
        *faults(drawing, settings, elders=page.manner is Manner.LARGE),
        *_left_out(page, drawing),
        *_by_colour_alone(page, drawing),
        *(_too_high(drawing, settings.height) if page.manner is Manner.LOW else ()),
    )


def torn(page: Page, drawing: Drawing) -> Iterator[str]:
    """Where a word of a page's texts begins on one line and ends on the next."""
    texts = {_solid(text): text for text in _texts(page)}
    lines = [words.text for words in drawing.words]
    for first in range(len(lines)):
        sofar, ends = "", [0]
        for line in lines[first : first + MOST_LINES]:
            sofar += _solid(line)
            if sofar in texts:
                starts = _starts(texts[sofar])
                if any(starts.get(end, 0.0) >= INSIDE_WORD for end in ends):
                    yield f"a word of {texts[sofar]!r} is on two lines: {lines[first : first + len(ends)]}"
            ends.append(len(sofar))


def _texts(part: object) -> Iterator[str]:
    """Every text of a page, wherever it stands in it."""
    match part:
        case StrEnum():
            return
        case str():
            yield part
        case tuple():
            for one in part:
                yield from _texts(one)
        case _ if is_dataclass(part):
            for field in fields(part):
                yield from _texts(getattr(part, field.name))


def _starts(text: str) -> dict[int, float]:
    """What a break costs at each place of a text, blanks not counted."""
    starts, place = {}, 0
    for piece, cost in zip(pieces(text), costs(text), strict=True):
        starts[place] = cost
        place += len(_solid(piece))
    return starts


def _cut(drawing: Drawing) -> Iterator[str]:
    for words in drawing.words:
        if not words.whole:
            yield f"{words.text!r} is cut"


def _overlapping(drawing: Drawing) -> Iterator[str]:
    marks = [(repr(words.text), words.box) for words in drawing.words]
    marks += [(sign.shape.value, sign.box) for sign in drawing.signs]
    marks += [("the code", code.box) for code in drawing.codes]
    for (one, box), (other, place) in itertools.combinations(marks, 2):
        if box.overlaps(place):
            yield f"{one} overlaps {other}"
    for key, near in itertools.combinations(drawing.keys, 2):
        if key.box.overlaps(near.box):
            yield f"key {key.key} overlaps key {near.key}"


def _off_the_screen(drawing: Drawing, screen: Box) -> Iterator[str]:
    parts: list[Panel | Words | Sign | Code | KeyArea] = [*drawing.panels, *drawing.words]
    parts += [*drawing.signs, *drawing.codes, *drawing.keys]
    for part in parts:
        if not screen.holds(part.box):
            yield f"{part} leaves the screen"


def _faint(drawing: Drawing, least: float) -> Iterator[str]:
    marks: list[Words | Sign | Code] = [*drawing.words, *drawing.signs, *drawing.codes]
    for mark in marks:
        found = contrast(mark.ink, mark.ground)
        if found < least:
            yield f"{mark} has a contrast of {found:.2f}"
        under = _under(drawing, mark.box)
        if colour_of(mark.ground) != under:
            yield f"{mark} stands on {under}, and was painted for another ground"


def _under(drawing: Drawing, box: Box) -> Colour:
    """The colour that is really beneath the middle of a box."""
    middle = Box(box.x + box.w // 2, box.y + box.h // 2, 1, 1)
    fills = [panel.fill for panel in drawing.panels if panel.box.holds(middle)]
    return colour_of(fills[-1] if fills else drawing.ground)


def _small(drawing: Drawing, dp: float, least: int) -> Iterator[str]:
    for words in drawing.words:
        if words.size < least * dp:
            yield f"{words.text!r} is {words.size / dp:.1f} dp large"


def _missed_by_fingers(drawing: Drawing, dp: float) -> Iterator[str]:
    for key in drawing.keys:
        if min(key.box.w, key.box.h) < FINGER_DP * dp:
            yield f"key {key.key} is {key.box.w / dp:.0f} by {key.box.h / dp:.0f} dp large"


def _left_out(page: KioskPage, drawing: Drawing) -> Iterator[str]:
    shown = _solid("".join(words.text for words in drawing.words))
    heard = page.manner is Manner.HEARD
    areas = [area.key for area in drawing.keys]
    wanted = [key.key for key in (*page.keys, *page.foot)]
    if not heard and sorted(areas) != sorted(wanted):
        yield f"keys {areas} instead of {wanted}"
    if heard and not ({key.key for key in page.foot} | {page.at} & set(wanted)) <= set(areas):
        yield f"keys {areas} leave out what is heard"
    texts = [page.title, page.large, page.typed, *page.lines, page.notice]
    texts += [page.code_note] if page.code else []
    for section in page.sections:
        texts += [section.heading, *section.lines]
    for key in (*page.keys, *page.foot):
        if key.key in areas:
            texts += [key.label] if heard and key.key != page.at else [key.label, key.note]
    for text in texts:
        if _solid(text) not in shown:
            yield f"{text!r} is not shown"
    if bool(page.code) != bool(drawing.codes):
        yield "the code is not shown"
    if page.left_s and str(page.left_s) not in [words.text for words in drawing.words]:
        yield "the seconds left are not shown"


def _solid(text: str) -> str:
    """Without blanks, since lines may be broken at them."""
    return "".join(text.split())


def _by_colour_alone(page: KioskPage, drawing: Drawing) -> Iterator[str]:
    shapes = [sign.shape for sign in drawing.signs]
    sign = tone_sign(page.tone)
    if sign is not None and sign not in shapes:
        yield f"nothing but colour says {page.tone}"
    boxes = {area.key: area.box for area in drawing.keys}
    for key in (*page.keys, *page.foot):
        if key.key not in boxes:
            continue
        on = {sign.shape for sign in drawing.signs if boxes[key.key].holds(sign.box)}
        if (Shape.STOP in on) == key.enabled:
            yield f"no sign tells whether {key.label!r} can be had"
        if key.enabled and (Shape.CHECK in on) != key.chosen:
            yield f"no sign tells whether {key.label!r} is chosen"
        if (key.key == page.at) != _ringed(drawing, boxes[key.key]) and not _spoken(page, key):
            yield f"no ring tells whether the keys stand on {key.label!r}"


def _spoken(page: KioskPage, key: KioskKey) -> bool:
    """The one choice of a page that is led by voice stands out, named or not."""
    return page.manner is Manner.HEARD and key.key != page.at


def _ringed(drawing: Drawing, box: Box) -> bool:
    """Whether a ring that can be seen runs around a key, outside of it."""
    for panel in drawing.panels:
        thick = panel.edge_width
        around = Box(box.x - thick, box.y - thick, box.w + 2 * thick, box.h + 2 * thick)
        if panel.edge is not None and panel.box == around:
            return thick * 200 >= min(box.w, box.h) and contrast(panel.edge, panel.fill) >= CONTRAST
    return False


def _too_high(drawing: Drawing, height: int) -> Iterator[str]:
    for key in drawing.keys:
        if key.box.y * 2 < height:
            yield f"key {key.key} reaches into the upper half"
