"""The hall's present state, made of nothing but the events applied to it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, get_args

from broker.loading import SettingsFault, parse
from broker.messages import (
    NOTHING_POSTED,
    AloneEvent,
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
    CounterEvent,
    CounterOpened,
    CounterPaused,
    CounterResumed,
    CounterStatus,
    DayClosed,
    DayEvent,
    DayOpened,
    DeedNoted,
    DoneAlone,
    EmergencyDeclared,
    EmergencyEnded,
    Event,
    GuideAnswered,
    GuideCalled,
    HallEvent,
    Heard,
    HelpAnswered,
    HelpCalled,
    IssuingResumed,
    IssuingStopped,
    JournalRestored,
    NoShowMarked,
    NoticePosted,
    Phase,
    Posted,
    PrintFailed,
    RatingCorrected,
    RatingLapsed,
    RatingRecorded,
    ReasonsGiven,
    ReprintOrdered,
    ServiceChanged,
    SessionEnded,
    SettingsAdopted,
    TicketCalled,
    TicketCancelled,
    TicketClosed,
    TicketEvent,
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
from broker.queue.desk import CounterDesk, Undo
from broker.queue.moves import Moves
from broker.queue.standing import Loan

if TYPE_CHECKING:
    from typing_extensions import TypeIs

__all__ = ["Queue", "done_at"]

COUNTER = frozenset(get_args(CounterEvent))
TICKET = frozenset(get_args(TicketEvent))
ALONE = frozenset(get_args(AloneEvent))
HALL = frozenset(get_args(HallEvent))

# Devices know calls by their count: more than can have been made since a journal's last row.
UNHEARD_OF = 100_000


def done_at(event: TicketCalled | TicketServed | TicketClosed | NoShowMarked, at: int) -> int:
    """When it happened: before the hub was told, if the counter was alone. Its clock may have been ahead."""
    return min(event.alone_at, at) if event.alone_at else at


class Queue(Moves):
    """The state, and how events change it."""

    def apply(self, event: Event, at: int) -> None:
        """Take in what happened at `at`; whatever the journal holds is true, so nothing is refused here."""
        if _is_of_counter(event):
            self._apply_counter(event, at)
        elif _is_of_ticket(event):
            self._apply_ticket(event, at)
        elif _is_of_kiosk_alone(event):
            self._apply_alone(event)
        elif _is_of_hall(event):
            self._apply_hall(event)
        else:
            self._apply_day(event, at)

    def _apply_ticket(self, event: TicketEvent, at: int) -> None:
        match event:
            case TicketIssued():
                self._issued(event, at)
            case TicketPrinted(ticket=number):
                self._printed(self.tickets[number])
            case ReprintOrdered():
                self._owed(event)
            case TicketReturned():
                self._returned(event)
            case ServiceChanged():
                self._service_changed(event)
            case TicketVoided() | TicketCancelled():
                self._ended(event)
            case PrintFailed():
                pass

    def _apply_alone(self, event: AloneEvent) -> None:
        match event:
            case BlockLent(kiosk=kiosk, service=service):
                self.lent.update(dict.fromkeys(event.numbers, Loan(kiosk, service)))
            case TicketReportedLate() | CommandWithdrawn():
                pass

    def _apply_counter(self, event: CounterEvent, at: int) -> None:
        desk = self.desks[event.counter]
        match event:  # the most frequent ones first
            case TicketCalled():
                self._called(event, done_at(event, at))
            case CallTakenUp():
                self._taken_up(event)
            case Announced():
                self._heard(event, Heard.YES)
            case TicketServed():
                self.moved(event.ticket, event).taken_by(event.counter)
                if desk.ticket == event.ticket:
                    desk.phase = Phase.SERVING
            case TicketClosed():
                self._closed(event, done_at(event, at))
            case TicketRecalled():
                desk.recalled(event, at)
            case CallUndone():
                self._undone(event)
            case TicketReopened():
                self._reopened(event)
            case NoShowMarked():
                self._missed(event, done_at(event, at))
            case TicketHeld():
                self._held(event, at)
            case TicketTransferred():
                self._transferred(event, at)
            case CounterOpened(clerk=clerk):
                self._turned(desk, CounterStatus.OPEN)
                desk.clerk = clerk
            case CounterClosed(counter=counter):
                self._turned(desk, CounterStatus.CLOSED)
                self._release(counter)
            case CounterPaused():
                self._turned(desk, CounterStatus.PAUSED)
                desk.pause_reason, desk.pause_until = event.reason, event.until
            case CounterResumed():
                self._turned(desk, CounterStatus.OPEN)
            case RatingRecorded() | RatingCorrected() | ReasonsGiven():
                self._rated(event)
            case RatingLapsed():
                desk.rating_ticket = ""
            case DoneAlone():
                self._done_alone(event)
            case CalledTwice():
                pass
            case AnnouncementFailed():
                self._heard(event, Heard.NO)
            case HelpCalled() | HelpAnswered():
                desk.helped(event)

    def _apply_hall(self, event: HallEvent) -> None:
        match event:
            case EmergencyDeclared(text=text, since=since):
                self.emergency = Posted(text=text, since=since)
            case EmergencyEnded():
                self.emergency = NOTHING_POSTED
            case NoticePosted(text=text, since=since):
                self.notice = Posted(text=text, since=since) if text else NOTHING_POSTED
            case GuideCalled(kiosk=kiosk, since=since):
                self.guides[kiosk] = since
            case GuideAnswered(kiosk=kiosk):
                self.guides.pop(kiosk, None)

    def _apply_day(self, event: DayEvent, at: int) -> None:
        match event:
            case AppointmentBooked(appointment=appointment):
                self.appointments[appointment.code] = appointment
            case AppointmentCancelled(code=code):
                del self.appointments[code]
            case IssuingStopped(services=services, reason=reason):
                self.stopped.update(dict.fromkeys(services, reason))
            case IssuingResumed(services=services):
                for service in services:
                    self.stopped.pop(service, None)
            case SessionEnded(service=service):
                self.ended[service] = at
            case SettingsAdopted(text=text):
                self._adopt(text)
            case DayOpened():
                self._opened(event)
            case JournalRestored(whole=False, numbers_from=numbers_from):
                self.numbers_from = numbers_from
                self.last_call += UNHEARD_OF
            case DayClosed() | JournalRestored() | ClockStepped() | DeedNoted() | CommandRefused():
                pass

    def _turned(self, desk: CounterDesk, status: CounterStatus) -> None:
        desk.status, desk.undo = status, Undo()
        self.count_working()

    # --- ratings, announcements, the day -----------------------------------------------------------------

    def _rated(self, event: RatingRecorded | RatingCorrected | ReasonsGiven) -> None:
        key = (event.day, event.ticket)
        if isinstance(event, ReasonsGiven):
            self.reasons.add(key)
            return
        first, _ = self.ratings.get(key, (event.pressed_at, 0))
        self.ratings[key] = (first, event.pressed_at)
        desk = self.desks[event.counter]
        if (self.day, desk.rating_ticket) == key:
            desk.rating_done = True

    def _heard(self, event: Announced | AnnouncementFailed, heard: Heard) -> None:
        desk = self.desks[event.counter]
        if (desk.call, desk.recall) == (event.call, event.recall):
            desk.heard = heard

    def _taken_up(self, event: CallTakenUp) -> None:
        desk = self.desks[event.counter]
        if (desk.call, desk.recall) != (event.call, event.recall) or desk.taken_up:
            return
        desk.taken_up = True
        if desk.heard is Heard.NO:  # a slow line made it look as if no voice were there
            desk.heard = Heard.PENDING

    def _adopt(self, text: str) -> None:
        self.settings_text = text
        # Settings that an older software found right may not be so today: then those of this start serve.
        with suppress(SettingsFault):
            self.hall = parse(text)
        self.lay_out()

    def _opened(self, event: DayOpened) -> None:
        self.__dict__.update(vars(Queue(self.hall, self.settings_text)))
        self.day, self.secret, self.last_call = event.day, event.secret, event.last_call
        self.appointments = {one.code: one for one in event.appointments}
        self.paces = dict(event.paces)
        for counter, since in event.help.items():
            self.desks.setdefault(counter, CounterDesk(counter)).help_since = since
        self.emergency, self.notice = event.emergency, event.notice


# As in `broker.queue.decide`: no class of a union is asked in turn.


def _is_of_counter(event: Event) -> TypeIs[CounterEvent]:
    return type(event) in COUNTER


def _is_of_ticket(event: Event) -> TypeIs[TicketEvent]:
    return type(event) in TICKET


def _is_of_kiosk_alone(event: Event) -> TypeIs[AloneEvent]:
    return type(event) in ALONE


def _is_of_hall(event: Event) -> TypeIs[HallEvent]:
    return type(event) in HALL
