"""A card reader for tests and the virtual hall: the real Protocol, and a world's side that lays cards on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from firmware.hal import Health, Trouble
from firmware.hal.card_reader import Card
from firmware.hal.card_reader.day_key import DayKey

__all__ = ["MockCardReader"]


class MockCardReader:
    """`shown` holds each card that was posted; a card that lies there when it begins to listen is read then."""

    def __init__(self, *, watcher: Callable[[], None] | None = None) -> None:
        self.shown: list[Card] = []
        self.closed = False
        self._watcher = watcher
        self._post: Callable[[Card], None] | None = None
        self._lies: Card | None = None
        self._key: DayKey | None = None
        self._was_read = False
        self._broken = False

    # The Protocol.

    def listen(self, post: Callable[[Card], None]) -> None:
        self._post = post
        self._read()

    def use(self, key: DayKey) -> None:
        self._key = key

    def health(self) -> Health:
        if self._broken:
            return Health(usable=False, troubles=(Trouble.NO_ANSWER,))
        return Health()

    def close(self) -> None:
        self._post = None
        self.closed = True

    # The world's side.

    def lay(self, card: Card) -> None:
        """Put a card on the reader; it lies there until it is taken away, or another is laid. Its `person` stands for
        the number, which is posted as the key's hash.
        """
        if card != self._lies:
            self._lies, self._was_read = card, False
        self._read()

    def take_away(self) -> None:
        self._lies = None

    def break_down(self) -> None:
        self._broken = True

    def repair(self) -> None:
        self._broken = False
        self._read()

    def _read(self) -> None:
        if self._lies is None or self._was_read or self._post is None or self._broken:
            return
        self._was_read = True
        person = self._key.person(self._lies.person) if self._key else ""
        card = replace(self._lies, person=person)
        self.shown.append(card)
        self._post(card)
        if self._watcher:
            self._watcher()
