"""What becomes of a clerk's presses: next, recall, close, transfer; it looks at the queue and changes nothing."""

from __future__ import annotations

from broker.messages import (
    CommandRejected,
    CounterStatus,
    Event,
    Phase,
    RatingLapsed,
    Refusal,
    TicketCalled,
    TicketClosed,
    TicketRecalled,
    TicketServed,
    TicketTransferred,
    Transfer,
)
from broker.queue.choose import choose
from broker.queue.queue import CounterDesk, Queue
from broker.settings import NextWhileServing

__all__ = ["call_next", "close", "desk_of", "in_phase", "lapsed", "recall", "transfer"]

Events = tuple[Event, ...]


def desk_of(queue: Queue, counter: int) -> CounterDesk:
    desk = queue.desks.get(counter)
    if desk is None or counter not in queue.hall.counter:
        raise CommandRejected(Refusal.UNKNOWN_COUNTER, f"there is no counter {counter}")
    return desk


def in_phase(desk: CounterDesk, phase: Phase, code: Refusal) -> CounterDesk:
    if desk.phase is not phase:
        raise CommandRejected(code, f"counter {desk.number} is {desk.phase}, not {phase}")
    return desk


def call_next(queue: Queue, desk: CounterDesk, at: int) -> Events:
    if desk.status is CounterStatus.CLOSED:
        raise CommandRejected(
            Refusal.COUNTER_CLOSED, f"counter {desk.number} is closed; open it first"
        )
    if desk.status is CounterStatus.PAUSED:
        raise CommandRejected(
            Refusal.COUNTER_PAUSED, f"counter {desk.number} is paused; resume it first"
        )
    _not_twice(queue, desk, at)
    before = _free_for_next(queue, desk, at)
    choice = choose(queue, desk)
    if choice is None:
        if before:
            return before
        raise CommandRejected(Refusal.NOBODY_WAITING, f"nobody waits for counter {desk.number}")
    called = TicketCalled(
        ticket=choice.ticket,
        counter=desk.number,
        call=queue.last_call + 1,
        rule=choice.rule,
        candidates=choice.candidates,
    )
    return (*before, called)


def _not_twice(queue: Queue, desk: CounterDesk, at: int) -> None:
    if desk.phase is Phase.CALLED and at - desk.pressed_at < queue.hall.rules.double_press_ms:
        raise CommandRejected(
            Refusal.DOUBLE_PRESS,
            f"counter {desk.number} called {at - desk.pressed_at} ms ago; two presses so close are one",
        )


def _free_for_next(queue: Queue, desk: CounterDesk, at: int) -> Events:
    """What ends the ticket that the counter still has, where Next may do so."""
    if desk.phase is Phase.IDLE:
        return ()
    must_serve = desk.phase is Phase.CALLED and queue.hall.counter[desk.number].serve_key
    if must_serve or queue.hall.rules.next_while_serving is NextWhileServing.REFUSE:
        raise CommandRejected(
            Refusal.COUNTER_BUSY,
            f"counter {desk.number} still has {desk.ticket} ({desk.phase}); end it, or mark it as no-show",
        )
    return close(queue, desk, at)


def close(queue: Queue, desk: CounterDesk, at: int) -> Events:
    served: Events = ()
    if desk.phase is Phase.CALLED and not queue.hall.counter[desk.number].serve_key:
        served = (TicketServed(ticket=desk.ticket, counter=desk.number),)
    elif desk.phase is not Phase.SERVING:
        raise CommandRejected(
            Refusal.NOT_SERVING, f"counter {desk.number} is {desk.phase}, not serving"
        )
    asks = desk.number in queue.hall.rated_counters
    closed = TicketClosed(
        ticket=desk.ticket,
        counter=desk.number,
        clerk=desk.clerk,
        rate_until=at + queue.hall.rules.rating_s * 1000 if asks else 0,
    )
    return (*served, *lapsed(desk), closed)


def lapsed(desk: CounterDesk) -> Events:
    """The question that the pad still asks, ended: every service that ends is rated or not rated."""
    if not desk.rating_ticket or desk.rating_done:
        return ()
    return (RatingLapsed(ticket=desk.rating_ticket, counter=desk.number),)


def recall(queue: Queue, desk: CounterDesk, at: int) -> Events:
    in_phase(desk, Phase.CALLED, Refusal.NOTHING_CALLED)
    _not_twice(queue, desk, at)
    if desk.recall >= queue.hall.rules.recall_limit:
        raise CommandRejected(
            Refusal.RECALL_LIMIT,
            f"{desk.ticket} was recalled {desk.recall} times; serve it or mark it as no-show",
        )
    return (
        TicketRecalled(
            ticket=desk.ticket, counter=desk.number, call=desk.call, recall=desk.recall + 1
        ),
    )


def transfer(queue: Queue, command: Transfer) -> Events:
    desk = desk_of(queue, command.counter)
    if desk.phase is Phase.IDLE:
        raise CommandRejected(
            Refusal.NOTHING_CALLED, f"counter {desk.number} has no ticket to transfer"
        )
    if bool(command.to_service) == bool(command.to_counter):
        raise CommandRejected(
            Refusal.BAD_MESSAGE, "a transfer goes either to a service or to a counter"
        )
    ticket = queue.tickets[desk.ticket]
    if command.to_counter:
        if command.to_counter == desk.number:
            raise CommandRejected(
                Refusal.ALREADY_SO, f"{ticket.number} is at counter {desk.number} already"
            )
        if desk_of(queue, command.to_counter).status is CounterStatus.CLOSED:
            raise CommandRejected(
                Refusal.COUNTER_CLOSED,
                f"counter {command.to_counter} is closed: {ticket.number} would wait there for ever",
            )
    elif command.to_service not in queue.hall.service:
        raise CommandRejected(
            Refusal.UNKNOWN_SERVICE, f"there is no service {command.to_service!r}"
        )
    elif command.to_service == ticket.service:
        raise CommandRejected(
            Refusal.ALREADY_SO, f"{ticket.number} is of service {ticket.service!r} already"
        )
    elif not queue.hall.counters_for(command.to_service):
        raise CommandRejected(
            Refusal.NO_COUNTER_SERVES, f"no counter serves {command.to_service!r}"
        )
    return (
        TicketTransferred(
            ticket=ticket.number,
            counter=desk.number,
            to_service=command.to_service or ticket.service,
            to_counter=command.to_counter,
            reason=command.reason,
        ),
    )
