"""The keys of a kiosk's page: how many beside each other, all alike, each large enough for any finger."""

from __future__ import annotations

from dataclasses import dataclass

from firmware.hal.screen import KioskKey
from firmware.hal.screen.drawing import Box, Drawing
from firmware.hal.screen.kiosk_key import (
    LABEL_ROWS,
    NOTE_ROWS,
    KeyFace,
    Places,
    note_room,
    places_on,
)
from firmware.hal.screen.kiosk_sheet import Sheet
from firmware.hal.screen.rooms import Room
from firmware.hal.screen.typesetting import line_height

__all__ = ["Keys"]

_MANY = 24  # keys; more of them than any page should have stand as they can
_SHORT = 6  # letters of a label that is not broken


@dataclass(frozen=True, slots=True)
class Keys:
    sheet: Sheet
    keys: tuple[KioskKey, ...]
    at: str = ""
    middle: float = 1.0  # where spare height goes: 1 lays the keys low

    def room(self, width: int) -> Room:
        px, count = self.sheet.px, len(self.keys)
        if not count:
            return Room(0, 0, 0)
        rows, packed = -(-count // self._usual(width)), -(-count // max(self._columns(width)))
        more, least = px(24 if self.sheet.large else 0), self._tall(packed, self.sheet.finger)
        return Room(
            least, max(self._tall(rows, px(84) + more), least), self._tall(rows, px(140) + more)
        )

    def drawing(self, box: Box) -> Drawing:
        drawing = self.sheet.bare
        if not self.keys or box.h <= 0:
            return drawing
        columns = max(self._columns(box.w), key=lambda count: self._fitness(box, count))
        cells = self._cells(box, columns)
        face = KeyFace(self.sheet, *self._faces(cells), self.at)
        for key, cell in zip(self.keys, cells, strict=False):
            drawing += face.drawing(key, cell)
        return drawing

    def _usual(self, width: int) -> int:
        count, px = len(self.keys), self.sheet.px
        if width < px(600):
            return 1 if count <= 5 or width < px(380) else 2
        return min(count, 2 if self.sheet.large or count in {2, 4} else 3)

    def _columns(self, width: int) -> tuple[int, ...]:
        """The numbers of columns to choose from."""
        count = len(self.keys)
        if count > _MANY:
            return tuple(range(1, min(count, max(1, width // self.sheet.finger)) + 1))
        widest = max(1, width // self.sheet.px(210 if self.sheet.large else 150))
        return tuple(range(1, min(count, widest, 4) + 1))

    @property
    def _gap(self) -> int:
        return self.sheet.px(12 if len(self.keys) <= _MANY else 4)

    def _tall(self, rows: int, height: int) -> int:
        return rows * height + (rows - 1) * self._gap

    def _cells(self, box: Box, columns: int) -> tuple[Box, ...]:
        rows = -(-len(self.keys) // columns)
        gap, finger = self._gap, self.sheet.finger
        if box.h < self._tall(rows, finger):
            gap = max(1, min(gap, (box.h - rows * finger) // max(1, rows - 1)))
        most = self.sheet.px(240 if self.sheet.large else 180)
        height = min(box.h, rows * most + (rows - 1) * gap)
        return box.under(int((box.h - height) * self.middle)).upper(height).grid(columns, rows, gap)

    def _fitness(self, box: Box, columns: int) -> float:
        """Rate a number of columns: large labels and keys that a finger hits; no empty places."""
        cells, finger = self._cells(box, columns), self.sheet.finger
        cell, spare = cells[0], len(cells) - len(self.keys)
        hit = min(1.0, cell.h / finger) * min(1.0, cell.w / finger)
        slim = min(1.0, cell.h / self.sheet.px(60))
        far = 0.12 if self.sheet.large else 0.04
        return (
            hit**3 * slim * self._faces(cells)[0] * (1 - 0.06 * min(spare, 4)) * (1 - far * columns)
        )

    def _faces(self, cells: tuple[Box, ...]) -> tuple[int, int]:
        """The largest type of labels, and that of notes, at which every key holds both."""
        places = [
            (key, places_on(self.sheet, key, self.at, cell))
            for key, cell in zip(self.keys, cells, strict=False)
        ]
        in_one_row = self._in_one_row(places)
        low, high = self.sheet.px(9), self.sheet.type(36)
        while low < high:
            half = (low + high + 1) // 2
            note = self._note(half, in_one_row)
            if all(self._fits(key, place, half, note) for key, place in places):
                low = half
            else:
                high = half - 1
        return low, self._note(low, in_one_row)

    def _in_one_row(self, places: list[tuple[KioskKey, Places]]) -> int:
        """The largest type at which no note is broken; a middling one if some must be."""
        style = self.sheet.style(21, self.sheet.theme.card)
        for size in range(style.largest, style.smallest - 1, -1):
            if all(self._below(key, place, size) <= 1 for key, place in places):
                return size
        return max(style.smallest, self.sheet.type(17))

    def _note(self, label: int, in_one_row: int) -> int:
        """Notes are second to labels, but never below the smallest type as long as these are not."""
        share = 8 if self.sheet.large else 7
        return min(label, max(self.sheet.type(15.5), min(in_one_row, label * share // 10)))

    def _label_rows(self, key: KioskKey, size: int) -> int:
        """Large labels stand in one row, small ones may take more: fewer rows before larger type."""
        sheet = self.sheet
        if size > sheet.smallest and (len(key.label) <= _SHORT or size > sheet.type(30)):
            return 1
        return 2 if size > sheet.type(23) else LABEL_ROWS

    def _below(self, key: KioskKey, place: Places, note: int) -> int:
        """Rows of a key's note; more than there are if a word is too long for one."""
        if not key.note.strip():
            return 0
        width = place.words.w - (note_room(note) if place.in_note else 0)
        rows = self.sheet.typesetter.rows(key.note, width, note, strong=False)
        return rows or NOTE_ROWS + 1

    def _fits(self, key: KioskKey, place: Places, size: int, note: int) -> bool:
        rows, below = 1, self._below(key, place, note)
        if key.label.strip():
            rows = self.sheet.typesetter.rows(key.label, place.words.w, size, strong=True)
        if not 1 <= rows <= self._label_rows(key, size) or below > NOTE_ROWS:
            return False
        return rows * line_height(size) + below * line_height(note) <= place.words.h
