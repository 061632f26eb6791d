"""Keys to type with: signs as large as a finger needs, close together, and the few keys with words below them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from firmware.hal.screen import KioskKey
from firmware.hal.screen.drawing import Box, Drawing
from firmware.hal.screen.kiosk_key import KeyFace, places_on
from firmware.hal.screen.kiosk_keys import Keys
from firmware.hal.screen.kiosk_sheet import Sheet
from firmware.hal.screen.rooms import Room, shared

__all__ = ["Keypad", "keys_of"]

_FROM = 5  # signs; with fewer of them they are choices


def keys_of(
    sheet: Sheet, keys: tuple[KioskKey, ...], at: str = "", middle: float = 1.0
) -> Keys | Keypad:
    """Choices, or what a code is typed with."""
    signs = tuple(key for key in keys if len(key.label) == 1 and not key.note)
    if len(signs) < max(_FROM, len(keys) // 2):
        return Keys(sheet, keys, at, middle)
    return Keypad(sheet, signs, tuple(key for key in keys if key not in signs), at)


@dataclass(frozen=True, slots=True)
class Keypad:
    sheet: Sheet
    signs: tuple[KioskKey, ...]
    words: tuple[KioskKey, ...]
    at: str = ""

    def room(self, width: int) -> Room:
        rooms, apart = self._rooms(width), self._apart
        return Room(
            sum(room.least for room in rooms) + apart,
            sum(room.good for room in rooms) + apart,
            sum(room.most for room in rooms) + apart,
        )

    @property
    def _gap(self) -> int:
        return self.sheet.px(5)

    @property
    def _apart(self) -> int:
        """Between the signs and the row of words."""
        return self.sheet.px(6) if self.words else 0

    def _rooms(self, width: int) -> tuple[Room, Room]:
        finger, px = self.sheet.finger, self.sheet.px
        least, good = (self._tall(width, side) for side in (finger, max(finger, px(62))))
        most = self._tall(width, max(finger, px(62)), px(90))
        signs = Room(least, max(least, good), max(least, good, most))
        if not self.words:
            return signs, Room(0, 0, 0)
        return signs, Room(finger, max(finger, px(60)), max(finger, px(76)))

    def _tall(self, width: int, side: int, height: int = 0) -> int:
        """Height of the signs in as many columns of a side as there is width for."""
        columns = max(1, (width + self._gap) // (side + self._gap))
        return -(-len(self.signs) // columns) * ((height or side) + self._gap) - self._gap

    def drawing(self, box: Box) -> Drawing:
        rooms, apart = self._rooms(box.w), self._apart
        tall = shared(rooms, box.h - apart)
        upper = box.under(box.h - sum(tall) - apart).upper(tall[0])
        columns = self._columns(upper)
        drawing = self._row(self.signs, upper.grid(columns, self._rows(columns), self._gap))
        if not self.words:
            return drawing
        low = box.under(box.h - tall[1])
        return drawing + self._row(self.words, low.grid(len(self.words), 1, self._gap))

    def _row(self, keys: tuple[KioskKey, ...], cells: tuple[Box, ...]) -> Drawing:
        drawing, sheet = self.sheet.bare, self.sheet
        most = min(sheet.type(30), max(1, cells[0].h * 11 // 20))
        style = sheet.style(30, sheet.theme.card, strong=True)
        places = tuple(
            (key.label, places_on(sheet, key, self.at, cell, typing=True).words)
            for key, cell in zip(keys, cells, strict=False)
        )
        sizes = sheet.typesetter.same_size(places, replace(style, largest=most, smallest=1))
        face = KeyFace(sheet, sizes.largest, sizes.largest, self.at, typing=True)
        for key, cell in zip(keys, cells, strict=False):
            drawing += face.drawing(key, cell)
        return drawing

    def _rows(self, columns: int) -> int:
        return -(-len(self.signs) // columns)

    def _columns(self, box: Box) -> int:
        """As many as make the keys the largest, and leave the fewest places empty."""

        def rated(columns: int) -> tuple[float, int]:
            cell = box.grid(columns, self._rows(columns), self._gap)[0]
            spare = columns * self._rows(columns) - len(self.signs)
            return min(cell.w, cell.h * 1.25) - spare, -spare

        return max(range(1, len(self.signs) + 1), key=rated)
