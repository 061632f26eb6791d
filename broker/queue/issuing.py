"""What becomes of a wish for a ticket: hours, quotas, classes, persons, numbers; it looks at the queue and changes nothing."""

from __future__ import annotations

import re
from datetime import timedelta

from broker.messages import (
    CommandRejected,
    EnterTicket,
    Event,
    IssueTicket,
    Rank,
    Refusal,
    TicketIssued,
)
from broker.queue.appointments import by_card, service_kept, slot_for
from broker.queue.emergency import check_calm
from broker.queue.forecast import forecast
from broker.queue.life import ENDED
from broker.queue.numbers import code_of, next_number
from broker.queue.opening import check_open, local, next_open, slot_of, told_from
from broker.queue.paper import printing_kiosk
from broker.queue.queue import Queue
from broker.queue.restored import is_lost_number
from broker.queue.tickets import service_of
from broker.queue.told_late import catch_up
from broker.settings import Service

__all__ = ["check_quota", "enter", "issue", "why_not_now"]

Events = tuple[Event, ...]


def issue(queue: Queue, command: IssueTicket, at: int, sender: str) -> Events:
    check_calm(queue)
    command = by_card(queue, command, at)
    service = service_kept(queue, command)
    _check_class(queue, command.green)
    person = command.person if queue.hall.rules.one_per_person else ""
    _check_person(queue, person, service)
    kiosk = printing_kiosk(queue, command.kiosk or sender)
    _check_stopped(queue, service)
    slot = slot_for(queue, command, service, at)
    if not slot:
        check_quota(queue, service, at)
    rank = Rank.GREEN if command.green else Rank.APPOINTMENT if slot else Rank.WALK_IN
    number = next_number(queue, service)
    return (
        TicketIssued(
            ticket=number,
            service=service.id,
            kiosk=kiosk,
            issued_at=at,
            ahead=queue.waiting.ahead(service.id, rank),
            green=command.green,
            appointment=command.appointment,
            slot=slot,
            person=person,
            code=code_of(queue.secret, number),
            wait=forecast(queue, service.id, rank),
            item=command.item,
            agent=command.agent,
            english=command.english,
        ),
    )


def _check_class(queue: Queue, green: str) -> None:
    if green and green not in queue.hall.priority_class:
        raise CommandRejected(Refusal.UNKNOWN_CLASS, f"there is no priority class {green!r}")


def _check_person(queue: Queue, person: str, service: Service) -> None:
    for number in queue.holders.get(person, ()):
        ticket = queue.tickets[number]
        if ticket.service == service.id and ticket.status not in ENDED:
            raise CommandRejected(
                Refusal.HAS_TICKET,
                f"this person has {number} for {service.id!r} already; print it again instead",
                ticket=number,
            )


def _check_stopped(queue: Queue, service: Service) -> None:
    if service.id in queue.stopped:
        why = queue.stopped[service.id]
        raise CommandRejected(
            Refusal.ISSUING_STOPPED,
            f"no more tickets of {service.id!r} are given" + (f": {why}" if why else ""),
        )


def check_quota(queue: Queue, service: Service, at: int) -> None:
    """Raises CommandRejected where somebody without an appointment can have no ticket of a service at `at`."""
    check_calm(queue)
    _check_stopped(queue, service)
    check_open(queue.hall, service, at)
    if not service.quota_day and not service.quota_slot:
        return
    now = local(queue.hall, at)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if service.quota_day and queue.taken[service.id] >= service.quota_day:
        tomorrow = next_open(queue.hall, service, midnight + timedelta(days=1))
        again, when = told_from(now, tomorrow)
        raise CommandRejected(
            Refusal.QUOTA_OF_DAY,
            f"all {service.quota_day} tickets of {service.id!r} are given out for today; {when}",
            again=again,
        )
    slot = slot_of(service, now)
    if service.quota_slot and queue.in_slot[service.id, slot] >= service.quota_slot:
        ends = midnight + timedelta(minutes=slot + service.slot_min)
        again, when = told_from(now, next_open(queue.hall, service, ends))
        raise CommandRejected(
            Refusal.QUOTA_OF_SLOT,
            f"all {service.quota_slot} tickets of {service.id!r} for now are given out; {when}",
            again=again,
        )


def why_not_now(queue: Queue, service: Service, at: int) -> CommandRejected | None:
    """Why a walk-in can have no ticket of a service now; None if one can."""
    try:
        check_quota(queue, service, at)
    except CommandRejected as rejected:
        return rejected
    return None


def enter(queue: Queue, command: EnterTicket, at: int) -> Events:
    service = service_of(queue, command.service)
    _check_class(queue, command.green)
    if is_lost_number(queue, service, command.ticket):
        number = command.ticket
    else:
        number = _hand_number(queue, command.ticket)
    if (
        command.issued_at > at
        or local(queue.hall, command.issued_at).date().isoformat() != queue.day
    ):
        raise CommandRejected(Refusal.BAD_MESSAGE, f"{number} must have been given earlier today")
    rank = Rank.GREEN if command.green else Rank.WALK_IN
    issued = (
        TicketIssued(
            ticket=number,
            service=service.id,
            kiosk="",
            issued_at=command.issued_at,
            ahead=queue.waiting.ahead(service.id, rank),
            green=command.green,
            code=code_of(queue.secret, number),
            by_hand=True,
        ),
    )
    return (*issued, *catch_up(queue, number, printed=True))


def _hand_number(queue: Queue, written: str) -> str:
    """A number as somebody wrote it, in the form of all others: X7 is X007."""
    rules = queue.hall.rules
    prefix = rules.hand_prefix
    if not re.fullmatch(rf"{prefix}[0-9]{{1,4}}", written) or not int(written[1:]):
        raise CommandRejected(
            Refusal.BAD_MESSAGE,
            f"a number written by hand is {prefix} and one to four digits, not {written!r}",
        )
    running = int(written[1:])
    for digits in (3, 4):
        if f"{prefix}{running:0{digits}d}" in queue.tickets:
            raise CommandRejected(Refusal.ALREADY_SO, f"{written} has been entered already")
    return f"{prefix}{running:0{rules.number_digits}d}"
