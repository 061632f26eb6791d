"""What the hall is shown of the queue: its state as the retained messages say it."""

from __future__ import annotations

from broker.messages import (
    Call,
    CounterState,
    CounterStatus,
    KioskState,
    Phase,
    QueueState,
    RatingAsk,
    ServiceState,
    UnprintedTicket,
)
from broker.queue.queue import CounterDesk, Queue

__all__ = ["counter_state", "kiosk_state", "queue_state"]

UNPRINTED_SHOWN = 20


def counter_state(queue: Queue, counter: int) -> CounterState:
    desk = queue.desks[counter]
    return CounterState(
        counter=counter,
        status=desk.status,
        phase=desk.phase,
        ticket=desk.ticket,
        clerk=desk.clerk,
        call=_call(queue, desk),
        rating=_rating(queue, desk),
        pause_reason=desk.pause_reason if desk.status is CounterStatus.PAUSED else "",
        pause_until=desk.pause_until if desk.status is CounterStatus.PAUSED else 0,
    )


def _call(queue: Queue, desk: CounterDesk) -> Call | None:
    if desk.phase is not Phase.CALLED:
        return None
    return Call(
        seq=desk.call,
        ticket=desk.ticket,
        recall=desk.recall,
        valid_until=desk.pressed_at + queue.hall.rules.call_valid_s * 1000,
        heard=desk.heard,
    )


def _rating(queue: Queue, desk: CounterDesk) -> RatingAsk | None:
    if not desk.rating_ticket:
        return None
    return RatingAsk(
        day=queue.day, ticket=desk.rating_ticket, until=desk.rating_until, done=desk.rating_done
    )


def queue_state(queue: Queue) -> QueueState:
    return QueueState(
        services={
            service.id: ServiceState(
                waiting=queue.waiting[service.id, False] + queue.waiting[service.id, True],
                counters=sum(
                    queue.desks[n].status is not CounterStatus.CLOSED
                    for n in queue.hall.counters_for(service.id)
                ),
            )
            for service in queue.hall.services
        }
    )


def kiosk_state(queue: Queue, kiosk: str) -> KioskState:
    owed = list(queue.unprinted.get(kiosk, {}))[:UNPRINTED_SHOWN]
    tickets = (queue.tickets[number] for number in owed)
    return KioskState(
        kiosk=kiosk,
        unprinted=tuple(
            UnprintedTicket(
                ticket=t.number,
                service=t.service,
                ahead=t.ahead,
                issued_at=t.issued_at,
                green=t.green,
            )
            for t in tickets
        ),
    )
