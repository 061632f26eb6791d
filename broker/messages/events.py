"""Events: what happened, as the journal keeps it; in the past tense. New fields have defaults, so that old rows decode."""

from __future__ import annotations

from broker.messages.words import (
    NOTHING_POSTED,
    Act,
    Appointment,
    Count,
    Deed,
    EmergencyKind,
    Level,
    Message,
    Millis,
    Pace,
    Place,
    Posted,
    Refusal,
    Versions,
    Wait,
)

# --- the day ---------------------------------------------------------------------------------------


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


# --- the whole hall --------------------------------------------------------------------------------


class EmergencyDeclared(Message, frozen=True):
    """Since `since` the whole hall is told `text`; again while one goes on: it is told something new."""

    text: str
    kind: EmergencyKind
    since: Millis


class EmergencyEnded(Message, frozen=True):
    outcome: str = ""


class NoticePosted(Message, frozen=True):
    """An empty `text` withdraws the one before."""

    text: str
    since: Millis


class GuideCalled(Message, frozen=True):
    """A visitor at `kiosk` asks for a guide; open until it is answered."""

    kiosk: str
    since: Millis


class GuideAnswered(Message, frozen=True):
    """`by` is the console at which a guide took the call."""

    kiosk: str
    by: str


# --- tickets ---------------------------------------------------------------------------------------


class TicketIssued(Message, frozen=True):
    """`ahead` waited in the same service when it was issued; `kiosk` is the device that owes the paper.

    `slot` is when its appointment begins, 0 without one or when it came too late for it. `wait` was estimated then.
    `code`, printed on the paper, proves later whose it is. `by_hand`: it was written on paper in an outage;
    `alone`: a kiosk gave out a number it was lent, and told of it later. `item` and `agent` as its visitor said.
    """

    ticket: str
    service: str
    kiosk: str
    issued_at: Millis
    ahead: Count
    green: str = ""
    appointment: str = ""
    slot: Millis = 0
    person: str = ""
    code: str = ""
    wait: Wait | None = None
    by_hand: bool = False
    alone: bool = False
    item: str = ""
    agent: bool = False


class TicketPrinted(Message, frozen=True):
    """`items` are those whose materials its visitor was told on the paper, by their versions in the catalogue."""

    ticket: str
    items: Versions = ()


class PrintFailed(Message, frozen=True):
    ticket: str
    reason: str


class ReprintOrdered(Message, frozen=True):
    """`kiosk` owes one more copy, the `copy`th."""

    ticket: str
    kiosk: str
    copy: int


class TicketVoided(Message, frozen=True):
    ticket: str
    reason: str


class TicketCancelled(Message, frozen=True):
    ticket: str
    reason: str = ""


class ServiceChanged(Message, frozen=True):
    ticket: str
    to_service: str


class TicketReturned(Message, frozen=True):
    """A missed or held ticket waits again at `place`; in a counter's own line if `to_counter` is above 0."""

    ticket: str
    place: Place
    to_counter: int = 0


# --- a kiosk that may find itself alone -----------------------------------------------------------------


class BlockLent(Message, frozen=True):
    """`numbers`, each with the code for its paper, are the kiosk's to give out on `day`, within `hours`, while alone.

    `hours` are (from, until) in ms: when tickets of the service are given that day. The loan ends at `until`.
    """

    kiosk: str
    service: str
    day: str
    numbers: dict[str, str]
    hours: tuple[tuple[Millis, Millis], ...]
    until: Millis


class TicketReportedLate(Message, frozen=True):
    """A kiosk gave out this number alone on a `day` that was over when it told of it: it waits for nothing."""

    ticket: str
    service: str
    kiosk: str
    day: str
    issued_at: Millis
    green: str = ""


class CommandWithdrawn(Message, frozen=True):
    """The command `command_id` does nothing (any more); `ticket`, issued for it at `issued_at`, was voided."""

    command_id: str
    ticket: str = ""
    issued_at: Millis = 0


# --- counters --------------------------------------------------------------------------------------


class CounterOpened(Message, frozen=True):
    counter: int
    clerk: str = ""


class CounterClosed(Message, frozen=True):
    """Who waited for this counter alone waits for any that serves it now."""

    counter: int


class CounterPaused(Message, frozen=True):
    counter: int
    reason: str = ""
    until: int = 0


class CounterResumed(Message, frozen=True):
    counter: int


class TicketCalled(Message, frozen=True):
    """`call` counts the hall's calls. `rule` chose this ticket, the `place`th by arrival among `candidates`.

    `passed` is how many calls in a row had gone ahead of the longest passed over. `reason` is a supervisor's.
    `alone_at`, here and below: the counter was alone and did so then, by hand; 0 where the hub was asked.
    """

    ticket: str
    counter: int
    call: int
    rule: str
    candidates: int
    place: int = 1
    passed: int = 0
    reason: str = ""
    alone_at: Millis = 0


