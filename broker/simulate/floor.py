"""The floor of the simulated hall: visitors come, clerks wait to be rung for; the hall's rules decide who is called."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import cast

from simpy import Environment
from simpy import Event as Moment

from broker.messages import (
    BookAppointment,
    CancelTicket,
    CommandRefused,
    CounterClosed,
    DeviceCommand,
    Event,
    IssueTicket,
    Rate,
    Refusal,
    ReportAnnounced,
    ReportPrinted,
    ReportTakenUp,
    ReturnTicket,
    TicketClosed,
    TicketIssued,
    TicketPrinted,
    TicketReturned,
    TicketTransferred,
)
from broker.queue import Queue
from broker.queue.life import Status, Ticket
from broker.simulate.devices import devices_of
from broker.simulate.port import Port
from broker.simulate.profile import Profile
from broker.simulate.spread import drawer
from broker.simulate.visitor import SECOND_MS, Visitor

__all__ = ["Floor", "Guest"]

Life = Generator[Moment, object, None]
JOINS = (TicketPrinted, TicketReturned, TicketTransferred)


@dataclass(slots=True)
class Guest:
    """A visitor with a ticket, and what is still to be done for them."""

    visitor: Visitor
    ticket: str
    code: str
    left_ms: int
    transfer_to: str
    away_ms: int
    absent: bool


@dataclass
class Floor:
    """What was `told` is every event with its time; `refused` counts by command and reason.

    `idle` has the bells of the clerks who wait for somebody, the longest idle first; `away` counts, by counter, held
    visitors who will be back.
    """

    env: Environment
    port: Port
    profile: Profile
    rng: Random
    told: list[tuple[Event, int]] = field(default_factory=list)
    refused: Tally[tuple[str, Refusal]] = field(default_factory=Tally)
    guests: dict[str, Guest] = field(default_factory=dict)
    idle: dict[int, Moment] = field(default_factory=dict)
    away: Tally[int] = field(default_factory=Tally)
    at_work: int = 0

    def __post_init__(self) -> None:
        behaviour = self.profile.behaviour
        self.devices = devices_of(self.queue.hall)
        self._printing = drawer(behaviour.printing_s, SECOND_MS)
        self._announcing = drawer(behaviour.announcing_s, SECOND_MS)
        self._arrived = 0

    @property
    def queue(self) -> Queue:
        return self.port.queue

    @property
    def now(self) -> int:
        return int(self.env.now)

    # --- asking and hearing ---------------------------------------------------------------------------

    def ask(self, command: DeviceCommand, device: str) -> tuple[Event, ...]:
        now = self.now
        events = self.port.ask(command, device, now)
        self._hear(events, now)
        last = events[-1]
        if isinstance(last, CommandRefused):
            self.refused[type(command).__name__, last.code] += 1
        return events

    def tick(self) -> None:
        self._hear(self.port.tick(self.now), self.now)

    def _hear(self, events: Sequence[Event], now: int) -> None:
        for event in events:
            self.told.append((event, now))
            if isinstance(event, JOINS):
                if self.idle:
                    self._ring_for(self.queue.tickets[event.ticket])
            elif isinstance(event, CounterClosed):
                self.ring_all()

    def later(self, delay: int, action: Callable[[], object]) -> None:
        callbacks = self.env.timeout(delay).callbacks
        assert callbacks is not None  # noqa: S101 - None only once it has happened
        callbacks.append(lambda _: cast("None", action()))

    # --- the bells of those who wait for somebody --------------------------------------------------------

    def bell(self, counter: int) -> Moment:
        """Rings when somebody comes whom this counter may call, or when its clerk has something else to do."""
        self.idle[counter] = self.env.event()
        return self.idle[counter]

    def ring(self, counter: int) -> None:
        bell = self.idle.pop(counter, None)
        if bell is not None:
            bell.succeed()

    def ring_all(self) -> None:
        for counter in tuple(self.idle):
            self.ring(counter)

    def _ring_for(self, ticket: Ticket) -> None:
        """One clerk gets up for one visitor: the one who has been idle longest."""
        if not ticket.in_line:
            return
        served = self.queue.hall.served
        for counter in self.idle:
            if ticket.to_counter == counter or (
                not ticket.to_counter and ticket.service in served[counter]
            ):
                self.ring(counter)
                return

    # --- visitors -----------------------------------------------------------------------------------------

    def book(self, visitors: Sequence[Visitor]) -> None:
        """The day's appointments, as a console imports them in the morning."""
        for visitor in visitors:
            if visitor.slot:
                booking = BookAppointment(
                    code=visitor.appointment,
                    service=visitor.service,
                    starts=visitor.slot,
                    ends=visitor.slot_ends,
                )
                self.ask(booking, self.devices.console)

    def door(self, visitors: Sequence[Visitor]) -> Life:
        """All visitors of a day, in the order in which they come."""
        for visitor in visitors:
            if visitor.arrives > self.env.now:
                yield self.env.timeout(visitor.arrives - self.now)
            self.env.process(self._visit(visitor))

    def _visit(self, visitor: Visitor) -> Life:
        kiosks = self.devices.kiosks
        self._arrived += 1
        kiosk = kiosks[self._arrived % len(kiosks)]
        issued = self.ask(
            IssueTicket(
                service=visitor.service, green=visitor.green, appointment=visitor.appointment
            ),
            kiosk,
        )[-1]
        if not isinstance(issued, TicketIssued):
            return
        guest = Guest(
            visitor=visitor,
            ticket=issued.ticket,
            code=issued.code,
            left_ms=visitor.service_ms,
            transfer_to=visitor.transfer_to,
            away_ms=visitor.away_ms,
            absent=visitor.no_show,
        )
        self.guests[issued.ticket] = guest
        printing = self._printing(self.rng)
        if printing:
            yield self.env.timeout(printing)
        self.ask(ReportPrinted(ticket=issued.ticket), kiosk)
        if visitor.patience_ms:
            yield self.env.timeout(visitor.patience_ms)
            if self.queue.tickets[issued.ticket].status is Status.WAITING:
                self.ask(CancelTicket(ticket=issued.ticket, code=issued.code), kiosk)

    def missed(self, guest: Guest) -> None:
        """Who missed the call comes back later, or never."""
        if guest.visitor.back_after_ms:
            self.later(guest.visitor.back_after_ms, lambda: self._back(guest))

    def held(self, guest: Guest, counter: int, away_ms: int) -> None:
        self.away[counter] += 1

        def back() -> None:
            self.away[counter] -= 1
            self._back(guest)
            self.ring(counter)

        self.later(away_ms, back)

    def _back(self, guest: Guest) -> None:
        guest.absent = False
        ticket = self.queue.tickets[guest.ticket]
        if ticket.status is Status.NO_SHOW:
            # A guide sees who it is; a kiosk may not be allowed to take a missed number back.
            sender = self.devices.console or self.devices.kiosks[0]
            self.ask(ReturnTicket(ticket=guest.ticket, code=guest.code), sender)
        elif ticket.status is Status.HELD:
            self.ask(ReturnTicket(ticket=guest.ticket, code=guest.code), self.devices.kiosks[0])

    # --- what devices do by themselves --------------------------------------------------------------------

    def announce(self, counter: int, call: int, recall: int) -> None:
        voice = self.devices.voices.get(counter)
        if voice is not None:
            self.ask(ReportTakenUp(counter=counter, call=call, recall=recall), voice)
            report = ReportAnnounced(counter=counter, call=call, recall=recall)
            self.later(self._announcing(self.rng), lambda: self.ask(report, voice))

    def rate(self, closed: TicketClosed, guest: Guest) -> None:
        """The pad asks, where there is one: a key is pressed in time, or the hub notes that none was."""
        level, after = guest.visitor.level, guest.visitor.rates_after_ms
        if level is None or self.now + after >= closed.rate_until:
            return
        press = Rate(
            counter=closed.counter,
            day=self.queue.day,
            ticket=closed.ticket,
            level=level,
            pressed_at=self.now + after,
        )
        self.later(after, lambda: self.ask(press, self.devices.pads[closed.counter]))
