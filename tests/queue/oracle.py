"""What a call should record, found by looking at everybody and counting; it knows no pools, no desks' counts."""

from __future__ import annotations

from collections.abc import Iterator

from broker.messages import (
    CallUndone,
    Command,
    DayOpened,
    Event,
    Rank,
    Rule,
    TicketCalled,
)
from broker.queue import Queue
from broker.queue.life import Status, Ticket
from tests.queue.halls import Day

__all__ = ["Ledger", "callable_at", "calls_of", "rank_now"]

Counts = dict[Rank, int]


def callable_at(queue: Queue, counter: int) -> list[Ticket]:
    """Whom a counter may call."""
    hall = queue.hall
    window = hall.counter[counter]
    services = set(window.services)
    if window.comprehensive:
        services |= {service.id for service in hall.services if not service.zone}
    return [
        ticket
        for ticket in queue.tickets.values()
        if ticket.status is Status.WAITING
        and ticket.in_line
        and (ticket.to_counter == counter if ticket.to_counter else ticket.service in services)
    ]


def rank_now(ticket: Ticket, at: int) -> Rank:
    if ticket.green:
        return Rank.GREEN
    return Rank.APPOINTMENT if 0 < ticket.slot <= at else Rank.WALK_IN


def calls_of(events: tuple[Event, ...] | None) -> Iterator[TicketCalled]:
    """Those that the hub chose, or a supervisor; a clerk alone calls the number that he types."""
    called = (event for event in events or () if isinstance(event, TicketCalled))
    return (event for event in called if not event.alone_at)


class Ledger:
    """How often in a row each counter has called somebody ahead of a rank that waited."""

    def __init__(self) -> None:
        self._counts: dict[int, Counts] = {}
        self._before: dict[int, Counts] = {}

    def of(self, counter: int) -> Counts:
        return self._counts.get(counter, dict.fromkeys(Rank, 0))

    def longest(self, queue: Queue, counter: int, at: int) -> int:
        """Of those who wait now."""
        waiting = {rank_now(ticket, at) for ticket in callable_at(queue, counter)}
        return max((self.of(counter)[rank] for rank in waiting), default=0)

    def watch(self, today: Day, _: Command, events: tuple[Event, ...] | None) -> None:
        """To be told of everything before it happens."""
        for event in events or ():
            match event:
                case TicketCalled():
                    self._called(event, today)
                case CallUndone(counter=counter):
                    self._counts[counter] = self._before[counter]
                case DayOpened():
                    self._counts.clear()
                case _:
                    pass

    def _called(self, call: TicketCalled, today: Day) -> None:
        before = self._before[call.counter] = self.of(call.counter)
        if call.rule in (Rule.SUPERVISOR, Rule.BY_HAND):
            return
        called = rank_now(today.queue.tickets[call.ticket], today.at)
        others = [t for t in callable_at(today.queue, call.counter) if t.number != call.ticket]
        waited = {rank_now(ticket, today.at) for ticket in others} - {called}
        passed = {rank: before[rank] + (rank > called) for rank in waited}
        self._counts[call.counter] = dict.fromkeys(Rank, 0) | passed
