"""What the kiosk says in one of its languages: the hall's phrases, names and times put into sentences; no page and no key."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from broker.hearing import Cause
from broker.items import Group, Item, Limit, Material, duration
from broker.messages import Refusal, Wait
from broker.phrases import Language, Table
from broker.settings import Hall
from firmware.hal import Health, Trouble

__all__ = ["NAMES", "Words"]

_HAN = re.compile("[\u4e00-\u9fff]")

NAMES = {Language.CHINESE: "中文", Language.ENGLISH: "English"}
"""Each language by its own name, which is what its key says."""


class Named(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def english(self) -> str: ...


LONG_MIN = 120  # from then on nobody counts in minutes


class Words:
    """`phrases` are the kiosk's own."""

    def __init__(self, hall: Hall, language: Language = Language.CHINESE) -> None:
        self._hall, self.language = hall, language
        self._zone = ZoneInfo(hall.hall.timezone)
        self._whole = hall.phrases_in(language)
        self.phrases = self._whole.kiosk

    @property
    def is_chinese(self) -> bool:
        return self.language is Language.CHINESE

    # --- names ------------------------------------------------------------------------------------------

    def name(self, named: Named) -> str:
        return named.name if self.is_chinese else named.english or named.name

    def service(self, service: str) -> str:
        # New settings may have taken away the service of a number that is still owed.
        return self.name(self._hall.service[service]) if service in self._hall.service else ""

    def item(self, item: Item, *, short: bool = False) -> str:
        if not self.is_chinese:
            return item.name_en
        return item.label if short else item.name

    def group(self, group: Group) -> str:
        return group.name if self.is_chinese else group.name_en

    def materials(self, materials: tuple[Material, ...]) -> tuple[str, ...]:
        """In English as far as the catalogue has it."""
        told = tuple(one.told(english=not self.is_chinese) for one in materials)
        return told or (self.phrases.service.nothing,)

    def heading(self, heading: str, lines: tuple[str, ...]) -> str:
        """Over lines; in English it tells where they are not translated."""
        if self.is_chinese or not _HAN.search("".join(lines)):
            return heading
        return self.phrases.guide.untranslated.format(heading=heading)

    def limit(self, limit: Limit) -> str:
        """A time limit, which the catalogue has in Chinese."""
        says = self.phrases.guide
        count, unit = duration(limit)
        phrases = {"个工作日": says.working_days, "日": says.days, "个月": says.months}
        return phrases[unit].format(count=count) if unit in phrases else says.at_once

    # --- a ticket ---------------------------------------------------------------------------------------

    def taken(self, ticket: str) -> str:
        return self._whole.taken.format(ticket=ticket)

    def ahead(self, ahead: int) -> str:
        return self._whole.ahead.format(ahead=ahead)

    @property
    def one_as(self) -> str:
        return self._whole.one_as

    def about(self, wait: Wait | None) -> str:
        """An estimated wait; empty where nothing is known."""
        says = self.phrases.service
        if wait is None:
            return ""
        if not wait.least:
            return says.wait_within.format(most=max(wait.most, 1))
        if wait.least >= LONG_MIN:
            least = wait.least // 60
            return says.wait_hours.format(least=least, most=max(-(-wait.most // 60), least + 1))
        if wait.least < wait.most:
            return says.wait_range.format(least=wait.least, most=wait.most)
        return says.wait_about.format(most=wait.most)

    def moment(self, at: int) -> datetime:
        return datetime.fromtimestamp(at / 1000, self._zone)

    def again(self, at: int) -> str:
        """From when on tickets can be had; empty where nobody knows."""
        if not at:
            return ""
        then = self.moment(at)
        return self.phrases.service.again.format(
            month=then.month, day=then.day, time=f"{then:%H:%M}"
        )

    def day(self, day: date) -> str:
        return f"{day.year}年{day.month}月{day.day}日" if self.is_chinese else day.isoformat()

    # --- why not ----------------------------------------------------------------------------------------

    def refused(self, code: Refusal | None, *, alone: bool) -> str:
        return self._of(self.phrases.refused, f"alone_{code}" if alone else "", code or "", "other")

    def not_now(self, code: Refusal) -> str:
        return self._of(self.phrases.not_now, code, "other")

    def not_back(self, code: Refusal | None) -> str:
        return self._of(self.phrases.check_in, code or "", "other")

    def cause(self, cause: Cause) -> str:
        return self._of(self.phrases.cause, cause)

    def trouble(self, *troubles: Trouble) -> str:
        """The first of a printer's troubles that has a sentence of its own."""
        return self._of(self.phrases.stopped, *troubles, "broken")

    def why_stopped(self, printer: Health | None) -> str:
        """Why no ticket can be printed; empty while one can. An unknown printer is not ready."""
        if printer is None:
            return self.phrases.stopped.starting
        return "" if printer.usable else self.trouble(*printer.troubles)

    def _of(self, table: Table, *names: str) -> str:
        """The phrase of the first name that the table has; its fields are the enums' values."""
        return str(next(getattr(table, name) for name in names if name and hasattr(table, name)))
