"""What queueing theory knows exactly, the simulation must find: Erlang C, and Cobham's non-preemptive priorities.

Each mean is of independent days; the theory must lie within its 99 % confidence interval (Student's t), and that
interval must be narrow enough to tell the theory from a wrong one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import factorial, sqrt
from statistics import fmean, stdev

import pytest

from broker.simulate.figures import heard
from broker.simulate.spread import Exponential
from broker.simulate.visitor import midnight
from tests.simulate.plain import DAY, ZONE, Run, plain, runs

DAYS = 12
NARROW = 0.15
T_99 = 3.106  # Student's t, 11 degrees of freedom, two-sided
MINUTE_MS = 60_000
# The hall begins empty: by then it has forgotten that.
WARM_MS = midnight(DAY, ZONE) + 180 * MINUTE_MS


def erlang_c(counters: int, load: float) -> float:
    """The probability that who comes must wait; `load` is arrival rate times mean service time (A. K. Erlang, 1917)."""
    full = load**counters / factorial(counters) / (1 - load / counters)
    return full / (sum(load**n / factorial(n) for n in range(counters)) + full)


@dataclass(frozen=True)
class Interval:
    mean: float
    half: float

    def __contains__(self, value: float) -> bool:
        return abs(value - self.mean) <= self.half


def interval(means: Sequence[float]) -> Interval:
    assert len(means) == DAYS
    return Interval(fmean(means), T_99 * stdev(means) / sqrt(DAYS))


def mean_wait(run: Run, green: str = "") -> float:
    """Minutes, of those who came once the hall had warmed up; none of them is left out."""
    visits = [v for v in heard(run.floor).visits.values() if v.issued.issued_at >= WARM_MS]
    assert all(v.wait_ms is not None for v in visits)
    return fmean((v.wait_ms or 0) / MINUTE_MS for v in visits if v.issued.green == green)


@pytest.mark.parametrize(("counters", "busy", "minutes"), [(1, 0.6, 0.4), (3, 0.7, 0.7)])
def test_one_class_waits_as_erlang_c_says(counters, busy, minutes):
    load = counters * busy
    hall = plain(counters, load / minutes * 30, service_min=Exponential(mean=minutes))
    found = interval([mean_wait(run) for run in runs(hall, DAYS)])
    theory = erlang_c(counters, load) * minutes / (counters - load)
    assert theory in found, (theory, found)
    assert found.half < NARROW * theory, found


def test_two_classes_wait_as_cobham_says():
    """Green counters: the green channel goes first always, and nobody is interrupted."""
    counters, busy, green, minutes = 2, 0.7, 0.3, 0.5
    hall = plain(
        counters,
        counters * busy / minutes * 30,
        service_min=Exponential(mean=minutes),
        green=green,
    )
    days = [(mean_wait(run, "green"), mean_wait(run)) for run in runs(hall, DAYS)]
    # A. Cobham, "Priority assignment in waiting line problems", 1954: W0 / ((1 - before) (1 - before - own)).
    ahead = erlang_c(counters, counters * busy) * minutes / counters
    theory = (ahead / (1 - green * busy), ahead / (1 - green * busy) / (1 - busy))
    for expected, means in zip(theory, zip(*days, strict=True), strict=True):
        found = interval(means)
        assert expected in found, (expected, found)
        assert found.half < NARROW * expected, found
