"""What becomes of a ticket's paper: printed, failed, printed again; it looks at the queue and changes nothing."""

from __future__ import annotations

from broker.messages import (
    CommandRejected,
    Event,
    PrintFailed,
    Refusal,
    ReportPrinted,
    ReportPrintFailed,
    Reprint,
    ReprintOrdered,
    TicketPrinted,
    TicketVoided,
    VoidTicket,
)
from broker.queue.life import ENDED, Status, Ticket
from broker.queue.queue import Queue
from broker.queue.tickets import check_code, is_staff, must_be, ticket_of
from broker.settings import Kind

__all__ = ["kiosk_of", "owe_copy", "printing_kiosk", "reprint", "settle_paper"]

Events = tuple[Event, ...]


def reprint(queue: Queue, command: Reprint, sender: str) -> Events:
    ticket = ticket_of(queue, command.ticket)
    kept = queue.kept_appointments.get(command.appointment) == ticket.number
    if not kept and not (command.person and command.person in _holders(queue, ticket)):
        check_code(ticket, command.code, staff=is_staff(queue, sender))
    if ticket.status in ENDED:
        raise CommandRejected(
            Refusal.WRONG_STATE, f"{ticket.number} is {ticket.status}; take a new ticket"
        )
    return (owe_copy(queue, ticket, command.kiosk or kiosk_of(queue, sender)),)


def _holders(queue: Queue, ticket: Ticket) -> set[str]:
    """Whose it is, as far as a card has told: who took it, or booked the appointment that it was taken for."""
    codes = (code for code, number in queue.kept_appointments.items() if number == ticket.number)
    booked = (queue.appointments[code].person for code in codes if code in queue.appointments)
    return {ticket.person, *booked}


def kiosk_of(queue: Queue, sender: str) -> str:
    """The kiosk that asks; empty where something else does."""
    return "" if is_staff(queue, sender) else sender


def owe_copy(queue: Queue, ticket: Ticket, kiosk: str) -> ReprintOrdered:
    """One more copy from a kiosk; from the ticket's own where none is named."""
    kiosk = kiosk or ticket.kiosk
    if not kiosk:
        raise CommandRejected(
            Refusal.UNKNOWN_KIOSK,
            f"{ticket.number} was written by hand: name the kiosk to print it",
        )
    return ReprintOrdered(
        ticket=ticket.number, kiosk=printing_kiosk(queue, kiosk), copy=ticket.copies + 1
    )


def printing_kiosk(queue: Queue, kiosk: str) -> str:
    """The kiosk of this name; only the hub itself may name none."""
    device = queue.hall.device.get(kiosk)
    if kiosk and (device is None or device.kind is not Kind.TICKET_KIOSK):
        raise CommandRejected(
            Refusal.UNKNOWN_KIOSK,
            f"{kiosk!r} is no kiosk of this hall; name the kiosk that shall print",
        )
    return kiosk


def settle_paper(
    queue: Queue, command: ReportPrinted | ReportPrintFailed | VoidTicket, sender: str
) -> Events:
    ticket = ticket_of(queue, command.ticket)
    if ticket.kiosk != sender:
        raise CommandRejected(
            Refusal.NOT_YOURS,
            f"{ticket.number} is the paper of {ticket.kiosk!r}, not of {sender!r}",
        )
    owed = ticket.number in queue.unprinted.get(ticket.kiosk, {})
    match command:
        case ReportPrinted(items=items):
            if not owed:
                raise CommandRejected(
                    Refusal.ALREADY_SO,
                    f"{ticket.number} is {ticket.status}, and no paper of it is owed",
                )
            return (TicketPrinted(ticket=ticket.number, items=items),)
        case ReportPrintFailed(reason=reason):
            return (PrintFailed(ticket=ticket.number, reason=reason),)
        case VoidTicket(reason=reason):
            must_be(ticket, Status.WAITING)
            if ticket.in_line:
                raise CommandRejected(
                    Refusal.WRONG_STATE,
                    f"the paper of {ticket.number} came; a visitor who goes cancels it",
                )
            return (TicketVoided(ticket=ticket.number, reason=reason),)
