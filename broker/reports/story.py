"""The story of one ticket, gathered from a day's events: its steps, and who went ahead of it and by which rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from broker.messages import (
    AnnouncementFailed,
    CalledTwice,
    CallUndone,
    CounterClosed,
    DayClosed,
    Event,
    NoShowMarked,
    PrintFailed,
    Rank,
    ReprintOrdered,
    Rule,
    ServiceChanged,
    TicketCalled,
    TicketCancelled,
    TicketClosed,
    TicketHeld,
    TicketIssued,
    TicketPrinted,
    TicketRecalled,
    TicketReopened,
    TicketReturned,
    TicketServed,
    TicketTransferred,
    TicketVoided,
)
from broker.queue import Queue
from broker.queue.life import ENDED, Status, Ticket
from broker.queue.pool import Pool
from broker.queue.waiting import spot_of
from broker.reports.visit import Visit
from broker.reports.visits import Visits
from broker.settings import Hall

__all__ = ["EARLIER_SLOT", "MOVED_BACK", "Step", "Story", "Told", "story_of"]

# Why, beside the rules, a later number of the same class goes ahead.
MOVED_BACK = "moved_back"
EARLIER_SLOT = "earlier_slot"

LATE_PAPER_MS = 10_000

Told = (
    TicketIssued
    | TicketPrinted
    | PrintFailed
    | ReprintOrdered
    | TicketCalled
    | TicketRecalled
    | CalledTwice
    | AnnouncementFailed
    | CallUndone
    | TicketReopened
    | TicketServed
    | TicketClosed
    | NoShowMarked
    | TicketHeld
    | TicketReturned
    | TicketTransferred
    | ServiceChanged
    | TicketVoided
    | TicketCancelled
    | CounterClosed
    | DayClosed
)
"""What a ticket's story is made of; ratings are nobody's business here."""

Ahead = dict[int, tuple[str, str]]
"""Tickets that came later and were called earlier, by the number of their call: the ticket, and why."""


@dataclass(frozen=True, slots=True)
class Step:
    """What happened, with the settings and the ticket's service of that moment; where it waits again, behind `before`.

    Of a call: it ended a wait of `waited` ms, in which `ahead` were called.
    """

    event: Told
    at: int
    hall: Hall
    service: str
    before: int = 0
    waited: int = 0
    ahead: Ahead = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Story:
    """`ahead` were called since it began to wait for the last time; the last step's settings are those to tell it by."""

    ticket: str
    steps: tuple[Step, ...]
    visit: Visit
    ahead: Ahead


def story_of(number: str, queue: Queue, events: Iterable[tuple[Event, int]]) -> Story | None:
    """None if the number was not given that day. `queue` is as it was before the first of these events."""
    teller = _Teller(number, queue)
    for event, at in events:
        teller.hear(event, at)
    visit = teller.visits.visits.get(number)
    if visit is None:
        return None
    return Story(number, tuple(teller.steps), visit, teller.ahead)


class _Teller:
    """Lives the day again, with an eye on one ticket."""

    def __init__(self, number: str, queue: Queue) -> None:
        self.number, self.queue, self.visits = number, queue, Visits()
        self.steps: list[Step] = []
        self.ahead: Ahead = {}
        self._came: dict[str, tuple[int, int]] = {}

    def hear(self, event: Event, at: int) -> None:
        ours = self._concerns(event, at)
        match event:
            case TicketIssued():
                self._came[event.ticket] = (event.issued_at, len(self._came))
            case TicketCalled() if not ours:
                self._other_called(event, at)
            case CallUndone() if ours:
                self._not_called()
            case CallUndone():
                self._other_undone(self.queue.desks[event.counter].call)
            case TicketTransferred() | TicketReturned() if ours:
                self.ahead = {}
            case _:
                pass
        self.queue.apply(event, at)
        self.visits.hear(event, at)
        if ours and isinstance(event, Told):
            self.steps.append(self._step(event, at))

    def _concerns(self, event: Event, at: int) -> bool:
        ticket = self.queue.tickets.get(self.number)
        match event:
            case TicketPrinted():
                # Paper that came at once explains nothing, nor does a copy.
                return (
                    event.ticket == self.number
                    and ticket is not None
                    and not ticket.in_line
                    and at - ticket.issued_at >= LATE_PAPER_MS
                )
            case DayClosed():
                return self.number in event.settled
            case CounterClosed():
                return (
                    ticket is not None
                    and ticket.status not in ENDED
                    and ticket.to_counter == event.counter
                )
            case AnnouncementFailed():
                visit = self.visits.visits.get(self.number)
                return visit is not None and any(
                    call.event.call == event.call for call in visit.calls
                )
            case _:
                return isinstance(event, Told) and event.ticket == self.number

    def _step(self, event: Told, at: int) -> Step:
        ticket = self.queue.tickets[self.number]
        step = Step(event, at, self.queue.hall, ticket.service)
        match event:
            case TicketCalled():
                waited = self.visits.visits[self.number].waited
                return replace(step, waited=waited, ahead=self.ahead)
            case TicketReturned() | TicketTransferred() | ServiceChanged():
                return replace(step, before=self._before(ticket))
            case _:
                return step

    def _before(self, ticket: Ticket) -> int:
        """How many are called before it, as things stand, of those who wait for the same."""
        waiting = self.queue.waiting
        alone = waiting.own.get(ticket.to_counter)
        pool = alone or waiting.pools.get(frozenset({ticket.service})) or Pool()
        higher = sum(len(pool.lines[rank]) for rank in Rank if rank < ticket.rank)
        return higher + pool.lines[ticket.rank].bisect_left(spot_of(ticket))

    def _other_called(self, event: TicketCalled, at: int) -> None:
        ours = self.queue.tickets.get(self.number)
        if ours is None or not self._could_be_called(ours, event.counter, at):
            return
        if self._came[event.ticket] > self._came[self.number]:
            other = self.queue.tickets[event.ticket]
            self.ahead[event.call] = (event.ticket, _why(event, ours, other))

    def _could_be_called(self, ours: Ticket, counter: int, at: int) -> bool:
        if ours.status is not Status.WAITING or not ours.in_line:
            return False
        if ours.rank is Rank.APPOINTMENT and ours.slot > at:
            return False  # before its time nobody goes ahead of it
        if ours.to_counter:
            return ours.to_counter == counter
        return ours.service in self.queue.hall.served.get(counter, ())

    def _other_undone(self, call: int) -> None:
        self.ahead.pop(call, None)
        for step in self.steps:
            step.ahead.pop(call, None)

    def _not_called(self) -> None:
        """The call was taken back, so those who went ahead did so before the next one."""
        n = max(n for n, step in enumerate(self.steps) if isinstance(step.event, TicketCalled))
        self.steps[n] = replace(self.steps[n], ahead={})


def _why(event: TicketCalled, ours: Ticket, other: Ticket) -> str:
    """The rule; within a class only a no-show or an appointment's time changes the order of arrival."""
    if event.rule in (Rule.SUPERVISOR, Rule.BY_HAND) or other.rank is not ours.rank:
        return event.rule
    return EARLIER_SLOT if ours.rank is Rank.APPOINTMENT else MOVED_BACK
