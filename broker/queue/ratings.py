"""What becomes of a rating, in time, corrected or late, and of its reasons; it looks at the queue and changes nothing."""

from __future__ import annotations

from datetime import date

from broker.messages import (
    CommandRejected,
    Event,
    GiveReasons,
    Rate,
    RatingCorrected,
    RatingRecorded,
    ReasonsGiven,
    Refusal,
)
from broker.queue.life import Status
from broker.queue.queue import Queue

__all__ = ["give_reasons", "rate"]

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
    else:
        _served(queue, command)
    pressed = queue.ratings.get((command.day, command.ticket))
    if pressed is None:
        return (recorded,)
    first, last = pressed
    # By the presses, not by their arrival: a resend may overtake, and an older press never wins.
    if not last <= command.pressed_at <= first + queue.hall.rules.rating_correct_s * 1000:
        raise CommandRejected(
            Refusal.ALREADY_RATED, f"{command.ticket} has been rated; one service has one rating"
        )
    return (
        RatingCorrected(
            day=command.day,
            ticket=command.ticket,
            counter=command.counter,
            level=command.level,
            pressed_at=command.pressed_at,
        ),
    )


def give_reasons(queue: Queue, command: GiveReasons) -> Events:
    """The first answer stands: a pad asks once, and what it kept may come again by another board.

    Of another day's ratings nothing is known any more, as of those themselves; reasons that new settings took away are
    left out.
    """
    key = (command.day, command.ticket)
    if command.day != queue.day:
        _not_too_late(queue, command)
    elif key not in queue.ratings:
        raise CommandRejected(
            Refusal.RATING_CLOSED,
            f"{command.ticket!r} has no rating that these could be the reasons of",
        )
    else:
        _served(queue, command)
    if key in queue.reasons:
        raise CommandRejected(
            Refusal.ALREADY_RATED,
            f"reasons were given for {command.ticket}; one rating has one answer",
        )
    known = tuple(one for one in dict.fromkeys(command.reasons) if one in queue.hall.rating_reason)
    if not known:
        raise CommandRejected(
            Refusal.BAD_MESSAGE, f"{', '.join(command.reasons)}: no reason of this hall's settings"
        )
    return (
        ReasonsGiven(
            day=command.day, ticket=command.ticket, counter=command.counter, reasons=known
        ),
    )


def _served(queue: Queue, command: Rate | GiveReasons) -> None:
    ticket = queue.tickets.get(command.ticket)
    if ticket is None or ticket.counter != command.counter or ticket.status is not Status.CLOSED:
        raise CommandRejected(
            Refusal.RATING_CLOSED,
            f"{command.ticket!r} was not served to its end at counter {command.counter}",
        )


def _not_too_late(queue: Queue, command: Rate | GiveReasons) -> None:
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
