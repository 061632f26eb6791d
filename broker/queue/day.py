"""What becomes of the hall's day: settings, its beginning, early closing, its end; it changes nothing itself."""

from __future__ import annotations

from broker.messages import (
    CommandRejected,
    DayClosed,
    DayOpened,
    EndSession,
    Event,
    IssuingResumed,
    IssuingStopped,
    OpenDay,
    Refusal,
    ResumeIssuing,
    SessionEnded,
    StopIssuing,
    TicketCancelled,
)
from broker.queue.appointments import still_to_come
from broker.queue.calling import lapsed
from broker.queue.help import open_calls
from broker.queue.life import ENDED, Status
from broker.queue.opening import closing, local
from broker.queue.queue import Queue
from broker.queue.tickets import service_of
from broker.settings import AtClosing

__all__ = ["change_issuing", "end_session", "open_day", "sessions_over"]

Events = tuple[Event, ...]


def open_day(queue: Queue, command: OpenDay, at: int) -> Events:
    if command.day <= queue.day:
        return ()  # the hub's day never goes back
    opened = DayOpened(
        day=command.day,
        last_call=queue.last_call,
        secret=command.secret,
        appointments=still_to_come(queue, at),
        paces=queue.paces,
        help=open_calls(queue),
        emergency=queue.emergency,
        notice=queue.notice,
    )
    if not queue.day:
        return (opened,)
    settled = tuple(
        ticket.number for ticket in queue.tickets.values() if ticket.status not in ENDED
    )
    unrated = (event for desk in queue.desks.values() for event in lapsed(desk))
    return (*unrated, DayClosed(day=queue.day, settled=settled), opened)


def change_issuing(queue: Queue, command: StopIssuing | ResumeIssuing) -> Events:
    named = dict.fromkeys(service_of(queue, service).id for service in command.services)
    services = named or queue.hall.service
    stops = isinstance(command, StopIssuing)
    fresh = tuple(service for service in services if (service in queue.stopped) != stops)
    if not fresh:
        how = "stopped" if stops else "going on"
        raise CommandRejected(Refusal.ALREADY_SO, f"issuing of these services is {how} already")
    if isinstance(command, StopIssuing):
        return (IssuingStopped(services=fresh, reason=command.reason),)
    return (IssuingResumed(services=fresh),)


def sessions_over(queue: Queue, at: int) -> tuple[EndSession, ...]:
    """The services whose opening hours are over, and that nobody has told so yet."""
    now = local(queue.hall, at)
    if now.date().isoformat() != queue.day:
        return ()  # the day that is over is about to be closed, with all its sessions
    return tuple(
        EndSession(service=service.id)
        for service in queue.hall.services
        if (ends := closing(queue.hall, service, now)) is not None
        and ends <= now
        # New settings may have moved the end after it was told.
        and queue.ended.get(service.id, 0) < ends.timestamp() * 1000
    )


def end_session(queue: Queue, service: str) -> Events:
    """Who still waits is served on, or told that the day is over; an appointment or a late ticket is as any other."""
    left: tuple[str, ...] = ()
    if queue.hall.opening.at_closing is AtClosing.CANCEL:
        waiting = (Status.WAITING, Status.HELD, Status.NO_SHOW)
        left = tuple(
            ticket.number
            for ticket in queue.tickets.values()
            if ticket.service == service and ticket.status in waiting
        )
    cancelled = (TicketCancelled(ticket=number, reason="the session has ended") for number in left)
    return (*cancelled, SessionEnded(service=service, cancelled=left))
