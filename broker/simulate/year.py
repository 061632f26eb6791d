"""A year of simulated days, one after the other in one hall, by month."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from random import Random

from broker.simulate.calendar import busyness
from broker.simulate.day import run_day
from broker.simulate.figures import Figures, heard
from broker.simulate.port import Port
from broker.simulate.profile import Profile
from broker.simulate.visitor import visitors_of

__all__ = ["rare_collection", "run_year"]


def run_year(
    port: Port,
    profile: Profile,
    days: Iterable[tuple[date, bool]],
    seed: int,
    done: Callable[[date], object],
) -> tuple[dict[str, Figures], Figures]:
    """The figures of each month, and of all; `done` hears of each day that is over.

    `days` are in order, each with whether it is the first one after a holiday.
    """
    zone = port.queue.hall.hall.timezone
    months: dict[str, Figures] = {}
    whole = Figures()
    for day, after_holiday in days:
        rng = Random(f"{seed} {day}")
        factor = busyness(profile.year, day, rng, after_holiday=after_holiday)
        visitors = visitors_of(profile, zone, day, factor, rng)
        floor = run_day(port, profile, day, visitors, f"{seed} {day} floor")
        visits = heard(floor)
        for figures in (months.setdefault(f"{day:%Y-%m}", Figures()), whole):
            figures.add(floor, visits)
        done(day)
    return months, whole


@contextmanager
def rare_collection() -> Iterator[None]:
    """A day makes hundreds of thousands of small things and hardly a cycle: looking for cycles is a tenth of its time."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
