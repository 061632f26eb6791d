"""The key that makes a person's number into what the hall knows them by; made each day, thrown away each night."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import date

__all__ = ["KEY_BYTES", "DayKey"]

KEY_BYTES = 32


class DayKey:
    """HMAC-SHA256 with a key that only this object has, in memory: not on a disk, not in settings, not on the wire.

    So what is in the journal can never be traced back to a number, not even by trying all numbers, once the day is
    over or the board has started anew. The price: two boards know the same person by different hashes, and so does
    one before and after a restart. One ticket per person holds at one kiosk, until it starts anew.
    `new` gives KEY_BYTES random bytes.
    """

    def __init__(self, new: Callable[[], bytes]) -> None:
        self._new = new
        self._key = bytearray()
        self._day: date | None = None

    def turn_to(self, day: date) -> None:
        """It is `day` now: with another one the old key goes."""
        if day != self._day:
            self._key[:] = bytes(len(self._key))
            self._key[:] = self._new()
            self._day = day

    def person(self, number: str) -> str:
        """Whom a number belongs to, in 64 hex digits. `turn_to` comes first."""
        if not self._key:
            raise ValueError("a day's key is asked for before the day")
        return hmac.digest(bytes(self._key), number.encode(), "sha256").hex()
