"""A page led by voice and tactile keys: what is spoken, one choice that stands out, and where it stands among the others."""

from __future__ import annotations

from dataclasses import dataclass, replace

from firmware.hal.screen import KioskKey, KioskPage
from firmware.hal.screen.drawing import Align, Box, Drawing, KeyArea, Panel, Shape, Sign
from firmware.hal.screen.kiosk_key import SHAPES, ringed
from firmware.hal.screen.kiosk_keys import Keys
from firmware.hal.screen.kiosk_message import Message
from firmware.hal.screen.kiosk_sheet import Sheet, block_height, lowered

__all__ = ["Heard"]


@dataclass(frozen=True, slots=True)
class Heard:
    sheet: Sheet
    page: KioskPage
    message: Message
    beside: bool = False  # what is told stands at the left

    def drawing(self, body: Box) -> Drawing:
        sheet, gap = self.sheet, self.sheet.px(14)
        if self.beside:
            left = body.left(body.w // 2)
            return self.message.drawing(left) + self._keys(body.beside(left.w + gap))
        tall = 0
        if self.message.blocks:
            most = body.h - gap - sheet.px(250 if sheet.upright else 180)
            tall = min(self.message.room(body.w).good, most)
        drawing = self.message.drawing(body.upper(tall))
        return drawing + self._keys(body.under(tall + (gap if tall else 0)))

    def _keys(self, box: Box) -> Drawing:
        sheet, around = self.sheet, self._around()
        if not around:
            return self._one(box)
        rest, gap = Keys(sheet, around), sheet.px(14)
        low = min(max(sheet.finger, sheet.px(60)), box.h // 3)
        return self._one(box.upper(box.h - low - gap)) + rest.drawing(box.under(box.h - low))

    @property
    def _index(self) -> int:
        """The key that the tactile keys stand on, or else the first."""
        names = [key.key for key in self.page.keys]
        return names.index(self.page.at) if self.page.at in names else 0

    def _around(self) -> tuple[KioskKey, ...]:
        """The one before and the one after; on two that is the other one."""
        keys, index = self.page.keys, self._index
        near = (keys[(index - 1) % len(keys)], keys[(index + 1) % len(keys)])
        others = tuple(key for key in near if key is not keys[index])
        # Their notes are heard once they are chosen.
        return tuple(replace(key, note="") for key in others[: len(keys) - 1])

    def _one(self, box: Box) -> Drawing:
        sheet, key = self.sheet, self.page.keys[self._index]
        out = sheet.px(4)
        ring, inside = ringed(sheet, box.inset(out, out)), box.inset(2 * out, 2 * out)
        ink = sheet.theme.fresh if key.enabled else sheet.theme.off
        drawing = ring + Drawing(
            ink.ground,
            (Panel(inside, ink.ground, sheet.px(14)),),
            keys=(KeyArea(box.inset(out, out), key.key),),
        )
        inner = inside.inset(sheet.px(20), sheet.px(10))
        shape = Shape.STOP if not key.enabled else SHAPES.get(key.sign) if key.sign else None
        shape = shape or (Shape.CHECK if key.chosen else Shape.ARROW)
        side = min(sheet.px(56), inner.h // 4)
        place = inner.upper(side)
        signs = (Sign(place.left(side).square(side), shape, ink.main, ink.ground),)
        where = sheet.style(26, ink, align=Align.RIGHT, strong=True)
        count = len(self.page.keys)
        told = f"{self._index + 1} / {count}" if count > 1 else ""
        words = sheet.typesetter.set((told,), place.beside(side + sheet.px(16)), where)
        inner = inner.under(side).upper(inner.h - side - sheet.px(14 if sheet.upright else 4))
        rows = 1 if len(key.label) <= 6 else 3
        label = sheet.style(84, ink, rows=rows, strong=True, middle=0.0)
        note_box = inner.under(inner.h * 7 // 10) if key.note else inner.under(inner.h)
        label_box = inner.upper(inner.h - note_box.h)
        labels = sheet.typesetter.set((key.label,), label_box, label)
        notes = sheet.typesetter.set(
            (key.note,), note_box, sheet.style(34, ink, rows=2, quiet=True, middle=0.0)
        )
        spare = max(0, inner.h - block_height(labels) - block_height(notes)) // 2
        labels = lowered(labels, spare)
        notes = lowered(notes, inner.y + spare + block_height(labels) - note_box.y)
        return drawing + Drawing(ink.ground, words=words + labels + notes, signs=signs)
