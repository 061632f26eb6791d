"""What the hall promises of what is being done at a counter: time limit, fee and result, from its catalogue."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from broker.items import Item
from broker.settings import Hall
from firmware.hal.screen import Label, Standard

__all__ = ["Standards"]


class Standards:
    """Of an item, or a service with only one, all of it; of a service with several, the time limit of each."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._zone = ZoneInfo(hall.hall.timezone)

    def of(self, service: str, item: str, now: int | None) -> Standard | None:
        """What is promised of an item, or of all of its service, as the catalogue has them then; None if it has none."""
        if not service or now is None:
            return None
        items = self._hall.catalogue.of_service(service, self._day(now))
        items = tuple(one for one in items if one.id == item) or items
        if len(items) == 1:
            return self.of_item(items[0])
        words, english = self._hall.phrases.counter_display, self._hall.english.counter_display
        rows = tuple((item.label, item.promised) for item in items)
        return Standard(Label(words.standard, english.standard), rows) if rows else None

    def of_item(self, item: Item) -> Standard:
        words = self._hall.phrases.counter_display
        rows = ((words.limit, item.promised), (words.fee, item.fee), (words.result, item.result))
        return Standard(Label(item.name, item.name_en), tuple(row for row in rows if row[1]))

    def _day(self, now: int) -> date:
        return datetime.fromtimestamp(now / 1000, self._zone).date()
