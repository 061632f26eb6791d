"""The events of what counters did alone, and of tickets with which they did it before the hub knew them; it changes nothing."""

from __future__ import annotations

from broker.messages import (
    Act,
    CalledTwice,
    CounterOpened,
    CounterResumed,
    CounterStatus,
    DoneAlone,
    Event,
    NoShowMarked,
    Phase,
    Rule,
    TicketCalled,
    TicketClosed,
    TicketPrinted,
    TicketServed,
)
from broker.queue.desk import CounterDesk
from broker.queue.life import Status
from broker.queue.queue import Queue

__all__ = ["called_alone", "called_twice", "catch_up", "closed_alone", "working"]

Events = tuple[Event, ...]

AT_COUNTER = {Status.CALLED: Phase.CALLED, Status.SERVING: Phase.SERVING}


def called_alone(queue: Queue, done: DoneAlone) -> TicketCalled:
    return TicketCalled(
        ticket=done.ticket,
        counter=done.counter,
        call=queue.last_call + 1,
        rule=Rule.BY_HAND.value,
        candidates=0,
        alone_at=done.done_at,
    )


def called_twice(done: DoneAlone, other: int, was: Status) -> CalledTwice:
    return CalledTwice(
        ticket=done.ticket, counter=done.counter, other=other, was=was, alone_at=done.done_at
    )


def working(queue: Queue, desk: CounterDesk) -> Events:
    """A counter that calls is open, whatever was known of it."""
    if desk.status is CounterStatus.CLOSED:
        found = queue.hall.counter.get(desk.number)
        return (CounterOpened(counter=desk.number, clerk=found.clerk if found else ""),)
    if desk.status is CounterStatus.PAUSED:
        return (CounterResumed(counter=desk.number),)
    return ()


def closed_alone(desk: CounterDesk, phase: Phase, ticket: str, alone_at: int) -> Events:
    """Its pad asks nothing: the visitor has gone."""
    served = TicketServed(ticket=ticket, counter=desk.number, alone_at=alone_at)
    closed = TicketClosed(ticket=ticket, counter=desk.number, clerk=desk.clerk, alone_at=alone_at)
    return (served, closed) if phase is Phase.CALLED else (closed,)


def catch_up(queue: Queue, number: str, *, printed: bool) -> Events:
    """What counters did alone with a ticket that the hub hears of only now; unless `printed`, its paper is proved by it."""
    events: list[Event] = []
    at, status = 0, Status.WAITING
    for done in queue.unknown.get(number, ()):
        desk = queue.desks[done.counter]
        match done.act:
            case Act.CALLED if status is Status.WAITING:
                paper = () if printed else (TicketPrinted(ticket=number),)
                events += (*working(queue, desk), *paper, called_alone(queue, done))
                at, status = done.counter, Status.CALLED
            case Act.CALLED if done.counter != at or status is not Status.CALLED:
                events.append(called_twice(done, at, status))
            case Act.SERVED if done.counter == at and status is Status.CALLED:
                events.append(TicketServed(ticket=number, counter=at, alone_at=done.done_at))
                status = Status.SERVING
            case Act.CLOSED if done.counter == at and status in AT_COUNTER:
                events += closed_alone(desk, AT_COUNTER[status], number, done.done_at)
                status = Status.CLOSED
            case Act.NO_SHOW if done.counter == at and status is Status.CALLED:
                events.append(NoShowMarked(ticket=number, counter=at, alone_at=done.done_at))
                status = Status.NO_SHOW
            case _:
                pass  # of a ticket that was another counter's
    if status in AT_COUNTER and queue.desks[at].phase is not Phase.IDLE:
        # Its counter calls others since.
        events += closed_alone(queue.desks[at], AT_COUNTER[status], number, done.done_at)
    return tuple(events)
