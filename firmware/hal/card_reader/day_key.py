"""The key of one day, which makes a person's number into what the hall knows them by; pure, and keeps no other day's."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import date

__all__ = ["DayKey"]


@dataclass(frozen=True, slots=True)
class DayKey:
    """HMAC-SHA256. All readers of a hall have the same key, so that they know the same person by the same hash; once
    it is gone, with its day, no hash can be traced back to a number, not even by trying all numbers.
    """

    day: date
    key: bytes = field(repr=False)

    def person(self, number: str) -> str:
        """Whom a number belongs to, in 64 hex digits; empty without a key: an unkeyed hash would tell who it is."""
        return hmac.digest(self.key, number.encode(), "sha256").hex() if self.key else ""
