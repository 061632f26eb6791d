"""A reader of identity cards: of what stands on a card, only two facts ever leave it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from firmware.hal import Health
from firmware.hal.buses.line_parts import LinePart
from firmware.hal.buses.places import Place, parse_place
from firmware.hal.card_reader.day_key import DayKey

if TYPE_CHECKING:
    from firmware.hal.buses.line import Lines

__all__ = [
    "Card",
    "CardReader",
    "CardReaderSettings",
    "SdtCardReaderSettings",
    "open_card_reader",
]


@dataclass(frozen=True, slots=True)
class Card:
    """All that the hall learns of a card: whether its holder is 60 or over, and a keyed hash of the number, in hex,
    empty without a key.
    """

    person: str
    elderly: bool


class CardReader(Protocol):
    """Posts each card once, however long it lies there, from its own thread. `listen` is called once.

    What lies there when the key changes keeps the hash that it was posted with.
    """

    def listen(self, post: Callable[[Card], None]) -> None: ...

    def use(self, key: DayKey) -> None:
        """From now on holders age by the key's day, and are known by its hash; until then by no hash."""

    def health(self) -> Health: ...

    def close(self) -> None: ...


class SdtCardReaderSettings(LinePart, frozen=True, kw_only=True, tag_field="model", tag="sdt"):
    """A reader with a security module (SAM) of the Ministry of Public Security, on a serial line."""

    @property
    def place(self) -> Place:
        return parse_place(self.port, baud=115200)


CardReaderSettings = SdtCardReaderSettings


def open_card_reader(settings: CardReaderSettings, lines: Lines) -> CardReader:
    """Open a reader; one that is not there yet is found as soon as it is."""
    from firmware.hal.card_reader.sdt import SdtCardReader

    return SdtCardReader(settings, lines.at(settings.place))
