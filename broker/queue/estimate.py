"""How long a wait will be, from how long counters were busy with a ticket lately: arithmetic alone."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil, floor, sqrt

from broker.messages import Pace, Wait

__all__ = ["after", "learnt"]

MINUTE_MS = 60_000
# About so many of the newest tickets make a pace: older ones fade.
MEMORY = 40
# Four of five waits lie within so many standard deviations of what is expected.
DEVIATIONS = 1.28


def learnt(pace: Pace, busy_ms: int) -> Pace:
    """The pace with one more ticket in it, that kept a counter busy so long."""
    weight = min(pace.weight + 1, MEMORY)
    before = busy_ms - pace.mean
    mean = pace.mean + before / weight
    variance = pace.variance + (before * (busy_ms - mean) - pace.variance) / weight
    return Pace(weight, mean, variance)


def after(work: Iterable[tuple[float, Pace]], counters: int) -> Wait:
    """The minutes in which `counters` get through `work`: so many people, each of a pace that is known.

    The range has two causes: each visitor takes his own time, and the pace itself is known from few tickets only.
    """
    mean = variance = doubt = 0.0
    for people, pace in work:
        mean += people * pace.mean
        variance += people * pace.variance
        doubt += people * sqrt(pace.variance / pace.weight)
    spread = DEVIATIONS * sqrt(variance + doubt * doubt)
    least = max(0.0, mean - spread) / counters / MINUTE_MS
    most = (mean + spread) / counters / MINUTE_MS
    return Wait(floor(least), ceil(most))
