"""What a kiosk may do alone, and what becomes of it: lent numbers, tickets given from them, commands taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice

from broker.messages import (
    BlockLent,
    BorrowBlock,
    CommandRejected,
    CommandWithdrawn,
    Event,
    Rank,
    Refusal,
    ReportIssuedAlone,
    TicketIssued,
    TicketReportedLate,
    TicketVoided,
    Withdraw,
)
from broker.queue.life import Status
from broker.queue.numbers import code_of, lent_series
from broker.queue.opening import hours_of, local
from broker.queue.queue import Queue
from broker.queue.restored import is_lost_loan
from broker.queue.standing import Loan
from broker.queue.tickets import service_of
from broker.queue.told_late import catch_up
from broker.settings import Kind, Service

__all__ = ["borrow", "report_alone", "withdraw"]

Events = tuple[Event, ...]


def borrow(queue: Queue, command: BorrowBlock, at: int, sender: str) -> Events:
    """A block of its own for the kiosk `sender`, as far as its share of the series goes."""
    service = service_of(queue, command.service)
    if queue.numbers_from:
        raise CommandRejected(
            Refusal.NUMBERS_EXHAUSTED,
            f"{sender!r} is lent no more numbers today: the hub was restored and does not know which ones are lent",
        )
    numbers = _may_borrow(queue, service, sender)
    if not numbers:
        raise CommandRejected(
            Refusal.NUMBERS_EXHAUSTED,
            f"{sender!r} is lent no more numbers of {service.id!r} today; 'block' of [rules.alone] and the digits say how many there are",
        )
    midnight = local(queue.hall, at).replace(hour=0, minute=0, second=0, microsecond=0)
    until = midnight + timedelta(days=1)
    return (
        BlockLent(
            kiosk=sender,
            service=service.id,
            day=queue.day,
            numbers={number: code_of(queue.secret, number) for number in numbers},
            hours=tuple(
                (_millis(starts), _millis(ends))
                for starts, ends in hours_of(queue.hall, service, midnight)
            ),
            until=_millis(until),
        ),
    )


def _millis(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _may_borrow(queue: Queue, service: Service, kiosk: str) -> list[str]:
    """The next block of a service's series; no kiosk may use up the share of the others."""
    numbers = lent_series(queue, service)
    kiosks = sum(device.kind is Kind.TICKET_KIOSK for device in queue.hall.device.values())
    has = sum((loan.kiosk, loan.service) == (kiosk, service.id) for loan in queue.lent.values())
    room = min(queue.hall.rules.alone.block, len(numbers) // max(1, kiosks) - has)
    free = (one for one in numbers if one not in queue.lent and one not in queue.tickets)
    return list(islice(free, max(0, room)))


def report_alone(queue: Queue, command: ReportIssuedAlone, sender: str) -> Events:
    """The ticket joins the queue by its time of issue once its paper is known to have come."""
    number = command.ticket
    if command.day != queue.day:
        # Its visitor has long gone, and today the same number may be somebody else's.
        return (
            TicketReportedLate(
                ticket=number,
                service=command.service,
                kiosk=sender,
                day=command.day,
                issued_at=command.issued_at,
                green=command.green,
            ),
        )
    loan = queue.lent.get(number)
    if loan is None and is_lost_loan(queue, service_of(queue, command.service), number):
        loan = Loan(sender, command.service)
    if loan is None or (loan.kiosk, loan.service) != (sender, command.service):
        raise CommandRejected(
            Refusal.NOT_LENT,
            f"{sender!r} gave out {number} of {command.service!r} alone, a number it was not lent today; find that paper",
        )
    if number in queue.tickets:
        raise CommandRejected(
            Refusal.NOT_LENT,
            f"{sender!r} gave out {number} alone a second time: two papers bear it; call both, and see to its disk",
            ticket=number,
        )
    rank = Rank.GREEN if command.green else Rank.WALK_IN
    issued = (
        TicketIssued(
            ticket=number,
            service=command.service,
            kiosk=sender,
            issued_at=command.issued_at,
            ahead=queue.waiting.ahead(command.service, rank),
            green=command.green,
            code=code_of(queue.secret, number),
            alone=True,
            item=command.item,
            agent=command.agent,
            english=command.english,
        ),
    )
    return (*issued, *catch_up(queue, number, printed=False))


def withdraw(queue: Queue, command: Withdraw, sender: str, known: Events) -> Events:
    """`known` is what the withdrawn command led to, nothing if it has not come: then it never will do anything."""
    for event in known:
        if isinstance(event, TicketIssued) and event.kiosk == sender:
            ticket = queue.tickets.get(event.ticket)
            # The same number may have been given out on another day, for another command.
            same = ticket is not None and ticket.issued_at == event.issued_at
            if ticket and same and ticket.status is Status.WAITING and not ticket.in_line:
                reason = "withdrawn: the kiosk gave another number"
                return (
                    TicketVoided(ticket=ticket.number, reason=reason),
                    CommandWithdrawn(
                        command_id=command.command_id,
                        ticket=ticket.number,
                        issued_at=ticket.issued_at,
                    ),
                )
    return (CommandWithdrawn(command_id=command.command_id),)
