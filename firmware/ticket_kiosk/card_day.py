"""By which day and key the kiosk's card reader goes: the hub's, and once that day is over, the day alone; it reads no clock."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from broker.messages import CardKey
from broker.settings import Hall
from firmware.device import UseCardKey

__all__ = ["CardDay"]


class CardDay:
    """A kiosk that is alone at midnight throws the key away by itself, and goes on without one."""

    def __init__(self, hall: Hall) -> None:
        self._zone = ZoneInfo(hall.hall.timezone)
        self._used: UseCardKey | None = None
        self._told: UseCardKey | None = None

    def hears(self, key: CardKey) -> None:
        self._used = UseCardKey(key.day, key.key)

    def turns(self, now: int) -> UseCardKey | None:
        """What the reader has to go by from now on, if that is something else; `now` is the hub's time."""
        if self._used is None:
            return None
        today = datetime.fromtimestamp(now / 1000, self._zone).date().isoformat()
        # The hub's day never goes back: a key of a day to come is only heard a moment early.
        if today > self._used.day:
            self._used = UseCardKey(today, "")
        if self._used == self._told:
            return None
        self._told = self._used
        return self._used
