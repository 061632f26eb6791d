"""What becomes of a clerk's presses: next, undo, recall, close; it looks at the queue and changes nothing."""

from __future__ import annotations

from broker.messages import (
    CallTicket,
    CallUndone,
    CommandRejected,
    CounterStatus,
    Event,
    Phase,
    RatingLapsed,
    Refusal,
    TicketCalled,
    TicketClosed,
    TicketRecalled,
    TicketReopened,
    TicketServed,
)
from broker.queue.choose import Choice, choose, out_of_order
from broker.queue.desk import CounterDesk
from broker.queue.emergency import check_calm
from broker.queue.life import Status
from broker.queue.queue import Queue
from broker.queue.tickets import must_be, ticket_of
from broker.settings import NextWhileServing

__all__ = ["call_next", "call_ticket", "close", "desk_of", "in_phase", "lapsed", "recall", "undo"]

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


def call_next(queue: Queue, counter: int, at: int) -> Events:
    desk = _ready(queue, counter, at)
    choice = choose(queue, desk, at)
    before = _free_for_next(queue, desk, at)
    if choice is not None:
        return (*before, _call(queue, desk, choice))
    if not before:
        raise CommandRejected(Refusal.NOBODY_WAITING, f"nobody waits for counter {desk.number}")
    return before


def call_ticket(queue: Queue, command: CallTicket, at: int) -> Events:
    """Out of order, by a supervisor's right."""
    desk = _ready(queue, command.counter, at)
    if not command.reason.strip():
        raise CommandRejected(
            Refusal.BAD_MESSAGE, "a call out of order needs a reason: it is published with the call"
        )
    ticket = ticket_of(queue, command.ticket)
    must_be(ticket, Status.WAITING)
    if not ticket.in_line:
        raise CommandRejected(
            Refusal.WRONG_STATE, f"the paper of {ticket.number} has not come: nobody holds it"
        )
    choice = out_of_order(queue, desk, ticket, at)
    before = _free_for_next(queue, desk, at)
    return (*before, _call(queue, desk, choice, command.reason))


def _call(queue: Queue, desk: CounterDesk, choice: Choice, reason: str = "") -> TicketCalled:
    return TicketCalled(
        ticket=choice.ticket,
        counter=desk.number,
        call=queue.last_call + 1,
        rule=choice.rule.value,
        candidates=choice.candidates,
        place=choice.place,
        passed=choice.passed,
        reason=reason,
    )


def _ready(queue: Queue, counter: int, at: int) -> CounterDesk:
    """The counter, if its clerk may call somebody now."""
    desk = desk_of(queue, counter)
    check_calm(queue)
    if desk.status is CounterStatus.CLOSED:
        raise CommandRejected(
            Refusal.COUNTER_CLOSED, f"counter {desk.number} is closed; open it first"
        )
    if desk.status is CounterStatus.PAUSED:
        raise CommandRejected(
            Refusal.COUNTER_PAUSED, f"counter {desk.number} is paused; resume it first"
        )
    _not_twice(queue, desk, at)
    return desk


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
    return _end(queue, desk, at, by_next=True)


def close(queue: Queue, counter: int, at: int) -> Events:
    return _end(queue, desk_of(queue, counter), at)


def _end(queue: Queue, desk: CounterDesk, at: int, *, by_next: bool = False) -> Events:
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
        by_next=by_next,
    )
    return (*served, *lapsed(desk), closed)


def lapsed(desk: CounterDesk) -> Events:
    """The question that the pad still asks, ended: every service that ends is rated or not rated."""
    if not desk.rating_ticket or desk.rating_done:
        return ()
    return (RatingLapsed(ticket=desk.rating_ticket, counter=desk.number),)


def undo(queue: Queue, counter: int, at: int) -> Events:
    """Take back Next: its call, and the end of the service that it brought with it."""
    desk = desk_of(queue, counter)
    reopens = desk.undo.reopens
    if desk.phase is Phase.SERVING or (desk.phase is Phase.IDLE and not reopens):
        raise CommandRejected(
            Refusal.NOTHING_CALLED,
            f"counter {counter} is {desk.phase}: there is no call to take back",
        )
    called = desk.phase is Phase.CALLED
    ago = at - (desk.began_at if called else desk.freed_at)
    if ago >= queue.hall.rules.undo_s * 1000:
        raise CommandRejected(
            Refusal.TOO_LATE,
            f"Next was pressed {ago // 1000} s ago; go on with {desk.ticket or 'the next one'}",
        )
    undone = (CallUndone(ticket=desk.ticket, counter=counter),) if called else ()
    # Who has rated a service has seen it end.
    if reopens and (queue.day, reopens) not in queue.ratings:
        return (*undone, TicketReopened(ticket=reopens, counter=counter))
    if not undone:
        raise CommandRejected(
            Refusal.ALREADY_RATED, f"the service of {reopens} was rated: it has ended"
        )
    return undone


def recall(queue: Queue, counter: int, at: int) -> Events:
    desk = in_phase(desk_of(queue, counter), Phase.CALLED, Refusal.NOTHING_CALLED)
    check_calm(queue)
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
