"""The foot of a kiosk's page: small keys, each in the same place on every page that has it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from firmware.hal.screen import KeySign, KioskKey, Manner
from firmware.hal.screen.drawing import Align, Box, Drawing, KeyArea, Panel, Shape, Sign
from firmware.hal.screen.kiosk_key import SHAPES, colours, ringed
from firmware.hal.screen.kiosk_sheet import Sheet
from firmware.hal.screen.theme import Ink
from firmware.hal.screen.typesetting import Style

__all__ = ["Foot"]

_SLOTS = 6
_WIDE = (2, 3)
# Which never meet on one page may share a place.
_PLACES = {
    KeySign.BACK: 0,
    KeySign.USUAL: 0,
    KeySign.CHAIR: 0,
    KeySign.HOME: 1,
    KeySign.HELP: 1,
    KeySign.EARLIER: 2,
    KeySign.LATER: 3,
    KeySign.LARGER: 4,
    KeySign.SMALLER: 4,
    KeySign.VOICE: 4,
    KeySign.LANGUAGE: 5,
}


@dataclass(frozen=True, slots=True)
class Foot:
    sheet: Sheet
    keys: tuple[KioskKey, ...]
    at: str = ""

    @property
    def height(self) -> int:
        if not self.keys:
            return 0
        px, sheet = self.sheet.px, self.sheet
        if sheet.upright:
            return max(sheet.finger, px(82 if sheet.large else 76)) + px(16)
        return max(sheet.finger, px(56 if sheet.large else 52)) + px(14)

    def drawing(self, box: Box) -> Drawing:
        sheet, theme = self.sheet, self.sheet.theme
        if not self.keys:
            return sheet.bare
        ground = theme.other_card.ground
        drawing = Drawing(ground, (Panel(box, ground), Panel(box.upper(sheet.px(1.5)), theme.edge)))
        cells = self._cells(box.inset(sheet.px(10), sheet.px(7)))
        placed = [(key, cells[slot]) for slot, key in self._placed().items()]
        largest = self._largest(placed)
        for key, cell in placed:
            drawing += self._key(key, cell, largest)
        return drawing

    def _largest(self, placed: list[tuple[KioskKey, Box]]) -> int:
        """Type that no label exceeds, so that the longest does not look lost among the others."""
        style = self._style(self.sheet.theme.card)
        places = tuple(
            (key.label, self._places(key, self._card(key, cell))[1]) for key, cell in placed
        )
        alike = self.sheet.typesetter.same_size(places, style).largest
        return min(style.largest, alike * 6 // 5)

    @property
    def _slots(self) -> int:
        # Led by the voice there is one, the way out, and its label is a long one.
        fewest = 3 if self.sheet.manner is Manner.HEARD and len(self.keys) <= 2 else _SLOTS
        return max(fewest, len(self.keys))

    def _cells(self, box: Box) -> tuple[Box, ...]:
        """Equal ones; where six are narrow the middle two are wider, for those that turn pages or have long names."""
        gap = self.sheet.px(6)
        cells = box.grid(self._slots, 1, gap)
        if not self.sheet.upright or self._slots != _SLOTS:
            return cells
        more = self.sheet.px(10)
        places, x = [], box.x
        for slot, cell in enumerate(cells):
            width = cell.w + (more if slot in _WIDE else -more // 2)
            places.append(Box(x, cell.y, width, cell.h))
            x += width + gap
        return tuple(places)

    def _placed(self) -> dict[int, KioskKey]:
        """Each key in its sign's slot; those without one in the middle, the last first, so that it stands still."""
        slots: dict[int, KioskKey] = {}
        others = []
        for key in self.keys:
            slot = _PLACES[key.sign] if key.sign else _SLOTS
            if slot in slots or slot >= self._slots:
                others.append(key)
            else:
                slots[slot] = key
        # The middle first: every page leaves that to them where it has no others to turn to.
        order = sorted(range(self._slots), key=lambda slot: (slot not in _WIDE, -slot))
        free = [slot for slot in order if slot not in slots]
        return slots | dict(zip(free, reversed(others), strict=False))

    def _card(self, key: KioskKey, cell: Box) -> Box:
        """The key, within its ring if it has one."""
        return cell.inset(self.sheet.px(2), self.sheet.px(2)) if key.key == self.at else cell

    def _places(self, key: KioskKey, card: Box) -> tuple[Box | None, Box]:
        """Where a key's sign and its label go: below each other if it is high, else beside each other."""
        px = self.sheet.px
        above = self._above(card)
        inner = card.inset(px(3 if above else 5), px(4))
        if self._shape(key) is None:
            return None, inner
        if above:
            side = min(px(28), inner.h // 2)
            sign = Box(inner.x + (inner.w - side) // 2, inner.y + px(2), side, side)
            return sign, inner.under(side + px(4))
        side = min(px(24), inner.h, inner.w // 4)
        sign = Box(inner.x, inner.y + (inner.h - side) // 2, side, side)
        return sign, inner.beside(side + px(6))

    def _above(self, card: Box) -> bool:
        return card.h >= self.sheet.px(64)

    def _key(self, key: KioskKey, cell: Box, largest: int) -> Drawing:
        sheet, ink, theme = self.sheet, colours(self.sheet, key), self.sheet.theme
        drawing = Drawing(theme.other_card.ground, keys=(KeyArea(cell, key.key),))
        if key.key == self.at:
            drawing += ringed(sheet, cell)
        card = self._card(key, cell)
        edge, radius = max(2, sheet.px(1.5)), min(sheet.px(12), card.h // 3)
        drawing += Drawing(ink.ground, (Panel(card, ink.ground, radius, theme.accent, edge),))
        (sign, place), shape = self._places(key, card), self._shape(key)
        words = sheet.typesetter.set(
            (key.label,), place, replace(self._style(ink), largest=largest)
        )
        if sign is None or shape is None:
            return drawing + Drawing(ink.ground, words=words)
        if words and not self._above(card):
            # Sign and label together stand in the middle.
            sign = replace(sign, x=sign.x + (min(one.box.x for one in words) - place.x) // 2)
        paint = theme.accent if ink is theme.card else ink.main
        return drawing + Drawing(
            ink.ground, words=words, signs=(Sign(sign, shape, paint, ink.ground),)
        )

    def _style(self, ink: Ink) -> Style:
        """Six labels beside each other on an upright screen need small type, which is large enough on a large screen."""
        sheet = self.sheet
        style = sheet.style(20, ink, rows=2, align=Align.CENTRE, strong=True)
        return replace(style, smallest=max(sheet.px(12), sheet.least))

    def _shape(self, key: KioskKey) -> Shape | None:
        """Its state's sign before its own."""
        if not key.enabled:
            return Shape.STOP
        if key.chosen:
            return Shape.CHECK
        return SHAPES[key.sign] if key.sign else None
