"""How a display writes the hub's time for visitors: hours and minutes, the day, when the next minute begins."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from broker.phrases import Day

__all__ = ["ClockFace"]

MINUTE_MS = 60_000


class ClockFace:
    """The hall's local time; every moment is in ms of the hub's time."""

    def __init__(self, timezone: str) -> None:
        self._zone = ZoneInfo(timezone)

    def time(self, at: int) -> str:
        """Write it as hours and minutes.

        >>> ClockFace("Asia/Shanghai").time(1_700_000_000_000)
        '06:13'
        """
        return f"{self._of(at):%H:%M}"

    def date(self, at: int, words: Day) -> str:
        """Write the day.

        >>> ClockFace("Asia/Shanghai").date(1_700_000_000_000, Day())
        '11月15日 星期三'
        """
        day = self._of(at)
        weekdays = (
            *(words.monday, words.tuesday, words.wednesday, words.thursday),
            *(words.friday, words.saturday, words.sunday),
        )
        return words.date.format(month=day.month, day=day.day, weekday=weekdays[day.weekday()])

    @staticmethod
    def to_next_minute(at: int) -> float:
        """Seconds until another minute is to be shown; time zones are whole minutes.

        >>> ClockFace.to_next_minute(59_000)
        1.0
        """
        return (MINUTE_MS - at % MINUTE_MS) / 1000

    def _of(self, at: int) -> datetime:
        return datetime.fromtimestamp(at / 1000, self._zone)
