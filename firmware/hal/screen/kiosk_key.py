"""One key on a kiosk's page: a raised card with label, note and sign, its state told by sign and words."""

from __future__ import annotations

from dataclasses import dataclass, replace

from firmware.hal.screen import KeySign, KioskKey
from firmware.hal.screen.drawing import Align, Box, Drawing, KeyArea, Panel, Shape, Sign, Tint
from firmware.hal.screen.kiosk_sheet import Sheet, block_height, lowered
from firmware.hal.screen.theme import Ink
from firmware.hal.screen.typesetting import Style, line_height

__all__ = [
    "LABEL_ROWS",
    "NOTE_ROWS",
    "SHAPES",
    "KeyFace",
    "Places",
    "colours",
    "note_room",
    "places_on",
    "ringed",
]

LABEL_ROWS, NOTE_ROWS = 3, 2
SHAPES = {
    KeySign.BACK: Shape.BACK,
    KeySign.HOME: Shape.HOME,
    KeySign.EARLIER: Shape.CHEVRON_BACK,
    KeySign.LATER: Shape.CHEVRON,
    KeySign.LANGUAGE: Shape.GLOBE,
    KeySign.LARGER: Shape.MAGNIFIER,
    KeySign.SMALLER: Shape.MAGNIFIER_LESS,
    KeySign.CHAIR: Shape.CHAIR,
    KeySign.VOICE: Shape.SPEAKER,
    KeySign.HELP: Shape.BELL,
    KeySign.USUAL: Shape.PERSON,
}


@dataclass(frozen=True, slots=True)
class Places:
    """What a key's card has room for: its words, how much of the note's line a sign takes, the signs beside them."""

    words: Box
    in_note: Shape | None
    signs: tuple[tuple[Box, Shape], ...]


