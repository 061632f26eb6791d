"""What visitors and guides may do with a ticket: cancel it, change its service, come back; it changes nothing itself."""

from __future__ import annotations

from broker.messages import (
    CancelTicket,
    ChangeService,
    CommandRejected,
    Event,
    Place,
    Refusal,
    ReturnTicket,
    ServiceChanged,
    TicketCancelled,
    TicketReturned,
    TicketVoided,
)
from broker.queue.issuing import why_not_now
from broker.queue.life import Status, Ticket
from broker.queue.paper import kiosk_of, owe_copy
from broker.queue.queue import Queue
from broker.queue.tickets import check_code, is_staff, must_be, service_of, ticket_of
from broker.settings import Device, Kind, NoShow, NoShowMode

__all__ = ["back_in_line", "cancel", "change_service", "come_back", "lapse_missed", "lapsed_missed"]

Events = tuple[Event, ...]
MINUTE_MS = 60_000


def cancel(queue: Queue, command: CancelTicket, sender: str) -> Events:
    ticket = ticket_of(queue, command.ticket)
    check_code(ticket, command.code, staff=is_staff(queue, sender))
    must_be(ticket, Status.WAITING, Status.HELD, Status.NO_SHOW)
    return (TicketCancelled(ticket=ticket.number, reason=command.reason),)


def change_service(queue: Queue, command: ChangeService, at: int, sender: str) -> Events:
    ticket = ticket_of(queue, command.ticket)
    check_code(ticket, command.code, staff=is_staff(queue, sender))
    must_be(ticket, Status.WAITING)
    service = service_of(queue, command.to_service)
    if service.id == ticket.service:
        raise CommandRejected(
            Refusal.ALREADY_SO, f"{ticket.number} is of service {service.id!r} already"
        )
    if not queue.hall.counters_for(service.id):
        raise CommandRejected(Refusal.NO_COUNTER_SERVES, f"no counter serves {service.id!r}")
    if not ticket.in_line:
        raise CommandRejected(
            Refusal.WRONG_STATE, f"the paper of {ticket.number} has not come yet; wait for it"
        )
    full = why_not_now(queue, service, at)
    if full is not None and not is_staff(queue, sender):
        raise full
    changed = ServiceChanged(ticket=ticket.number, to_service=service.id)
    kiosk = command.kiosk or kiosk_of(queue, sender)
    # The paper in the visitor's hand names the old service.
    return (changed, owe_copy(queue, ticket, kiosk)) if kiosk else (changed,)


def come_back(queue: Queue, command: ReturnTicket, at: int, sender: str) -> Events:
    """A missed or held ticket waits again: by a kiosk if the rules let it, by staff, by the counter that holds it."""
    ticket = ticket_of(queue, command.ticket)
    check_code(ticket, command.code, staff=is_staff(queue, sender))
    must_be(ticket, Status.NO_SHOW, Status.HELD)
    held = ticket.status is Status.HELD
    asking = queue.hall.device.get(sender)
    if asking is not None and asking.kind is Kind.CALLER_PANEL:
        _holds_it(asking, ticket, held=held)
    elif not held and not is_staff(queue, sender):
        _may_check_in(queue, ticket, at)
    return (back_in_line(queue, ticket, 0 if held else queue.hall.rules.no_show.behind, at),)


def _holds_it(panel: Device, ticket: Ticket, *, held: bool) -> None:
    if not held:
        raise CommandRejected(
            Refusal.NOT_YOURS,
            f"{ticket.number} was missed: it comes back at a kiosk or by a guide, in its turn",
        )
    if ticket.counter != panel.counter:
        raise CommandRejected(
            Refusal.NOT_YOURS,
            f"{ticket.number} is on hold at counter {ticket.counter}, not at {panel.counter}",
        )


def _may_check_in(queue: Queue, ticket: Ticket, at: int) -> None:
    if queue.hall.rules.no_show.mode is NoShowMode.GUIDE:
        raise CommandRejected(
            Refusal.STAFF_ONLY, f"{ticket.number} was missed; a guide brings it back in"
        )
    if lapsed_missed(queue, ticket, at):
        raise CommandRejected(
            Refusal.TOO_LATE, f"{ticket.number} was missed too long ago; take a new ticket"
        )


def back_in_line(queue: Queue, ticket: Ticket, behind: int, at: int) -> TicketReturned:
    """Behind so many of those who wait for its service in its class; 0 is its old place."""
    last = queue.waiting.of(ticket.service).place_behind(ticket.rank, behind, at)
    place: Place = ticket.place
    if last is not None and last > place:
        place = (last[0], last[1], queue.moves + 1)
    return TicketReturned(ticket=ticket.number, place=place, to_counter=ticket.to_counter)


def lapsed_missed(queue: Queue, ticket: Ticket, at: int) -> bool:
    """Whether a missed ticket has been kept as long as the rules say."""
    rule: NoShow = queue.hall.rules.no_show
    match rule.mode:
        case NoShowMode.CALLS:
            return queue.calls[ticket.service] - ticket.missed_after >= rule.keep
        case NoShowMode.MINUTES:
            return at - ticket.missed_at >= rule.keep * MINUTE_MS
        case NoShowMode.VOID | NoShowMode.BACK | NoShowMode.GUIDE:
            return False


def lapse_missed(queue: Queue, number: str, at: int) -> Events:
    ticket = queue.tickets.get(number)
    if (
        ticket is None
        or ticket.status is not Status.NO_SHOW
        or not lapsed_missed(queue, ticket, at)
    ):
        return ()
    return (TicketVoided(ticket=number, reason="missed, and did not come back in time"),)
