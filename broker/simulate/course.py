"""The course of a day, minute by minute: who waited for what, and how many counters worked."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable
from dataclasses import dataclass, field

from broker.messages import (
    CallUndone,
    CounterClosed,
    CounterOpened,
    CounterPaused,
    CounterResumed,
    Event,
    ServiceChanged,
    TicketCalled,
    TicketCancelled,
    TicketIssued,
    TicketReturned,
    TicketTransferred,
    TicketVoided,
)

__all__ = ["Course", "course_of"]

MINUTE_MS = 60_000


@dataclass(slots=True)
class Course:
    """`minutes` are times in ms; at each, `waiting` by service, and how many counters were `open` and not paused."""

    minutes: list[int] = field(default_factory=list)
    waiting: list[Tally[str]] = field(default_factory=list)
    open: list[int] = field(default_factory=list)


def course_of(told: Iterable[tuple[Event, int]]) -> Course:
    course, present = Course(), _Present()
    minute = 0
    for event, at in told:
        minute = minute or at - at % MINUTE_MS
        while minute <= at:
            course.minutes.append(minute)
            course.waiting.append(Tally(present.waiting.values()))
            course.open.append(len(present.open))
            minute += MINUTE_MS
        present.hear(event)
    return course


@dataclass(slots=True)
class _Present:
    """`waiting` has the service of each ticket that waits, `service` of each there is."""

    waiting: dict[str, str] = field(default_factory=dict)
    service: dict[str, str] = field(default_factory=dict)
    open: set[int] = field(default_factory=set)

    def hear(self, event: Event) -> None:
        match event:
            case TicketIssued(ticket=ticket, service=service):
                self.waiting[ticket] = self.service[ticket] = service
            case (
                TicketTransferred(ticket=ticket, to_service=to)
                | ServiceChanged(ticket=ticket, to_service=to)
            ):
                self.waiting[ticket] = self.service[ticket] = to or self.service[ticket]
            case TicketReturned(ticket=ticket) | CallUndone(ticket=ticket):
                self.waiting[ticket] = self.service[ticket]
            case TicketCalled(ticket=ticket) | TicketCancelled(ticket=ticket):
                self.waiting.pop(ticket, None)
            case TicketVoided(ticket=ticket):
                self.waiting.pop(ticket, None)
            case CounterOpened(counter=counter) | CounterResumed(counter=counter):
                self.open.add(counter)
            case CounterPaused(counter=counter) | CounterClosed(counter=counter):
                self.open.discard(counter)
            case _:
                pass  # nobody begins or ceases to wait by it
