"""The hall's state and the moves it is changed by: what waits, what counters have, what was counted; it decides nothing."""

from __future__ import annotations

from collections import Counter as Tally
from dataclasses import dataclass, field

from broker.messages import (
    NOTHING_POSTED,
    Appointment,
    CounterStatus,
    DoneAlone,
    Event,
    Pace,
    Posted,
    Rank,
    Rule,
    TicketCalled,
)
from broker.queue.desk import NOBODY, CounterDesk, Passed
from broker.queue.estimate import learnt
from broker.queue.life import LIFE, Status, Ticket
from broker.queue.opening import local, slot_of
from broker.queue.pool import Pool, Spot
from broker.queue.waiting import RANKS, Waiting, rank_at, spot_of
from broker.settings import Hall

__all__ = ["BETWEEN", "Loan", "Standing"]

# The pace of what lies between two tickets at one counter, while people wait: no service is called so.
BETWEEN = ""
# Who takes longer to call the next one does something else.
LONGEST_BETWEEN_MS = 120_000


@dataclass(frozen=True, slots=True)
class Loan:
    """A number that a kiosk may give out while it is alone."""

    kiosk: str
    service: str


@dataclass
class Standing:
    """Today's tickets, lines and counters. Only `Queue.apply` changes it.

    `issued` has the last number by prefix; `taken` counts walk-ins by service, `in_slot` by service and slot, `calls`
    by service; `ratings` has the first and the last press, by day and ticket, `reasons` those that were told why; `holders` the tickets of each person;
    `lent` has the numbers that kiosks may give out alone; `unknown` what counters did alone, by numbers not heard of; `stopped` has the reasons by service, `ended` when the session's end was told;
    `missed` and `held` keep the order in which that happened; `working` has the services of each open counter;
    `moves` counts those who came back;
    `guides` has since when kiosks call a guide; `numbers_from` is above 0 on a day part of whose journal is lost.
    """

    hall: Hall
    settings_text: str = ""
    day: str = ""
    secret: str = ""
    last_call: int = 0
    moves: int = 0
    tickets: dict[str, Ticket] = field(default_factory=dict)
    waiting: Waiting = field(default_factory=Waiting)
    desks: dict[int, CounterDesk] = field(default_factory=dict)
    issued: Tally[str] = field(default_factory=Tally)
    taken: Tally[str] = field(default_factory=Tally)
    in_slot: Tally[tuple[str, int]] = field(default_factory=Tally)
    calls: Tally[str] = field(default_factory=Tally)
    holders: dict[str, list[str]] = field(default_factory=dict)
    unprinted: dict[str, dict[str, None]] = field(default_factory=dict)
    missed: dict[str, None] = field(default_factory=dict)
    held: dict[str, None] = field(default_factory=dict)
    ratings: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    reasons: set[tuple[str, str]] = field(default_factory=set)
    appointments: dict[str, Appointment] = field(default_factory=dict)
    kept_appointments: dict[str, str] = field(default_factory=dict)
    paces: dict[str, Pace] = field(default_factory=dict)
    lent: dict[str, Loan] = field(default_factory=dict)
    unknown: dict[str, tuple[DoneAlone, ...]] = field(default_factory=dict)
    stopped: dict[str, str] = field(default_factory=dict)
    ended: dict[str, int] = field(default_factory=dict)
    working: tuple[frozenset[str], ...] = ()
    emergency: Posted = NOTHING_POSTED
    notice: Posted = NOTHING_POSTED
    guides: dict[str, int] = field(default_factory=dict)
    numbers_from: int = 0

    def __post_init__(self) -> None:
        self.lay_out()

    # --- looking --------------------------------------------------------------------------------------

    def pools(self, counter: int) -> tuple[Pool, ...]:
        """Whom a counter may call: those it shares with others, and its own; none in which nobody waits."""
        both = (self.waiting.pools[self.hall.served[counter]], self.waiting.own[counter])
        return tuple(pool for pool in both if pool.size)

    def heads(self, counter: int, at: int) -> dict[Rank, Spot]:
        """The most senior of each rank whom a counter may call."""
        heads: dict[Rank, Spot] = {}
        for pool in self.pools(counter):
            for rank, line in zip(RANKS, pool.lines, strict=True):
                if line:
                    spot = line[0]
                    as_rank = rank_at(rank, spot, at)
                    heads[as_rank] = min(spot, heads.get(as_rank, spot))
        return heads

    # --- moving ---------------------------------------------------------------------------------------

    def moved(self, number: str, event: Event) -> Ticket:
        ticket = self.tickets[number]
        ticket.status = LIFE[ticket.status, type(event)]
        return ticket

    def waits(self, ticket: Ticket) -> None:
        ticket.counter = 0
        self.waiting.count(ticket, 1)
        self.waiting.join(ticket)

    def leaves(self, ticket: Ticket) -> None:
        self.waiting.count(ticket, -1)
        if ticket.in_line:
            self.waiting.leave(ticket)

    def take(self, ticket: Ticket, by: int) -> None:
        """Count what a walk-in takes of its service's quotas."""
        service = self.hall.service.get(ticket.service)
        if service is not None and not ticket.slot:
            self.taken[service.id] += by
            self.in_slot[service.id, slot_of(service, local(self.hall, ticket.issued_at))] += by

    def passed(self, event: TicketCalled, at: int) -> Passed:
        """Whom this call goes ahead of, counted on from the calls before it; a supervisor's and a clerk's by hand count for nothing."""
        before = self.desks[event.counter].passed
        if event.rule in (Rule.SUPERVISOR, Rule.BY_HAND):
            return before
        if event.rule in (Rule.ARRIVAL, Rule.GREEN_ONLY, Rule.APPOINTMENT_ONLY):
            return NOBODY  # no other rank waited
        ticket = self.tickets[event.ticket]
        rank = rank_at(ticket.rank, spot_of(ticket), at)
        heads = self.heads(event.counter, at)
        return tuple(
            before[r] + 1 if r in heads and r > rank else before[r] * (r in heads and r != rank)
            for r in RANKS
        )

    def freed(self, ticket: Ticket, counter: int, at: int) -> None:
        """The counter has done with it: how long that took is remembered."""
        desk = self.desks[counter]
        pace = self.paces.get(ticket.service, Pace())
        self.paces[ticket.service] = learnt(pace, at - desk.began_at)
        desk.freed_at = at
        desk.free()

    def came_after(self, ticket: Ticket, counter: int, at: int) -> None:
        """Learn how long a counter takes from one ticket to the next, where the next one waited already."""
        freed_at = self.desks[counter].freed_at
        between = at - freed_at
        if ticket.issued_at <= freed_at and between <= LONGEST_BETWEEN_MS:
            self.paces[BETWEEN] = learnt(self.paces.get(BETWEEN, Pace()), between)

    def relearn(self, name: str, pace: Pace | None) -> None:
        """What was known before a press that was taken back."""
        if pace is None:
            self.paces.pop(name, None)
        else:
            self.paces[name] = pace

    def lay_out(self) -> None:
        for number in self.hall.counter:
            self.desks.setdefault(number, CounterDesk(number))
        for ticket in self.tickets.values():
            if ticket.to_counter not in self.hall.counter:
                ticket.to_counter = 0
        waiting = (t for t in self.tickets.values() if t.status is Status.WAITING)
        self.waiting.lay_out(self.hall, waiting)
        self.count_working()

    def count_working(self) -> None:
        self.working = tuple(
            self.hall.served[desk.number]
            for desk in self.desks.values()
            if desk.status is CounterStatus.OPEN and desk.number in self.hall.counter
        )
