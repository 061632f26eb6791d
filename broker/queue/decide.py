"""What a command leads to: events, or CommandRejected; it looks at the queue and changes nothing."""

from __future__ import annotations

from broker.messages import (
    AdoptSettings,
    CallNext,
    ClockStepped,
    CloseCounter,
    CloseTicket,
    Command,
    DayClosed,
    DayOpened,
    Event,
    Heard,
    IssueTicket,
    LapseRating,
    MarkNoShow,
    NoShowMarked,
    NoteClockStep,
    OpenCounter,
    OpenDay,
    PauseCounter,
    Phase,
    Rate,
    Recall,
    Refusal,
    ReportAnnounced,
    ReportAnnouncementFailed,
    ReportPrinted,
    ReportPrintFailed,
    ResumeCounter,
    Serve,
    SettingsAdopted,
    TicketServed,
    Transfer,
    VoidTicket,
)
from broker.queue.calling import call_next, close, desk_of, in_phase, lapsed, recall, transfer
from broker.queue.counters import announcement, change_counter
from broker.queue.life import Status
from broker.queue.queue import Queue
from broker.queue.ratings import rate
from broker.queue.rights import check_sender
from broker.queue.tickets import issue, settle_paper

__all__ = ["decide", "due"]

Events = tuple[Event, ...]

# Longer than a call takes to be said twice after another one: then the clerk is told to call aloud.
UNHEARD_AFTER_MS = 20_000


def decide(queue: Queue, command: Command, at: int, sender: str = "") -> Events:
    """What follows from a command at `at`. `sender` is the device that asks; empty is the hub itself.

    Raises CommandRejected; then nothing has changed.
    """
    check_sender(queue.hall, command, sender)
    match command:
        case IssueTicket():
            return issue(queue, command, at, sender)
        case ReportPrinted() | ReportPrintFailed() | VoidTicket():
            return settle_paper(queue, command, sender)
        case CallNext(counter=counter):
            return call_next(queue, desk_of(queue, counter), at)
        case Recall(counter=counter):
            return recall(queue, desk_of(queue, counter), at)
        case Serve(counter=counter):
            desk = in_phase(desk_of(queue, counter), Phase.CALLED, Refusal.NOTHING_CALLED)
            return (TicketServed(ticket=desk.ticket, counter=counter),)
        case CloseTicket(counter=counter):
            return close(queue, desk_of(queue, counter), at)
        case MarkNoShow(counter=counter):
            desk = in_phase(desk_of(queue, counter), Phase.CALLED, Refusal.NOTHING_CALLED)
            return (NoShowMarked(ticket=desk.ticket, counter=counter),)
        case Transfer():
            return transfer(queue, command)
        case OpenCounter() | CloseCounter() | PauseCounter() | ResumeCounter():
            return change_counter(queue, command, at)
        case Rate():
            return rate(queue, command)
        case ReportAnnounced() | ReportAnnouncementFailed():
            return announcement(queue, command)
        case AdoptSettings(text=text):
            return () if text == queue.settings_text else (SettingsAdopted(text=text),)
        case OpenDay(day=day):
            return _open_day(queue, day)
        case LapseRating(counter=counter, ticket=ticket):
            # Not `_desk`: new settings may have taken the counter away while its pad was asking.
            asking = queue.desks.get(counter)
            return lapsed(asking) if asking and asking.rating_ticket == ticket else ()
        case NoteClockStep(by_ms=by_ms):
            return (ClockStepped(by_ms=by_ms),)


def due(queue: Queue, at: int) -> tuple[Command, ...]:
    """What the hub must tell itself by now, without anybody having asked."""
    lapses = (
        LapseRating(counter=desk.number, ticket=desk.rating_ticket)
        for desk in queue.desks.values()
        if desk.rating_ticket and not desk.rating_done and desk.rating_until <= at
    )
    unheard = (
        ReportAnnouncementFailed(
            counter=desk.number,
            call=desk.call,
            recall=desk.recall,
            reason="no voice has told that it spoke the call",
        )
        for desk in queue.desks.values()
        if desk.phase is Phase.CALLED
        and desk.heard is Heard.PENDING
        and desk.pressed_at + UNHEARD_AFTER_MS <= at
        and desk.number in queue.hall.announced_counters
    )
    return (*lapses, *unheard)


def _open_day(queue: Queue, day: str) -> Events:
    if day <= queue.day:
        return ()  # the hub's day never goes back
    opened = DayOpened(day=day, last_call=queue.last_call)
    if not queue.day:
        return (opened,)
    ended = (Status.CLOSED, Status.NO_SHOW, Status.VOIDED)
    settled = tuple(
        ticket.number for ticket in queue.tickets.values() if ticket.status not in ended
    )
    unrated = (event for desk in queue.desks.values() for event in lapsed(desk))
    return (*unrated, DayClosed(day=queue.day, settled=settled), opened)
