"""The foot of a kiosk's page: small keys, each in the same place on every page that has it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from firmware.hal.screen import KeySign, KioskKey
from firmware.hal.screen.drawing import Align, Box, Drawing, KeyArea, Panel, Shape, Sign
from firmware.hal.screen.kiosk_key import SHAPES, colours, ringed
from firmware.hal.screen.kiosk_sheet import Sheet

__all__ = ["Foot"]

_SLOTS = 5
_PLACES = {
    KeySign.BACK: 0,
    KeySign.HOME: 0,
    KeySign.EARLIER: 1,
    KeySign.LATER: 2,
    KeySign.CHAIR: 2,
    KeySign.VOICE: 3,
    KeySign.LANGUAGE: 3,
    KeySign.LARGER: 4,
    KeySign.HELP: 1,
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
        placed = self._placed()
        cells = box.inset(sheet.px(12), sheet.px(7)).grid(
            max(_SLOTS, len(self.keys)), 1, sheet.px(8)
        )
        for slot, key in placed.items():
            drawing += self._key(key, cells[slot])
        return drawing

    def _placed(self) -> dict[int, KioskKey]:
        """Each key in its sign's slot; where that is taken, and without a sign, in the first free one."""
        slots: dict[int, KioskKey] = {}
        later = []
        for key in self.keys:
            slot = _PLACES[key.sign] if key.sign else None
            if slot is None or slot in slots:
                later.append(key)
            else:
                slots[slot] = key
        free = [slot for slot in range(max(_SLOTS, len(self.keys))) if slot not in slots]
        return slots | dict(zip(free, later, strict=False))

    def _key(self, key: KioskKey, cell: Box) -> Drawing:
        sheet, ink, theme = self.sheet, colours(self.sheet, key), self.sheet.theme
        drawing, area = Drawing(theme.other_card.ground), (KeyArea(cell, key.key),)
        if key.key == self.at:
            drawing, cell = drawing + ringed(sheet, cell), cell.inset(sheet.px(2), sheet.px(2))
        edge = max(2, sheet.px(1.5))
        card = Panel(cell, ink.ground, min(sheet.px(12), cell.h // 3), theme.accent, edge)
        drawing += Drawing(ink.ground, (card,), keys=area)
        shape = self._shape(key)
        inner, sign = cell.inset(sheet.px(6), sheet.px(4)), None
        above = cell.h >= sheet.px(64)
        if shape and above:
            side = min(sheet.px(28), inner.h // 2)
            sign = Box(inner.x + (inner.w - side) // 2, inner.y + sheet.px(2), side, side)
            inner = inner.under(side + sheet.px(4))
        elif shape:
            side = min(sheet.px(26), inner.h, inner.w // 4)
            sign = Box(inner.x, inner.y + (inner.h - side) // 2, side, side)
            inner = inner.beside(side + sheet.px(8))
        style = sheet.style(20, ink, rows=2, align=Align.CENTRE, strong=True)
        words = sheet.typesetter.set((key.label,), inner, style)
        if sign and not above and words:
            # Sign and label together stand in the middle.
            spare = (min(one.box.x for one in words) - inner.x) // 2
            sign = replace(sign, x=sign.x + spare)
        signs = ()
        if sign and shape:
            paint = theme.accent if ink is theme.card else ink.main
            signs = (Sign(sign, shape, paint, ink.ground),)
        return drawing + Drawing(ink.ground, words=words, signs=signs)

    def _shape(self, key: KioskKey) -> Shape | None:
        """Its state's sign before its own."""
        if not key.enabled:
            return Shape.STOP
        if key.chosen:
            return Shape.CHECK
        return SHAPES[key.sign] if key.sign else None
