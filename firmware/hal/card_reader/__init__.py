"""A reader of identity cards: of what stands on a card, only two facts ever leave it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from firmware.hal import Health

__all__ = ["Card", "CardReader"]


@dataclass(frozen=True, slots=True)
class Card:
    """All that the hall learns of a card: whether its holder is 60 or over, and a keyed hash of the number, in hex."""

    person: str
    elderly: bool


class CardReader(Protocol):
    """Posts each card once, however long it lies there, from its own thread. `listen` is called once."""

    def listen(self, post: Callable[[Card], None]) -> None: ...

    def health(self) -> Health: ...

    def close(self) -> None: ...
