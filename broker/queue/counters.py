"""What becomes of opening, pausing and closing a counter, and of its announcements; it changes nothing itself."""

from __future__ import annotations

from broker.messages import (
    Announced,
    AnnouncementFailed,
    CallTakenUp,
    CloseCounter,
    CommandRejected,
    CounterClosed,
    CounterOpened,
    CounterPaused,
    CounterResumed,
    CounterStatus,
    Event,
    OpenCounter,
    PauseCounter,
    Phase,
    Refusal,
    ReportAnnounced,
    ReportAnnouncementFailed,
    ReportTakenUp,
    ResumeCounter,
)
from broker.queue.calling import desk_of
from broker.queue.queue import Queue

__all__ = ["announcement", "change_counter"]

Events = tuple[Event, ...]


def change_counter(
    queue: Queue, command: OpenCounter | CloseCounter | PauseCounter | ResumeCounter, at: int
) -> Events:
    desk = desk_of(queue, command.counter)
    wanted, event = _change(queue, command, at)
    if desk.status not in wanted:
        raise CommandRejected(
            Refusal.ALREADY_SO,
            f"counter {desk.number} is {desk.status}; {type(command).__name__} changes nothing",
        )
    if desk.phase is not Phase.IDLE:
        raise CommandRejected(
            Refusal.COUNTER_BUSY, f"counter {desk.number} still has {desk.ticket}; end it first"
        )
    return (event,)


def _change(
    queue: Queue, command: OpenCounter | CloseCounter | PauseCounter | ResumeCounter, at: int
) -> tuple[tuple[CounterStatus, ...], Event]:
    """From which states the command leads on, and by which event."""
    number = command.counter
    match command:
        case OpenCounter(clerk=clerk):
            return (CounterStatus.CLOSED,), CounterOpened(
                counter=number, clerk=clerk or queue.hall.counter[number].clerk
            )
        case CloseCounter():
            return (CounterStatus.OPEN, CounterStatus.PAUSED), CounterClosed(counter=number)
        case PauseCounter(reason=reason, minutes=minutes):
            until = at + minutes * 60_000 if minutes else 0
            return (CounterStatus.OPEN,), CounterPaused(counter=number, reason=reason, until=until)
        case ResumeCounter():
            return (CounterStatus.PAUSED,), CounterResumed(counter=number)


def announcement(
    queue: Queue, report: ReportTakenUp | ReportAnnounced | ReportAnnouncementFailed
) -> Events:
    desk = desk_of(queue, report.counter)
    # A call that is over by now was heard all the same, or not: that is written down too.
    if not 0 < report.call <= queue.last_call:
        raise CommandRejected(Refusal.BAD_MESSAGE, f"there was no call {report.call} in this hall")
    match report:
        case ReportTakenUp():
            return (CallTakenUp(counter=desk.number, call=report.call, recall=report.recall),)
        case ReportAnnounced():
            return (Announced(counter=desk.number, call=report.call, recall=report.recall),)
        case ReportAnnouncementFailed(reason=reason):
            return (
                AnnouncementFailed(
                    counter=desk.number, call=report.call, recall=report.recall, reason=reason
                ),
            )
