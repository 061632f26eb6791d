"""How events move tickets: from their issue to their line, to counters, and out; nothing is refused here."""

from __future__ import annotations

from broker.messages import (
    CallUndone,
    DoneAlone,
    NoShowMarked,
    Phase,
    ReprintOrdered,
    ServiceChanged,
    TicketCalled,
    TicketCancelled,
    TicketClosed,
    TicketHeld,
    TicketIssued,
    TicketReopened,
    TicketReturned,
    TicketTransferred,
    TicketVoided,
)
from broker.queue.life import Status, Ticket
from broker.queue.pool import Pool
from broker.queue.standing import BETWEEN, Standing

__all__ = ["Moves"]


class Moves(Standing):
    """The state, and what each event about a ticket makes of it."""

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
            english=event.english,
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
