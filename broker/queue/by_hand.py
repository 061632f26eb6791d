"""What becomes of what a counter did alone, by hand, once the hub is told; it looks at the queue and changes nothing."""

from __future__ import annotations

from msgspec.structs import replace

from broker.messages import (
    Act,
    CallUndone,
    DoneAlone,
    Event,
    Heard,
    NoShowMarked,
    Phase,
    ReportDoneAlone,
    TicketPrinted,
    TicketReturned,
    TicketServed,
)
from broker.queue.calling import desk_of
from broker.queue.desk import CounterDesk
from broker.queue.leaving import no_show
from broker.queue.life import Status, Ticket
from broker.queue.queue import Queue
from broker.queue.told_late import called_alone, called_twice, closed_alone, working

__all__ = ["done_alone"]

Events = tuple[Event, ...]


def done_alone(queue: Queue, report: ReportDoneAlone, at: int) -> Events:
    """It is written down as it was told, and done as far as the ticket's life allows; nothing of it is refused."""
    desk = desk_of(queue, report.counter)
    done = DoneAlone(
        counter=desk.number,
        ticket=report.ticket,
        day=report.day,
        act=report.act,
        done_at=min(report.done_at, at),
    )
    if report.day != queue.day:
        # Its visitor has long gone, and today the same number may be somebody else's.
        return (done,)
    ticket = queue.tickets.get(report.ticket)
    if report.act is not Act.CALLED:
        return (done, *(_went_on(queue, desk, done) if ticket else ()))
    before = _had_gone_on(desk, done)
    return (done, *before, *(_called(queue, desk, ticket, done) if ticket else ()))


def _had_gone_on(desk: CounterDesk, done: DoneAlone) -> Events:
    """Who calls the next one has done with the one before: whom nobody heard called waits again, others were served."""
    if desk.phase is Phase.IDLE or desk.ticket == done.ticket:
        return ()
    if desk.phase is Phase.CALLED and desk.heard is not Heard.YES:
        return (CallUndone(ticket=desk.ticket, counter=desk.number),)
    return closed_alone(desk, desk.phase, desk.ticket, done.done_at)


def _called(queue: Queue, desk: CounterDesk, ticket: Ticket, done: DoneAlone) -> Events:
    before: Events = ()
    match ticket.status:
        case Status.WAITING:
            if not ticket.in_line:  # who stood at the counter held the paper
                before = (TicketPrinted(ticket=ticket.number),)
        case Status.HELD | Status.NO_SHOW:
            before = (TicketReturned(ticket=ticket.number, place=ticket.place),)
        case _ if desk.phase is not Phase.IDLE and desk.ticket == ticket.number:
            return ()  # the hub had called it here already
        case _:
            return (called_twice(done, ticket.counter, ticket.status),)
    return (*working(queue, desk), *before, called_alone(queue, done))


def _went_on(queue: Queue, desk: CounterDesk, done: DoneAlone) -> Events:
    """How it went on with the ticket that the counter has; with another's nothing goes on."""
    if desk.ticket != done.ticket:
        return ()
    called = desk.phase is Phase.CALLED
    if done.act is Act.CLOSED:
        return closed_alone(desk, desk.phase, desk.ticket, done.done_at)
    if done.act is Act.SERVED and called:
        served = TicketServed(ticket=desk.ticket, counter=desk.number, alone_at=done.done_at)
        return (served,)
    if done.act is Act.NO_SHOW and called:
        return tuple(
            replace(event, alone_at=done.done_at) if isinstance(event, NoShowMarked) else event
            for event in no_show(queue, desk.number, done.done_at)
        )
    return ()
