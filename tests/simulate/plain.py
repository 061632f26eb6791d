"""Plain halls and profiles: no walking, no reaction, nobody absent, so that a test puts in what it is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

import msgspec

from broker.loading import parse
from broker.simulate.day import run_day
from broker.simulate.floor import Floor
from broker.simulate.port import Rules
from broker.simulate.profile import Arrivals, Behaviour, Profile, ServiceProfile, Shift
from broker.simulate.scenario import Scenario
from broker.simulate.spread import Constant, Exponential, Spread
from broker.simulate.visitor import Visitor, visitors_of
from tests.queue.halls import Window, text_of

DAY = date(2026, 3, 18)
ZONE = "Asia/Shanghai"
NO_TIME = Constant(value=0)
A_MINUTE = Exponential(mean=1)
AT_ONCE = Behaviour(
    printing_s=NO_TIME,
    reaction_s=NO_TIME,
    walking_s=NO_TIME,
    late_opening_s=NO_TIME,
    announcing_s=NO_TIME,
)


def plain(
    counters: int,
    per_half_hour: float,
    *,
    service_min: Spread = A_MINUTE,
    half_hours: int = 43,
    green: float = 0.0,
    **more: object,
) -> Scenario:
    """One service at so many counters, all of them green ones, from half past midnight on."""
    # The last one, which nobody opens, is there because a hall with green counters alone is refused.
    green_ones = (Window(services=("pension",), green=True, pad=False),) * counters
    windows = (*green_ones, Window(services=("pension",), pad=False))
    text = text_of(windows, {"pension": "A"}, number_digits=4)
    text = text.partition('[[boards]]\nid = "hall"')[
        0
    ]  # no voice: nothing here is about announcing
    profile = Profile(
        hall="hall.toml",
        date=DAY,
        services=(
            ServiceProfile(
                id="pension",
                service_min=service_min,
                arrivals=Arrivals(begin="00:30", per_half_hour=(per_half_hour,) * half_hours),
            ),
        ),
        counters=tuple(
            Shift(number=number, opens="00:30", closes="22:00") for number in range(1, counters + 1)
        ),
        classes={"green": green} if green else {},
        behaviour=AT_ONCE,
    )
    return Scenario(parse(text), text, msgspec.structs.replace(profile, **more))


@dataclass(frozen=True)
class Run:
    visitors: list[Visitor]
    floor: Floor


def run(scenario: Scenario, seed: int = 1, factor: float = 1.0) -> Run:
    """The scenario's day by the rules alone."""
    profile = scenario.profile
    visitors = visitors_of(profile, ZONE, profile.date, factor, Random(seed))
    port = Rules(scenario.hall, scenario.text, seed)
    return Run(visitors, run_day(port, profile, profile.date, visitors, f"floor {seed}"))


def runs(scenario: Scenario, times: int) -> Iterator[Run]:
    """Independent replications."""
    return (run(scenario, seed) for seed in range(times))
