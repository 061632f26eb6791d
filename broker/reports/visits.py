"""What became of a day's visitors and counters, in figures; made of the day's events and nothing else."""

from __future__ import annotations

from collections import Counter as Tally
from collections import defaultdict

from broker.messages import (
    Announced,
    AnnouncementFailed,
    AppointmentBooked,
    AppointmentCancelled,
    BlockLent,
    CalledTwice,
    CallTakenUp,
    CallUndone,
    ClockStepped,
    CommandRefused,
    CommandWithdrawn,
    CounterClosed,
    CounterOpened,
    CounterPaused,
    CounterResumed,
    DayClosed,
    DayOpened,
    DeedNoted,
    DoneAlone,
    EmergencyDeclared,
    EmergencyEnded,
    Event,
    GuideAnswered,
    GuideCalled,
    HelpAnswered,
    HelpCalled,
    IssuingResumed,
    IssuingStopped,
    JournalRestored,
    NoShowMarked,
    NoticePosted,
    PrintFailed,
    RatingCorrected,
    RatingLapsed,
    RatingRecorded,
    ReasonsGiven,
    Refusal,
    ReprintOrdered,
    ServiceChanged,
    SessionEnded,
    SettingsAdopted,
    TicketCalled,
    TicketCancelled,
    TicketClosed,
    TicketHeld,
    TicketIssued,
    TicketPrinted,
    TicketRecalled,
    TicketReopened,
    TicketReportedLate,
    TicketReturned,
    TicketServed,
    TicketTransferred,
    TicketVoided,
)
from broker.queue import done_at
from broker.queue.life import Status
from broker.reports.desk import Desk, Doing
from broker.reports.visit import Called, End, Turn, Visit

__all__ = ["Visits"]


