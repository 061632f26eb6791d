"""What becomes of a wish for a ticket, and of its paper; it looks at the queue and changes nothing."""

from __future__ import annotations

from broker.messages import (
    CommandRejected,
    Event,
    IssueTicket,
    PrintFailed,
    Refusal,
    ReportPrinted,
    ReportPrintFailed,
    TicketIssued,
    TicketPrinted,
    TicketVoided,
    VoidTicket,
)
from broker.queue.life import Status, Ticket
from broker.queue.queue import Queue

__all__ = ["issue", "settle_paper"]

Events = tuple[Event, ...]


def issue(queue: Queue, command: IssueTicket, at: int, sender: str) -> Events:
    service = queue.hall.service.get(command.service)
    if service is None:
        raise CommandRejected(Refusal.UNKNOWN_SERVICE, f"there is no service {command.service!r}")
    digits = queue.hall.rules.number_digits
    running = queue.issued[service.prefix] + 1
    if running >= 10**4:
        raise CommandRejected(
            Refusal.NUMBERS_EXHAUSTED,
            f"all numbers of prefix {service.prefix} are given out for today",
        )
    ahead = queue.waiting[service.id, True] + (
        0 if command.green else queue.waiting[service.id, False]
    )
    return (
        TicketIssued(
            ticket=f"{service.prefix}{running:0{digits}d}",
            service=service.id,
            kiosk=sender,
            issued_at=at,
            ahead=ahead,
            green=command.green,
        ),
    )


def settle_paper(
    queue: Queue, command: ReportPrinted | ReportPrintFailed | VoidTicket, sender: str
) -> Events:
    ticket = queue.tickets.get(command.ticket)
    if ticket is None:
        raise CommandRejected(
            Refusal.UNKNOWN_TICKET, f"there is no ticket {command.ticket!r} today"
        )
    if ticket.kiosk != sender:
        raise CommandRejected(
            Refusal.NOT_YOURS,
            f"{ticket.number} is the paper of {ticket.kiosk!r}, not of {sender!r}",
        )
    match command:
        case ReportPrinted():
            if ticket.in_line:
                raise CommandRejected(Refusal.ALREADY_SO, f"{ticket.number} is known to be printed")
            _waiting(ticket)
            return (TicketPrinted(ticket=ticket.number),)
        case ReportPrintFailed(reason=reason):
            return (PrintFailed(ticket=ticket.number, reason=reason),)
        case VoidTicket(reason=reason):
            _waiting(ticket)
            return (TicketVoided(ticket=ticket.number, reason=reason),)


def _waiting(ticket: Ticket) -> None:
    if ticket.status is not Status.WAITING:
        raise CommandRejected(
            Refusal.WRONG_STATE, f"{ticket.number} is {ticket.status}, no longer waiting"
        )
