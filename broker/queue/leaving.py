"""How a ticket leaves a counter unserved or half served: no-show, hold, transfer; it changes nothing itself."""

from __future__ import annotations

from broker.messages import (
    CommandRejected,
    CounterStatus,
    Event,
    HoldTicket,
    NoShowMarked,
    Phase,
    Refusal,
    TicketHeld,
    TicketTransferred,
    TicketVoided,
    Transfer,
)
from broker.queue.calling import desk_of, in_phase
from broker.queue.desk import CounterDesk
from broker.queue.life import Ticket
from broker.queue.queue import Queue
from broker.queue.visitors import back_in_line
from broker.settings import NoShowMode

__all__ = ["hold", "no_show", "transfer"]

Events = tuple[Event, ...]


def no_show(queue: Queue, counter: int, at: int) -> Events:
    desk = in_phase(desk_of(queue, counter), Phase.CALLED, Refusal.NOTHING_CALLED)
    ticket = queue.tickets[desk.ticket]
    rule = queue.hall.rules.no_show
    marked = NoShowMarked(ticket=ticket.number, counter=counter)
    if rule.mode is NoShowMode.VOID or ticket.no_shows + 1 >= rule.times:
        times = f"{ticket.no_shows + 1} times" if ticket.no_shows else "once"
        return (marked, TicketVoided(ticket=ticket.number, reason=f"called {times}, did not come"))
    if rule.mode is NoShowMode.BACK:
        return (marked, back_in_line(queue, ticket, rule.keep, at))
    return (marked,)


def hold(queue: Queue, command: HoldTicket) -> Events:
    desk = desk_of(queue, command.counter)
    ticket = _in_hand(queue, desk, "hold")
    return (
        TicketHeld(
            ticket=ticket.number,
            counter=desk.number,
            to_counter=0 if command.anywhere else desk.number,
            reason=command.reason,
        ),
    )


def transfer(queue: Queue, command: Transfer) -> Events:
    desk = desk_of(queue, command.counter)
    ticket = _in_hand(queue, desk, "transfer")
    if bool(command.to_service) == bool(command.to_counter):
        raise CommandRejected(
            Refusal.BAD_MESSAGE, "a transfer goes either to a service or to a counter"
        )
    if command.to_counter:
        _check_counter(queue, command.to_counter, desk, ticket)
    else:
        _check_service(queue, command.to_service, ticket)
    return (
        TicketTransferred(
            ticket=ticket.number,
            counter=desk.number,
            to_service=command.to_service or ticket.service,
            to_counter=command.to_counter,
            reason=command.reason,
        ),
    )


def _in_hand(queue: Queue, desk: CounterDesk, what_for: str) -> Ticket:
    if desk.phase is Phase.IDLE:
        raise CommandRejected(
            Refusal.NOTHING_CALLED, f"counter {desk.number} has no ticket to {what_for}"
        )
    return queue.tickets[desk.ticket]


def _check_counter(queue: Queue, to: int, desk: CounterDesk, ticket: Ticket) -> None:
    if to == desk.number:
        raise CommandRejected(
            Refusal.ALREADY_SO, f"{ticket.number} is at counter {desk.number} already"
        )
    if desk_of(queue, to).status is CounterStatus.CLOSED:
        raise CommandRejected(
            Refusal.COUNTER_CLOSED,
            f"counter {to} is closed: {ticket.number} would wait there for ever",
        )


def _check_service(queue: Queue, to: str, ticket: Ticket) -> None:
    if to not in queue.hall.service:
        raise CommandRejected(Refusal.UNKNOWN_SERVICE, f"there is no service {to!r}")
    # Who was sent to this counter alone may go back to the line of his own service.
    if to == ticket.service and not ticket.to_counter:
        raise CommandRejected(Refusal.ALREADY_SO, f"{ticket.number} is of service {to!r} already")
    if not queue.hall.counters_for(to):
        raise CommandRejected(Refusal.NO_COUNTER_SERVES, f"no counter serves {to!r}")
