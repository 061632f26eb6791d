"""The hall's present state, made of nothing but the events applied to it."""

from __future__ import annotations

from contextlib import suppress

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
from broker.queue.life import Status, Ticket
from broker.queue.pool import Pool
from broker.queue.standing import BETWEEN, Loan, Standing

__all__ = ["Queue", "done_at"]


def done_at(event: TicketCalled | TicketServed | TicketClosed | NoShowMarked, at: int) -> int:
    """When it happened: before the hub was told, if the counter was alone. Its clock may have been ahead."""
    return min(event.alone_at, at) if event.alone_at else at


class Queue(Standing):
    """The state, and how events change it."""

    def apply(self, event: Event, at: int) -> None:
        """Take in what happened at `at`; whatever the journal holds is true, so nothing is refused here."""
        if isinstance(event, CounterEvent):
            self._apply_counter(event, at)
        elif isinstance(event, TicketEvent):
            self._apply_ticket(event, at)
        elif isinstance(event, AloneEvent):
            self._apply_alone(event)
        elif isinstance(event, HallEvent):
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
            case DayClosed() | ClockStepped() | DeedNoted() | CommandRefused():
                pass

    def _turned(self, desk: CounterDesk, status: CounterStatus) -> None:
        desk.status, desk.undo = status, Undo()
        self.count_working()

    # --- tickets: from their issue to their line ---------------------------------------------------------

    def _issued(self, event: TicketIssued, at: int) -> None:
        # A kiosk alone may have gone by a clock that is ahead.
        issued_at = min(event.issued_at, at)
        time = issued_at if event.green else event.slot or issued_at
        ticket = Ticket(
            number=event.ticket,
            service=event.service,
            green=event.green,
            kiosk=event.kiosk,
            ahead=event.ahead,
            issued_at=event.issued_at,
            place=(time, len(self.tickets), 0),
            slot=event.slot,
            person=event.person,
            code=event.code,
            wait=event.wait,
            in_line=event.by_hand,
            alone=event.alone,
            item=event.item,
            agent=event.agent,
        )
        self.tickets[event.ticket] = ticket
        self.unknown.pop(event.ticket, None)
        if event.person:
            self.holders.setdefault(event.person, []).append(event.ticket)
        if event.appointment:
            self.kept_appointments[event.appointment] = event.ticket
        if not event.alone:
            prefix, running = event.ticket[:1], int(event.ticket[1:])
            self.issued[prefix] = max(self.issued[prefix], running)
        self.waiting.count(ticket, 1)
        if event.by_hand:
            self.waiting.join(ticket)
            return
        self.take(ticket, 1)
        self.unprinted.setdefault(event.kiosk, {})[event.ticket] = None

    def _printed(self, ticket: Ticket) -> None:
        self.unprinted[ticket.kiosk].pop(ticket.number, None)
        if not ticket.in_line:
            ticket.in_line = True
            self.waiting.join(ticket)

    def _owed(self, event: ReprintOrdered) -> None:
        ticket = self.tickets[event.ticket]
        self.unprinted.get(ticket.kiosk, {}).pop(ticket.number, None)
        ticket.kiosk, ticket.copies = event.kiosk, event.copy
        self.unprinted.setdefault(event.kiosk, {})[ticket.number] = None

    # --- tickets: in line and out of it ------------------------------------------------------------------

    def _called(self, event: TicketCalled, at: int) -> None:
        passed, between = self.passed(event, at), self.paces.get(BETWEEN)
        ticket, desk = self.moved(event.ticket, event), self.desks[event.counter]
        self.leaves(ticket)
        if not event.alone_at:
            self.came_after(ticket, event.counter, at)
        ticket.counter = event.counter
        self.calls[ticket.service] += 1
        self.last_call = event.call
        if desk.phase is Phase.IDLE:  # else it has gone on since: what it did alone is over
            desk.called(event, at, passed, between)

    def _undone(self, event: CallUndone) -> None:
        ticket, desk = self.moved(event.ticket, event), self.desks[event.counter]
        self.calls[ticket.service] -= 1
        self.waits(ticket)
        self.relearn(BETWEEN, desk.undo.between)
        desk.undone()

    def _reopened(self, event: TicketReopened) -> None:
        ticket, desk = self.moved(event.ticket, event), self.desks[event.counter]
        self.relearn(ticket.service, desk.undo.pace)
        desk.reopened()

    def _closed(self, event: TicketClosed, at: int) -> None:
        ticket, desk = self.moved(event.ticket, event), self.desks[event.counter]
        if desk.ticket == ticket.number:
            pace = self.paces.get(ticket.service)
            self.freed(ticket, event.counter, at)
            desk.closed(event, pace)

    def _missed(self, event: NoShowMarked, at: int) -> None:
        ticket = self.moved(event.ticket, event)
        ticket.no_shows += 1
        ticket.missed_at, ticket.missed_after = at, self.calls[ticket.service]
        self.missed[ticket.number] = None
        if self.desks[event.counter].ticket == ticket.number:
            self.freed(ticket, event.counter, at)

    def _held(self, event: TicketHeld, at: int) -> None:
        ticket = self.moved(event.ticket, event)
        ticket.taken_by(event.counter)
        ticket.to_counter = event.to_counter
        self.held[ticket.number] = None
        self.freed(ticket, event.counter, at)

    def _transferred(self, event: TicketTransferred, at: int) -> None:
        ticket = self.moved(event.ticket, event)
        ticket.taken_by(event.counter)
        self.freed(ticket, event.counter, at)
        if event.to_service not in ("", ticket.service):
            ticket.service, ticket.item = event.to_service, ""
        ticket.to_counter = event.to_counter
        self.waits(ticket)

    def _returned(self, event: TicketReturned) -> None:
        ticket = self.moved(event.ticket, event)
        self.missed.pop(ticket.number, None)
        self.held.pop(ticket.number, None)
        self.moves += 1
        ticket.place, ticket.to_counter = event.place, event.to_counter
        self.waits(ticket)

    def _service_changed(self, event: ServiceChanged) -> None:
        ticket = self.tickets[event.ticket]
        self.leaves(ticket)
        ticket.service, ticket.item, ticket.to_counter = event.to_service, "", 0
        self.take(ticket, 1)
        self.waits(ticket)

    def _ended(self, event: TicketVoided | TicketCancelled) -> None:
        ticket = self.tickets[event.ticket]
        if ticket.status is Status.WAITING:
            self.leaves(ticket)
        if not ticket.in_line:
            self._never_held(ticket)
        self.moved(event.ticket, event)
        self.unprinted.get(ticket.kiosk, {}).pop(ticket.number, None)
        self.missed.pop(ticket.number, None)
        self.held.pop(ticket.number, None)

    def _never_held(self, ticket: Ticket) -> None:
        """What a number took whose paper never came is given back: its quota, its appointment."""
        self.take(ticket, -1)
        kept = self.kept_appointments
        self.kept_appointments = {
            c: number for c, number in kept.items() if number != ticket.number
        }

    def _release(self, counter: int) -> None:
        """Whom only this counter might have called may be called by any that serves them."""
        own = self.waiting.own.get(counter, Pool())
        waiting = [number for line in own.lines for _, number in line]
        elsewhere = (desk.ticket for desk in self.desks.values() if desk.ticket)
        # Not all tickets of the day: this is a clerk's press like any other.
        for number in (*waiting, *self.held, *self.missed, *elsewhere):
            ticket = self.tickets[number]
            if ticket.to_counter != counter:
                continue
            waits = ticket.status is Status.WAITING
            if waits:
                self.leaves(ticket)
            ticket.to_counter = 0
            if waits:
                self.waits(ticket)

    def _done_alone(self, event: DoneAlone) -> None:
        """With a number that nobody knows it waits for its ticket, which a kiosk may yet hand in."""
        if event.day == self.day and event.ticket not in self.tickets:
            self.unknown[event.ticket] = (*self.unknown.get(event.ticket, ()), event)

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
