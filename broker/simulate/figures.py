"""What simulated days come to: waits, counts, counters, rules, and how good the estimates were; it prints nothing."""

from __future__ import annotations

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import ceil
from statistics import fmean, median

from broker.messages import DayOpened, Rank, Refusal
from broker.reports.desk import Doing
from broker.reports.visit import End, Visit
from broker.reports.visits import Visits
from broker.simulate.floor import Floor

__all__ = ["Counts", "Estimates", "Figures", "Waits", "heard", "share_engaged", "waits_of"]

MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Waits:
    """Of `n` waits, in minutes. Nine of ten were at most `p90` (nearest rank)."""

    n: int
    mean: float
    median: float
    p90: float
    longest: float


def waits_of(waits_ms: Iterable[int]) -> Waits | None:
    """None of none.

    >>> waits_of([60_000, 120_000, 180_000, 600_000])
    Waits(n=4, mean=4.0, median=2.5, p90=10.0, longest=10.0)
    """
    minutes = sorted(wait / MINUTE_MS for wait in waits_ms)
    if not minutes:
        return None
    ninth = minutes[ceil(0.9 * len(minutes)) - 1]
    return Waits(len(minutes), fmean(minutes), median(minutes), ninth, minutes[-1])


@dataclass(slots=True)
class Counts:
    """How many tickets, and how each visit ended; `waits` are those that led to service, in ms."""

    issued: int = 0
    ends: Tally[End] = field(default_factory=Tally)
    waits: list[int] = field(default_factory=list)

    def add(self, visit: Visit) -> None:
        self.issued += 1
        self.ends[visit.end] += 1
        if visit.wait_ms is not None:
            self.waits.append(visit.wait_ms)


@dataclass(slots=True)
class Estimates:
    """The wait on the ticket against the wait until its first call.

    It came `inside` the range on the ticket, before it (`sooner`), or after it (`later`); `error` sums
    |middle of the range - wait|, in minutes.
    """

    tickets: int = 0
    inside: int = 0
    sooner: int = 0
    later: int = 0
    error: float = 0.0

    def add(self, visit: Visit) -> None:
        wait = visit.issued.wait
        if wait is None or not visit.calls:
            return
        real = (
            max(0, visit.calls[0].at - max(visit.issued.issued_at, visit.issued.slot)) / MINUTE_MS
        )
        self.tickets += 1
        # A range is told in whole minutes.
        told = round(real)
        self.inside += wait.least <= told <= wait.most
        self.sooner += told < wait.least
        self.later += told > wait.most
        self.error += abs((wait.least + wait.most) / 2 - real)


@dataclass(slots=True)
class Figures:
    """Of one day or of many. `spent` has, by counter, the ms of all that it did; `turns` whom it served."""

    days: int = 0
    all: Counts = field(default_factory=Counts)
    by_service: defaultdict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    by_class: defaultdict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    spent: defaultdict[int, Tally[Doing]] = field(default_factory=lambda: defaultdict(Tally))
    turns: Tally[int] = field(default_factory=Tally)
    rules: Tally[str] = field(default_factory=Tally)
    refused: Tally[tuple[str, Refusal]] = field(default_factory=Tally)
    estimates: Estimates = field(default_factory=Estimates)

    def add(self, floor: Floor, visits: Visits) -> None:
        """Count a day that is over, and what was heard of it."""
        self.days += 1
        for visit in visits.visits.values():
            self.all.add(visit)
            self.by_service[visit.issued.service].add(visit)
            self.by_class[_class_of(visit)].add(visit)
            self.turns.update(turn.counter for turn in visit.turns)
            self.estimates.add(visit)
        for number, desk in visits.desks.items():
            self.spent[number] += desk.spent_until(floor.now)
        self.rules += visits.rules
        self.refused += floor.refused

    @property
    def utilisation(self) -> float:
        """The share of its open time that the average counter was engaged; pauses are not open time."""
        return share_engaged(sum(self.spent.values(), Tally()))


def heard(floor: Floor) -> Visits:
    """Of this day alone: what the hub tells before it opens the day belongs to the one before."""
    visits = Visits()
    opened = next(n for n, (event, _) in enumerate(floor.told) if isinstance(event, DayOpened))
    for event, at in floor.told[opened:]:
        visits.hear(event, at)
    return visits


def share_engaged(spent: Tally[Doing]) -> float:
    worked = spent[Doing.ENGAGED] + spent[Doing.IDLE]
    return spent[Doing.ENGAGED] / worked if worked else 0.0


def _class_of(visit: Visit) -> str:
    if visit.issued.green:
        return visit.issued.green
    return (Rank.APPOINTMENT if visit.issued.slot else Rank.WALK_IN).name.lower()