def places_on(sheet: Sheet, key: KioskKey, at: str, cell: Box, *, typing: bool = False) -> Places:
    """What a key does stands at its left, its state at its right; on a narrow key the state leads its note."""
    card = card_of(sheet, key, at, cell)
    state = Shape.STOP if not key.enabled else Shape.CHECK if key.chosen else None
    wide = card.w >= sheet.px(280) and not typing
    inner = card.inset(sheet.px(14 if wide else 10), sheet.px(5))
    signs: list[tuple[Box, Shape]] = []
    if typing:
        inner = card.inset(sheet.px(4), sheet.px(2))
    if key.sign:
        side = min(sheet.px(40), inner.h * 3 // 5, inner.w // 4)
        signs.append((inner.left(side).square(side), SHAPES[key.sign]))
        inner = inner.beside(side + sheet.px(12))
    # An arrow back, and none forth.
    if wide and (state or key.sign is not KeySign.BACK):
        side = min(sheet.px(30 if state else 24), inner.h * 3 // 5)
        signs.append((inner.beside(inner.w - side).square(side), state or Shape.CHEVRON))
        inner = inner.left(inner.w - side - sheet.px(10))
        state = None
    elif state and not key.note:
        side = min(sheet.px(26), inner.h // 2, inner.w // 4)
        signs.append((inner.left(side).square(side), state))
        inner = inner.beside(side + sheet.px(8))
        state = None
    return Places(inner, state, tuple(signs))


def card_of(sheet: Sheet, key: KioskKey, at: str, cell: Box) -> Box:
    """A key's card within its cell: less the ring where it has one, less the lip of one that can be touched."""
    if key.key == at:
        cell = cell.inset(sheet.px(2), sheet.px(2))
    return cell.upper(cell.h - sheet.px(4)) if key.enabled else cell


def colours(sheet: Sheet, key: KioskKey) -> Ink:
    if not key.enabled:
        return sheet.theme.off
    return sheet.theme.fresh if key.chosen else sheet.theme.card


def ringed(sheet: Sheet, cell: Box) -> Drawing:
    """A thick ring around the cell of the key that the tactile keys stand on, in the gap between cells."""
    theme, out = sheet.theme, sheet.px(4)
    box = Box(cell.x - out, cell.y - out, cell.w + 2 * out, cell.h + 2 * out)
    ring = Panel(box, theme.bare.ground, sheet.px(18), theme.bare.main, out)
    return Drawing(theme.bare.ground, (ring,))


def note_room(note: int) -> int:
    """Width that a state's sign takes of a note's line."""
    return line_height(note) + note // 3


@dataclass(frozen=True, slots=True)
class KeyFace:
    """How the keys of one group look alike: pixels to the em of their labels and notes; the plain keys of a keypad."""

    sheet: Sheet
    label: int
    note: int
    at: str = ""
    typing: bool = False

    def drawing(self, key: KioskKey, cell: Box) -> Drawing:
        ink = colours(self.sheet, key)
        places = places_on(self.sheet, key, self.at, cell, typing=self.typing)
        drawing = self._body(key, cell, ink) + self._texts(key, places, ink)
        signs = tuple(Sign(box, shape, self._paint(ink), ink.ground) for box, shape in places.signs)
        return drawing + Drawing(ink.ground, signs=signs, keys=(KeyArea(cell, key.key),))

    def _paint(self, ink: Ink) -> Tint:
        return self.sheet.theme.accent if ink is self.sheet.theme.card else ink.main

    def _body(self, key: KioskKey, cell: Box, ink: Ink) -> Drawing:
        """The card; one that can be touched stands on a lip, as if it were to be pressed."""
        sheet, theme = self.sheet, self.sheet.theme
        drawing = ringed(sheet, cell) if key.key == self.at else sheet.bare
        face = card_of(sheet, key, self.at, cell)
        radius, edge = min(sheet.px(14), face.h // 3), max(2, sheet.px(1.5))
        if not key.enabled:
            card = Panel(face, ink.ground, radius, ink.quiet, max(1, edge // 2))
            return drawing + Drawing(ink.ground, (card,))
        whole = Box(face.x, face.y, face.w, face.h + sheet.px(4))
        lip = theme.bare.main if key.chosen else theme.accent
        panels = (Panel(whole, lip, radius), Panel(face, ink.ground, radius, theme.accent, edge))
        return drawing + Drawing(ink.ground, panels)

    def _style(self, size: int, ink: Ink, *, strong: bool) -> Style:
        style = self.sheet.style(
            1,
            ink,
            quiet=not strong,
            align=Align.CENTRE if self.typing else Align.LEFT,
            middle=0.0,
            rows=LABEL_ROWS if strong else NOTE_ROWS,
            strong=strong,
        )
        return replace(style, largest=size, smallest=min(size, style.smallest))

    def _texts(self, key: KioskKey, places: Places, ink: Ink) -> Drawing:
        """Label and note as one block in the middle of their place."""
        box, setter = places.words, self.sheet.typesetter.set
        label_style = self._style(self.label, ink, strong=True)
        note_style = self._style(self.note, ink, strong=False)
        sign_side = line_height(note_style.largest) if places.in_note else 0
        indent = note_room(note_style.largest) if places.in_note else 0
        below = self.sheet.tall((key.note,), box.w - indent, note_style, note_style.largest)
        below = min(box.h // 2, max(below, sign_side)) if key.note else 0
        label = setter((key.label,), box.upper(box.h - below), label_style)
        top = block_height(label)
        place = box.under(top).beside(indent)
        note = setter((key.note,), place.upper(max(below, place.h) if key.note else 0), note_style)
        down = max(0, box.h - top - max(block_height(note), sign_side)) // 2
        signs: tuple[Sign, ...] = ()
        if places.in_note:
            side = min(sign_side, max(0, box.bottom - down - box.y - top))
            sign = Box(box.x, box.y + top + down, side, side)
            signs = (Sign(sign, places.in_note, self._paint(ink), ink.ground),)
        return Drawing(ink.ground, words=lowered(label + note, down), signs=signs)