class CallUndone(Message, frozen=True):
    """The ticket waits again where it stood, as if it had never been called."""

    ticket: str
    counter: int


class TicketReopened(Message, frozen=True):
    """Next had ended this service by mistake: it goes on."""

    ticket: str
    counter: int


class TicketRecalled(Message, frozen=True):
    ticket: str
    counter: int
    call: int
    recall: int


class TicketServed(Message, frozen=True):
    ticket: str
    counter: int
    alone_at: Millis = 0


class TicketClosed(Message, frozen=True):
    """`rate_until` is when the pad stops asking; 0 where the counter has no pad. `by_next`: Next ended it."""

    ticket: str
    counter: int
    clerk: str = ""
    rate_until: int = 0
    by_next: bool = False
    alone_at: Millis = 0


class NoShowMarked(Message, frozen=True):
    ticket: str
    counter: int
    alone_at: Millis = 0


class TicketHeld(Message, frozen=True):
    """It comes back to `to_counter`, or to any if that is 0."""

    ticket: str
    counter: int
    to_counter: int = 0
    reason: str = ""


class TicketTransferred(Message, frozen=True):
    ticket: str
    counter: int
    to_service: str
    to_counter: int = 0
    reason: str = ""


class RatingRecorded(Message, frozen=True):
    day: str
    ticket: str
    counter: int
    level: Level
    pressed_at: Millis


class RatingCorrected(Message, frozen=True):
    day: str
    ticket: str
    counter: int
    level: Level
    pressed_at: Millis


class ReasonsGiven(Message, frozen=True):
    """Why its visitor rated this service so, by ids of the settings then in force."""

    day: str
    ticket: str
    counter: int
    reasons: tuple[str, ...]


class RatingLapsed(Message, frozen=True):
    """Nobody rated in time: `not_rated`, never taken for satisfied."""

    ticket: str
    counter: int


class DoneAlone(Message, frozen=True):
    """A counter that was alone did this by hand at `done_at`; what it led to stands behind it.

    Nothing stands behind it yet if nobody knows the ticket, nor ever if `day` was over when it was told.
    """

    counter: int
    ticket: str
    day: str
    act: Act
    done_at: Millis


class CalledTwice(Message, frozen=True):
    """An exception: `counter`, alone, called at `alone_at` a ticket that was called, or had ended, at `other`.

    `was` is what it was by then. The ticket stays where it was.
    """

    ticket: str
    counter: int
    other: int
    was: str
    alone_at: Millis


class CallTakenUp(Message, frozen=True):
    """A voice is there for the call, and will speak it in its turn."""

    counter: int
    call: int
    recall: int


class Announced(Message, frozen=True):
    counter: int
    call: int
    recall: int


class AnnouncementFailed(Message, frozen=True):
    counter: int
    call: int
    recall: int
    reason: str


class HelpCalled(Message, frozen=True):
    """A clerk called for help at `called_at`, silently; the call is open until it is answered, over the night too."""

    counter: int
    called_at: Millis


class HelpAnswered(Message, frozen=True):
    """`by` is the console at which somebody took the call, and ended it."""

    counter: int
    by: str
    outcome: str = ""


class CommandRefused(Message, frozen=True):
    """The command changed nothing; `reason` is an English sentence for logs, `ticket` the one in the way.

    `again` is when the wish may be granted, 0 where nobody knows.
    """

    code: Refusal
    reason: str
    ticket: str = ""
    again: int = 0


DayEvent = (
    SettingsAdopted
    | DayOpened
    | DayClosed
    | SessionEnded
    | IssuingStopped
    | IssuingResumed
    | AppointmentBooked
    | AppointmentCancelled
    | ClockStepped
    | DeedNoted
    | CommandRefused
)
HallEvent = EmergencyDeclared | EmergencyEnded | NoticePosted | GuideCalled | GuideAnswered
AloneEvent = BlockLent | TicketReportedLate | CommandWithdrawn
TicketEvent = (
    TicketIssued
    | TicketPrinted
    | PrintFailed
    | ReprintOrdered
    | TicketVoided
    | TicketCancelled
    | ServiceChanged
    | TicketReturned
)
CounterEvent = (
    CounterOpened
    | CounterClosed
    | CounterPaused
    | CounterResumed
    | TicketCalled
    | CallUndone
    | TicketReopened
    | TicketRecalled
    | TicketServed
    | TicketClosed
    | NoShowMarked
    | TicketHeld
    | TicketTransferred
    | RatingRecorded
    | RatingCorrected
    | RatingLapsed
    | ReasonsGiven
    | DoneAlone
    | CalledTwice
    | CallTakenUp
    | Announced
    | AnnouncementFailed
    | HelpCalled
    | HelpAnswered
)
Event = DayEvent | HallEvent | TicketEvent | AloneEvent | CounterEvent
