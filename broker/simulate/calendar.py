"""A hall's year: which days it is open, with public holidays and moved working days, and how busy each is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from math import log, sqrt
from random import Random

import msgspec

from broker.loading import SettingsFault, parse
from broker.settings import Hall, Opening
from broker.simulate.profile import Year

__all__ = ["adopt", "busyness", "days_of", "with_holidays"]


def with_holidays(opening: Opening, country: str, year: int) -> Opening:
    """The hall's opening with a year's public holidays, unless it names its own."""
    if not country or opening.closed_days or opening.open_days:
        return opening
    from holidays import country_holidays

    calendar = country_holidays(country, years=year)
    return msgspec.structs.replace(
        opening,
        closed_days=tuple(sorted(day for day in calendar if day.year == year)),
        open_days=tuple(sorted(day for day in calendar.weekend_workdays if day.year == year)),
    )


def adopt(hall: Hall, text: str, opening: Opening) -> tuple[Hall, str]:
    """The hall and its hall.toml with the days of `opening`, which the rules go by. Raises SettingsFault."""
    if not hall.opening.sessions or opening == hall.opening:
        return hall, text  # always open, or as it is
    header = re.search(r"^[ \t]*\[[ \t]*opening[ \t]*\][^\n]*\n", text, re.MULTILINE)
    if header is None:
        raise SettingsFault(
            ("hall.toml: write opening as a table, [opening], or its closed_days yourself",)
        )
    lines = f"closed_days = [{_listed(opening.closed_days)}]\nopen_days = [{_listed(opening.open_days)}]\n"
    text = text[: header.end()] + lines + text[header.end() :]
    return parse(text), text


def _listed(days: Iterable[date]) -> str:
    return ", ".join(day.isoformat() for day in days)


def days_of(opening: Opening, year: int) -> Iterator[tuple[date, bool]]:
    """The open days of a year, and whether each is the first one after a holiday."""
    day, after_holiday = date(year, 1, 1), False
    while day.year == year:
        usual = day.isoweekday() in opening.weekdays
        if day in opening.open_days or (usual and day not in opening.closed_days):
            yield day, after_holiday
            after_holiday = False
        elif usual:
            after_holiday = True
        day += timedelta(days=1)


def busyness(year: Year, day: date, rng: Random, *, after_holiday: bool) -> float:
    """By how much a day's arrivals differ from the profile's."""
    grown = 1 + year.growth * (day.timetuple().tm_yday - 1) / 365
    sigma = sqrt(log(1 + year.day_cv**2))
    chance = rng.lognormvariate(-sigma * sigma / 2, sigma) if sigma else 1.0
    holiday = year.after_holiday if after_holiday else 1.0
    return year.months[day.month - 1] * year.weekdays[day.weekday()] * holiday * grown * chance
