"""The hall's present state, made of nothing but the events applied to it."""

from __future__ import annotations

from collections import Counter as Tally
from contextlib import suppress
from dataclasses import dataclass, field

from broker.loading import SettingsFault, parse
from broker.messages import (
    Announced,
    AnnouncementFailed,
    ClockStepped,
    CommandRefused,
    CounterClosed,
    CounterOpened,
    CounterPaused,
    CounterResumed,
    CounterStatus,
    DayClosed,
    DayOpened,
    Event,
    Heard,
    NoShowMarked,
    Phase,
    PrintFailed,
    RatingCorrected,
    RatingLapsed,
    RatingRecorded,
    SettingsAdopted,
    TicketCalled,
    TicketClosed,
    TicketIssued,
    TicketPrinted,
    TicketRecalled,
    TicketServed,
    TicketTransferred,
    TicketVoided,
)
from broker.queue.life import LIFE, Ticket
from broker.queue.line import Line
from broker.settings import Hall

__all__ = ["CounterDesk", "Queue"]


@dataclass(slots=True)
class CounterDesk:
    """One counter as the queue knows it. `pressed_at` is the last call or recall, for double presses."""

    number: int
    status: CounterStatus = CounterStatus.CLOSED
    phase: Phase = Phase.IDLE
    clerk: str = ""
    ticket: str = ""
    call: int = 0
    recall: int = 0
    pressed_at: int = 0
    heard: Heard = Heard.PENDING
    greens_in_a_row: int = 0
    pause_reason: str = ""
    pause_until: int = 0
    rating_ticket: str = ""
    rating_until: int = 0
    rating_done: bool = False

    def free(self) -> None:
        self.phase, self.ticket = Phase.IDLE, ""


