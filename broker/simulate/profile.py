"""A profile, typed: who comes to a hall on a day, how long things take, when its counters work, and how a year goes."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, field

from broker.messages import Level
from broker.settings import Settings
from broker.simulate.spread import (
    Constant,
    Gamma,
    Lognormal,
    NotNegative,
    Positive,
    Spread,
    Uniform,
)

__all__ = [
    "HALF_HOURS",
    "Appointments",
    "Arrivals",
    "Behaviour",
    "Break",
    "ClockTime",
    "Hold",
    "Profile",
    "Ratings",
    "ServiceProfile",
    "Shift",
    "Transfers",
    "Year",
    "minute_of",
]

ClockTime = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z")]
Share = Annotated[float, Meta(ge=0, le=1)]
HALF_HOURS = 48
LEVELS = {
    Level.VERY_SATISFIED: 80.0,
    Level.SATISFIED: 14.0,
    Level.FAIRLY_SATISFIED: 4.0,
    Level.DISSATISFIED: 1.5,
    Level.VERY_DISSATISFIED: 0.5,
}


def minute_of(clock: str) -> int:
    """The minute of the day.

    >>> minute_of("08:30")
    510
    """
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


class Arrivals(Settings, frozen=True):
    """How many are expected in each half hour from `begin` on; they come independently of each other (Poisson)."""

    begin: ClockTime
    per_half_hour: Annotated[tuple[NotNegative, ...], Meta(min_length=1, max_length=HALF_HOURS)]


class Transfers(Settings, frozen=True):
    """After their service this share goes on to another one."""

    share: Share
    to: str


class Hold(Settings, frozen=True):
    """In the middle of their service this share must fetch a paper, and come back after `away_min`."""

    share: Share
    away_min: Spread


class ServiceProfile(Settings, frozen=True):
    """`no_show` is the share that is gone when called; of them the share `comes_back` returns.

    `gives_up` is the share that cancels its ticket once it has waited `patience_min`.
    """

    id: str
    service_min: Spread
    arrivals: Arrivals | None = None
    no_show: Share = 0.0
    comes_back: Share = 0.0
    gives_up: Share = 0.0
    transfer: Transfers | None = None
    hold: Hold | None = None


class Appointments(Settings, frozen=True):
    """A `share` of visitors has booked the slot they come in: they are there `early_s` before it, or late by `late_s`."""

    share: Share
    slot_min: Annotated[int, Meta(ge=5, le=240)] = 30
    late: Share = 0.1
    early_s: Spread = Uniform(least=0, most=600)
    late_s: Spread = Uniform(least=60, most=1800)


class Break(Settings, frozen=True):
    """Planned: it begins when the ticket in hand at `at` is done."""

    at: ClockTime
    minutes: Annotated[int, Meta(ge=1, le=480)]
    reason: str = ""


class Shift(Settings, frozen=True):
    """When a counter works. At `closes`, who `stays` serves on while anybody waits for the counter."""

    number: int
    opens: ClockTime
    closes: ClockTime
    stays: bool = True
    breaks: tuple[Break, ...] = ()


class Behaviour(Settings, frozen=True):
    """`reaction_s` lies between the end of a ticket (or somebody's coming) and Next; `walking_s` between call and visitor.

    A clerk waits `recall_after_s` before each of `recalls` recalls, and once more before the no-show.
    """

    printing_s: Spread = Constant(value=3)
    reaction_s: Spread = Gamma(mean=12, cv=0.8)
    walking_s: Spread = Lognormal(mean=25, cv=0.5)
    recall_after_s: Spread = Uniform(least=20, most=40)
    recalls: Annotated[int, Meta(ge=0, le=9)] = 2
    announcing_s: Spread = Constant(value=6)
    late_opening_s: Spread = Uniform(least=0, most=180)
    patience_min: Spread = Uniform(least=20, most=60)
    back_after_min: Spread = Uniform(least=3, most=30)


class Ratings(Settings, frozen=True):
    """The share that presses a key of the pad, after `after_s`, and how often each level."""

    share: Share = 0.0
    after_s: Spread = Uniform(least=2, most=15)
    levels: dict[Level, NotNegative] = field(default_factory=lambda: dict(LEVELS))


class Year(Settings, frozen=True):
    """How a year's days differ: each factor multiplies the day's arrivals.

    `growth` is by how much the year's end is above its begin (0.05 for 5 %). `day_cv` is what no calendar explains.
    `holidays` are the public ones of that country with their moved working days (调休), where hall.toml names none.
    """

    months: Annotated[tuple[NotNegative, ...], Meta(min_length=12, max_length=12)] = (1.0,) * 12
    weekdays: Annotated[tuple[NotNegative, ...], Meta(min_length=7, max_length=7)] = (1.0,) * 7
    after_holiday: Positive = 1.0
    growth: Annotated[float, Meta(gt=-1, le=10)] = 0.0
    day_cv: Annotated[float, Meta(ge=0, le=1)] = 0.0
    holidays: Literal["CN", ""] = "CN"


class Profile(Settings, frozen=True):
    """`hall` is the path of hall.toml, from where the profile stands. `classes` are shares by priority class."""

    hall: str
    date: date
    services: Annotated[tuple[ServiceProfile, ...], Meta(min_length=1)]
    counters: Annotated[tuple[Shift, ...], Meta(min_length=1)]
    seed: int = 1
    classes: dict[str, Share] = field(default_factory=dict)
    appointments: Appointments | None = None
    behaviour: Behaviour = Behaviour()
    ratings: Ratings = Ratings()
    year: Year = Year()