class Visits:
    """Hears the events of one day, in their order. `rules` counts calls by rule id, `refusals` commands by code."""

    def __init__(self) -> None:
        self.visits: dict[str, Visit] = {}
        self.desks: defaultdict[int, Desk] = defaultdict(Desk)
        self.rules: Tally[str] = Tally()
        self.refusals: Tally[Refusal] = Tally()

    def hear(self, event: Event, at: int) -> None:
        # The most frequent first: a year of simulated days is heard too.
        match event:
            case TicketPrinted() | Announced() | CallTakenUp():
                pass
            case TicketIssued():
                # A kiosk alone may have gone by a clock that is ahead.
                starts = max(min(event.issued_at, at), event.slot)
                self.visits[event.ticket] = Visit(event, event.service, starts)
            case TicketCalled():
                self._called(event, done_at(event, at))
            case TicketServed():
                visit = self.visits[event.ticket]
                visit.status, visit.served_at = Status.SERVING, done_at(event, at)
            case TicketClosed():
                self._closed(event, done_at(event, at))
            case RatingLapsed() | RatingRecorded() | RatingCorrected() | ReasonsGiven():
                pass
            case TicketRecalled():
                self.visits[event.ticket].calls[-1].recalls += 1
            case NoShowMarked():
                self._missed(event, done_at(event, at))
            case TicketReturned():
                self._returned(event, at)
            case TicketHeld():
                self._held(event, at)
            case TicketTransferred():
                self._transferred(event, at)
            case ServiceChanged():
                self.visits[event.ticket].service = event.to_service
            case CallUndone():
                self._undone(event, at)
            case TicketReopened():
                self._reopened(event, at)
            case TicketVoided():
                self._ended(event.ticket, Status.VOIDED, End.VOIDED, at)
            case TicketCancelled():
                self._ended(event.ticket, Status.CANCELLED, End.CANCELLED, at)
            case CommandRefused():
                self.refusals[event.code] += 1
            case CounterOpened() | CounterPaused() | CounterResumed() | CounterClosed():
                self._desk_changed(event, at)
            case DayClosed():
                self._day_closed(event, at)
            case (
                PrintFailed()
                | DoneAlone()
                | CalledTwice()
                | BlockLent()
                | TicketReportedLate()
                | CommandWithdrawn()
                | ReprintOrdered()
                | AnnouncementFailed()
                | SessionEnded()
                | IssuingStopped()
                | IssuingResumed()
                | AppointmentBooked()
                | AppointmentCancelled()
                | ClockStepped()
                | DeedNoted()
                | JournalRestored()
                | HelpCalled()
                | HelpAnswered()
                | EmergencyDeclared()
                | EmergencyEnded()
                | NoticePosted()
                | GuideCalled()
                | GuideAnswered()
                | SettingsAdopted()
                | DayOpened()
            ):
                pass

    def _called(self, event: TicketCalled, at: int) -> None:
        visit = self.visits[event.ticket]
        visit.status = Status.CALLED
        visit.calls.append(Called(at, event))
        self.rules[event.rule] += 1
        self.desks[event.counter].engages(event.ticket, at)

    def _closed(self, event: TicketClosed, at: int) -> None:
        visit = self.visits[event.ticket]
        self._turn_over(visit, event.counter, at)
        visit.status, visit.end, visit.ended_at = Status.CLOSED, End.CLOSED, at

    def _turn_over(self, visit: Visit, counter: int, at: int) -> None:
        """The visitor came to the counter, and it has done with the ticket."""
        call, desk = visit.calls[-1], self.desks[counter]
        # A counter without the key tells of the service only when it ends.
        began_at = visit.served_at if 0 < visit.served_at < at else call.at
        visit.turns.append(
            Turn(counter, desk.clerk, visit.service, visit.waited, call.at, began_at, at)
        )
        visit.served_at = 0
        desk.has_done_with(visit.issued.ticket, at)

    def _missed(self, event: NoShowMarked, at: int) -> None:
        visit = self.visits[event.ticket]
        visit.status = Status.NO_SHOW
        visit.no_shows += 1
        self.desks[event.counter].has_done_with(event.ticket, at)

    def _held(self, event: TicketHeld, at: int) -> None:
        visit = self.visits[event.ticket]
        self._turn_over(visit, event.counter, at)
        visit.status = Status.HELD
        visit.holds += 1

    def _returned(self, event: TicketReturned, at: int) -> None:
        visit = self.visits[event.ticket]
        if visit.status is Status.HELD:
            visit.waits_since = at
        visit.status = Status.WAITING
        visit.returns += 1

    def _transferred(self, event: TicketTransferred, at: int) -> None:
        visit = self.visits[event.ticket]
        self._turn_over(visit, event.counter, at)
        visit.status, visit.waits_since = Status.WAITING, at
        visit.service = event.to_service or visit.service
        visit.transfers += 1

    def _undone(self, event: CallUndone, at: int) -> None:
        """As if it had never been called: its counter was idle."""
        visit, desk = self.visits[event.ticket], self.desks[event.counter]
        visit.status = Status.WAITING
        self.rules[visit.calls.pop().event.rule] -= 1
        desk.doing = Doing.IDLE
        desk.turns_to(Doing.IDLE, at)

    def _reopened(self, event: TicketReopened, at: int) -> None:
        """As if it had never been closed: its counter was engaged all the time."""
        visit, desk = self.visits[event.ticket], self.desks[event.counter]
        turn = visit.turns.pop()
        desk.turns_to(Doing.IDLE, at)
        visit.status, visit.end, visit.ended_at = Status.SERVING, End.OPEN, 0
        visit.served_at = turn.began_at
        desk.spent[Doing.ENGAGED] -= turn.ended_at - turn.called_at
        desk.spent[Doing.IDLE] -= at - turn.ended_at
        desk.doing, desk.since, desk.ticket = Doing.ENGAGED, turn.called_at, event.ticket

    def _ended(self, ticket: str, status: Status, end: End, at: int) -> None:
        visit = self.visits[ticket]
        visit.end = End.NO_SHOW if visit.status is Status.NO_SHOW else end
        visit.status, visit.ended_at = status, at

    def _desk_changed(
        self, event: CounterOpened | CounterPaused | CounterResumed | CounterClosed, at: int
    ) -> None:
        desk = self.desks[event.counter]
        match event:
            case CounterOpened(clerk=clerk):
                desk.turns_to(Doing.IDLE, at)
                desk.clerk = clerk
            case CounterResumed():
                desk.turns_to(Doing.IDLE, at)
            case CounterPaused():
                desk.turns_to(Doing.PAUSED, at)
            case CounterClosed():
                desk.turns_to(Doing.CLOSED, at)

    def _day_closed(self, event: DayClosed, at: int) -> None:
        for ticket in event.settled:
            self._ended(ticket, self.visits[ticket].status, End.SETTLED, at)
        for desk in self.desks.values():
            desk.turns_to(Doing.CLOSED, at)
