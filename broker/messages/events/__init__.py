"""Events: what happened, as the journal keeps it; in the past tense. New fields have defaults, so that old rows decode."""

from __future__ import annotations

from broker.messages.events.counters import (
    CalledTwice,
    CallUndone,
    CounterClosed,
    CounterOpened,
    CounterPaused,
    CounterResumed,
    DoneAlone,
    HelpAnswered,
    HelpCalled,
    NoShowMarked,
    TicketCalled,
    TicketClosed,
    TicketHeld,
    TicketRecalled,
    TicketReopened,
    TicketServed,
    TicketTransferred,
)
from broker.messages.events.day import (
    AppointmentBooked,
    AppointmentCancelled,
    ClockStepped,
    CommandRefused,
    DayClosed,
    DayOpened,
    DeedNoted,
    IssuingResumed,
    IssuingStopped,
    JournalRestored,
    SessionEnded,
    SettingsAdopted,
)
from broker.messages.events.hall import (
    EmergencyDeclared,
    EmergencyEnded,
    GuideAnswered,
    GuideCalled,
    NoticePosted,
)
from broker.messages.events.heard_and_rated import (
    Announced,
    AnnouncementFailed,
    CallTakenUp,
    RatingCorrected,
    RatingLapsed,
    RatingRecorded,
    ReasonsGiven,
)
from broker.messages.events.kiosk_alone import BlockLent, CommandWithdrawn, TicketReportedLate
from broker.messages.events.tickets import (
    PrintFailed,
    ReprintOrdered,
    ServiceChanged,
    TicketCancelled,
    TicketIssued,
    TicketPrinted,
    TicketReturned,
    TicketVoided,
)

__all__ = ["AloneEvent", "CounterEvent", "DayEvent", "Event", "HallEvent", "TicketEvent"]

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
    | JournalRestored
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