@dataclass
class Queue:
    """Today's tickets, lines and counters. Only `apply` changes it.

    `issued` counts numbers by prefix; `ratings` has the first and the last press, by day and ticket.
    """

    hall: Hall
    settings_text: str = ""
    day: str = ""
    last_call: int = 0
    tickets: dict[str, Ticket] = field(default_factory=dict)
    issued: Tally[str] = field(default_factory=Tally)
    lines: dict[tuple[str, bool], Line] = field(default_factory=dict)
    counter_lines: dict[int, Line] = field(default_factory=dict)
    waiting: Tally[tuple[str, bool]] = field(default_factory=Tally)
    desks: dict[int, CounterDesk] = field(default_factory=dict)
    unprinted: dict[str, dict[str, None]] = field(default_factory=dict)
    ratings: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        for service in self.hall.services:
            for green in (False, True):
                self.lines.setdefault((service.id, green), Line())
        for number in self.hall.counter:
            self.desks.setdefault(number, CounterDesk(number))
            self.counter_lines.setdefault(number, Line())

    def apply(self, event: Event, at: int) -> None:
        """Take in what happened at `at`; whatever the journal holds is true, so nothing is refused here."""
        match event:
            case TicketIssued():
                self._issued(event)
            case TicketPrinted(ticket=number):
                self._printed(self.tickets[number])
            case TicketCalled():
                self._called(event, at)
            case TicketRecalled():
                desk = self.desks[event.counter]
                desk.recall, desk.pressed_at, desk.heard = event.recall, at, Heard.PENDING
            case TicketServed():
                self._moved(event.ticket, event)
                self.desks[event.counter].phase = Phase.SERVING
            case TicketClosed():
                self._closed(event)
            case NoShowMarked():
                self._moved(event.ticket, event)
                self.desks[event.counter].free()
            case TicketTransferred():
                self._transferred(event)
            case TicketVoided():
                self._voided(event)
            case CounterOpened():
                desk = self.desks[event.counter]
                desk.status, desk.clerk = CounterStatus.OPEN, event.clerk
            case CounterClosed():
                self.desks[event.counter].status = CounterStatus.CLOSED
            case CounterPaused():
                desk = self.desks[event.counter]
                desk.status, desk.pause_reason, desk.pause_until = (
                    CounterStatus.PAUSED,
                    event.reason,
                    event.until,
                )
            case CounterResumed():
                self.desks[event.counter].status = CounterStatus.OPEN
            case RatingRecorded() | RatingCorrected():
                self._rated(event)
            case RatingLapsed():
                self.desks[event.counter].rating_ticket = ""
            case Announced():
                self._heard(event, Heard.YES)
            case AnnouncementFailed():
                self._heard(event, Heard.NO)
            case SettingsAdopted():
                self._adopt(event.text)
            case DayOpened():
                self._opened(event)
            case DayClosed() | PrintFailed() | ClockStepped() | CommandRefused():
                pass

    def _adopt(self, text: str) -> None:
        self.settings_text = text
        # Settings that an older software found right may not be so today: then those of this start serve.
        with suppress(SettingsFault):
            self.hall = parse(text)
        self._lay_out()

    def _issued(self, event: TicketIssued) -> None:
        self.issued[event.ticket[:1]] += 1
        self.tickets[event.ticket] = Ticket(
            number=event.ticket,
            service=event.service,
            green=event.green,
            kiosk=event.kiosk,
            ahead=event.ahead,
            issued_at=event.issued_at,
            order=len(self.tickets),
        )
        self.waiting[event.service, bool(event.green)] += 1
        self.unprinted.setdefault(event.kiosk, {})[event.ticket] = None

    def _printed(self, ticket: Ticket) -> None:
        self.unprinted[ticket.kiosk].pop(ticket.number, None)
        ticket.in_line = True
        self._line(ticket).join(ticket.seniority, ticket.number)

    def _line(self, ticket: Ticket) -> Line:
        if ticket.to_counter:
            return self.counter_lines[ticket.to_counter]
        return self.lines[ticket.service, bool(ticket.green)]

    def _moved(self, number: str, event: Event) -> Ticket:
        ticket = self.tickets[number]
        ticket.status = LIFE[ticket.status, type(event)]
        return ticket

    def _called(self, event: TicketCalled, at: int) -> None:
        ticket = self._moved(event.ticket, event)
        self._line(ticket).leave(ticket.number)
        self.waiting[ticket.service, bool(ticket.green)] -= 1
        ticket.counter, ticket.to_counter = event.counter, 0
        ticket.first_counter = ticket.first_counter or event.counter
        desk = self.desks[event.counter]
        desk.phase, desk.ticket, desk.pressed_at = Phase.CALLED, event.ticket, at
        desk.call, desk.recall, desk.heard = event.call, 0, Heard.PENDING
        desk.greens_in_a_row = desk.greens_in_a_row + 1 if event.rule == "green_first" else 0
        self.last_call = event.call

    def _closed(self, event: TicketClosed) -> None:
        self._moved(event.ticket, event)
        desk = self.desks[event.counter]
        desk.free()
        if event.rate_until:
            desk.rating_ticket, desk.rating_until, desk.rating_done = (
                event.ticket,
                event.rate_until,
                False,
            )

    def _transferred(self, event: TicketTransferred) -> None:
        ticket = self._moved(event.ticket, event)
        ticket.service = event.to_service or ticket.service
        ticket.to_counter = event.to_counter
        self.waiting[ticket.service, bool(ticket.green)] += 1
        self._line(ticket).join(ticket.seniority, ticket.number)
        self.desks[event.counter].free()

    def _voided(self, event: TicketVoided) -> None:
        ticket = self._moved(event.ticket, event)
        self.waiting[ticket.service, bool(ticket.green)] -= 1
        self.unprinted[ticket.kiosk].pop(ticket.number, None)
        if ticket.in_line:
            self._line(ticket).leave(ticket.number)

    def _rated(self, event: RatingRecorded | RatingCorrected) -> None:
        key = (event.day, event.ticket)
        first, _ = self.ratings.get(key, (event.pressed_at, 0))
        self.ratings[key] = (first, event.pressed_at)
        desk = self.desks[event.counter]
        if (self.day, desk.rating_ticket) == key:
            desk.rating_done = True

    def _heard(self, event: Announced | AnnouncementFailed, heard: Heard) -> None:
        desk = self.desks[event.counter]
        if (desk.call, desk.recall) == (event.call, event.recall):
            desk.heard = heard

    def _opened(self, event: DayOpened) -> None:
        self.day, self.last_call = event.day, event.last_call
        for part in (
            self.tickets,
            self.issued,
            self.lines,
            self.counter_lines,
            self.waiting,
            self.desks,
            self.unprinted,
            self.ratings,
        ):
            part.clear()
        self._lay_out()
