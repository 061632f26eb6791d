"""Finds what a command names, or refuses it; it looks at the queue and changes nothing."""

from __future__ import annotations

from broker.messages import CommandRejected, Refusal
from broker.queue.life import Status, Ticket
from broker.queue.queue import Queue
from broker.settings import Kind, Service

__all__ = ["check_code", "is_staff", "must_be", "service_of", "ticket_of"]


def service_of(queue: Queue, service: str) -> Service:
    found = queue.hall.service.get(service)
    if found is None:
        raise CommandRejected(Refusal.UNKNOWN_SERVICE, f"there is no service {service!r}")
    return found


def ticket_of(queue: Queue, number: str) -> Ticket:
    ticket = queue.tickets.get(number)
    if ticket is None:
        raise CommandRejected(Refusal.UNKNOWN_TICKET, f"there is no ticket {number!r} today")
    return ticket


def check_code(ticket: Ticket, code: str, *, staff: bool) -> None:
    """Staff see the visitor; a kiosk only sees the paper, whose code proves it."""
    if not staff and not (ticket.code and code.strip().upper() == ticket.code):
        raise CommandRejected(
            Refusal.WRONG_CODE, f"the code is not that of {ticket.number}; scan the ticket again"
        )


def is_staff(queue: Queue, sender: str) -> bool:
    """Whether a person of the hall asks, at a console or a panel, or the hub itself: not a visitor at a kiosk."""
    device = queue.hall.device.get(sender)
    return device is None or device.kind is not Kind.TICKET_KIOSK


def must_be(ticket: Ticket, *wanted: Status) -> None:
    if ticket.status not in wanted:
        raise CommandRejected(
            Refusal.WRONG_STATE,
            f"{ticket.number} is {ticket.status}, not {' or '.join(wanted)}",
        )
