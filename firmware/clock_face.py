"""How a display writes the hub's time for visitors: hours and minutes, the day, when the next minute begins."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

__all__ = ["ClockFace"]

WEEKDAYS = "一二三四五六日"
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

    def date(self, at: int) -> str:
        """Write the day.

        >>> ClockFace("Asia/Shanghai").date(1_700_000_000_000)
        '11月15日 星期三'
        """
        day = self._of(at)
        return f"{day.month}月{day.day}日 星期{WEEKDAYS[day.weekday()]}"

    @staticmethod
    def to_next_minute(at: int) -> float:
        """Seconds until another minute is to be shown; time zones are whole minutes.

        >>> ClockFace.to_next_minute(59_000)
        1.0
        """
        return (MINUTE_MS - at % MINUTE_MS) / 1000

    def _of(self, at: int) -> datetime:
        return datetime.fromtimestamp(at / 1000, self._zone)
