"""What becomes of a rating, in time, corrected or late; it looks at the queue and changes nothing."""

from __future__ import annotations

from datetime import date

from broker.messages import (
    CommandRejected,
    Event,
    Rate,
    RatingCorrected,
    RatingRecorded,
    Refusal,
)
from broker.queue.life import Status
from broker.queue.queue import Queue

__all__ = ["rate"]

Events = tuple[Event, ...]


def rate(queue: Queue, command: Rate) -> Events:
    recorded = RatingRecorded(
        day=command.day,
        ticket=command.ticket,
        counter=command.counter,
        level=command.level,
        pressed_at=command.pressed_at,
    )
    if command.day != queue.day:
        _not_too_late(queue, command)
        return (recorded,)
    ticket = queue.tickets.get(command.ticket)
    if ticket is None or ticket.counter != command.counter or ticket.status is not Status.CLOSED:
        raise CommandRejected(
            Refusal.RATING_CLOSED,
            f"{command.ticket!r} was not served to its end at counter {command.counter}",
        )
    if not ticket.rated_at:
        return (recorded,)
    if command.pressed_at - ticket.rated_at > queue.hall.rules.rating_correct_s * 1000:
        raise CommandRejected(
            Refusal.ALREADY_RATED, f"{ticket.number} has been rated; one service has one rating"
        )
    return (
        RatingCorrected(
            day=command.day,
            ticket=ticket.number,
            counter=command.counter,
            level=command.level,
            pressed_at=command.pressed_at,
        ),
    )


def _not_too_late(queue: Queue, command: Rate) -> None:
    try:
        day = date.fromisoformat(command.day)
    except ValueError:
        day = None
    # Only one spelling, or the same day would have several names in the journal.
    if day is None or day.isoformat() != command.day:
        raise CommandRejected(
            Refusal.BAD_MESSAGE, f"{command.day!r} is no day; write it as 2026-11-23"
        )
    age = (date.fromisoformat(queue.day) - day).days
    if not 0 < age <= queue.hall.rules.late_rating_days:
        raise CommandRejected(
            Refusal.RATING_CLOSED,
            f"a rating of {command.day} comes too late (or too early) on {queue.day}",
        )
