"""Of the hall's day: its settings, its beginning and end, early closing, appointments; and what was refused."""

from __future__ import annotations

from broker.messages.words import (
    NOTHING_POSTED,
    Appointment,
    Count,
    Deed,
    Message,
    Millis,
    Pace,
    Posted,
    Refusal,
    RestoredFrom,
)

__all__ = [
    "AppointmentBooked",
    "AppointmentCancelled",
    "ClockStepped",
    "CommandRefused",
    "DayClosed",
    "DayOpened",
    "DeedNoted",
    "IssuingResumed",
    "IssuingStopped",
    "JournalRestored",
    "SessionEnded",
    "SettingsAdopted",
]


class SettingsAdopted(Message, frozen=True):
    text: str


class DayOpened(Message, frozen=True):
    """The snapshot a day starts from: nobody waits into it.

    `last_call` goes on counting; `appointments` are those still to come; `paces` (by service) are what estimates
    begin with; `secret` makes the codes on the day's tickets; `help` has since when counters call for it. An
    `emergency` goes on, a `notice` stays; who called a guide has gone.
    """

    day: str
    last_call: int = 0
    secret: str = ""
    appointments: tuple[Appointment, ...] = ()
    paces: dict[str, Pace] = {}
    help: dict[int, Millis] = {}
    emergency: Posted = NOTHING_POSTED
    notice: Posted = NOTHING_POSTED


class DayClosed(Message, frozen=True):
    """`settled` are the tickets whose life had not ended; it ends here."""

    day: str
    settled: tuple[str, ...] = ()


class SessionEnded(Message, frozen=True):
    """The opening hours of a service are over; `cancelled` tickets were still waiting, missed or held."""

    service: str
    cancelled: tuple[str, ...] = ()


class IssuingStopped(Message, frozen=True):
    services: tuple[str, ...]
    reason: str = ""


class IssuingResumed(Message, frozen=True):
    services: tuple[str, ...]


class AppointmentBooked(Message, frozen=True):
    appointment: Appointment


class AppointmentCancelled(Message, frozen=True):
    code: str


class ClockStepped(Message, frozen=True):
    by_ms: int


class DeedNoted(Message, frozen=True):
    """What the hub found done beside the queue: `name` is a board's, a console's or a person's."""

    deed: Deed
    name: str
    done_at: Millis


class JournalRestored(Message, frozen=True):
    """The hub goes on, on a new card, with a journal that was brought back up to row `seq`, which was written at `last_at`.

    Not `whole`: what was written down after that is lost. Its papers are out, so the day's numbers go on at `numbers_from`.
    """

    source: RestoredFrom
    seq: Count
    last_at: Millis
    restored_at: Millis
    whole: bool = True
    numbers_from: Count = 0


class CommandRefused(Message, frozen=True):
    """The command changed nothing; `reason` is an English sentence for logs, `ticket` the one in the way.

    `again` is when the wish may be granted, 0 where nobody knows.
    """

    code: Refusal
    reason: str
    ticket: str = ""
    again: int = 0
