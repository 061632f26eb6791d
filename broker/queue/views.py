"""What the hall is shown of the queue: its state as the retained messages say it."""

from __future__ import annotations

from broker.messages import (
    Call,
    CounterState,
    CounterStatus,
    HallState,
    KioskState,
    Phase,
    QueueState,
    Rank,
    RatingAsk,
    ServiceState,
    UnprintedTicket,
)
from broker.queue.desk import CounterDesk
from broker.queue.forecast import forecast
from broker.queue.issuing import why_not_now
from broker.queue.queue import Queue
from broker.settings import AtClosing, Service

__all__ = ["counter_state", "hall_state", "kiosk_state", "queue_state"]

SHOWN = 20


def counter_state(queue: Queue, counter: int) -> CounterState:
    desk = queue.desks[counter]
    ticket = queue.tickets.get(desk.ticket)
    return CounterState(
        counter=counter,
        status=desk.status,
        phase=desk.phase,
        ticket=desk.ticket,
        service=ticket.service if ticket else "",
        clerk=desk.clerk,
        call=_call(queue, desk),
        rating=_rating(queue, desk),
        pause_reason=desk.pause_reason if desk.status is CounterStatus.PAUSED else "",
        pause_until=desk.pause_until if desk.status is CounterStatus.PAUSED else 0,
        own=len(queue.waiting.own.get(counter, ())),
        held=tuple(number for number in queue.held if queue.tickets[number].counter == counter),
        help_since=desk.help_since,
        item=ticket.item if ticket else "",
        agent=ticket is not None and ticket.agent,
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
        rule=desk.rule,
        undo_until=desk.began_at + queue.hall.rules.undo_s * 1000,
    )


def _rating(queue: Queue, desk: CounterDesk) -> RatingAsk | None:
    if not desk.rating_ticket:
        return None
    return RatingAsk(
        day=queue.day, ticket=desk.rating_ticket, until=desk.rating_until, done=desk.rating_done
    )


def hall_state(queue: Queue) -> HallState:
    return HallState(
        emergency=queue.emergency.text,
        notice=queue.notice.text,
        since=queue.emergency.since or queue.notice.since,
        guides=dict(queue.guides),
    )


def queue_state(queue: Queue, at: int) -> QueueState:
    return QueueState(
        services={service.id: _service(queue, service, at) for service in queue.hall.services},
        missed=tuple(reversed(queue.missed))[:SHOWN],
    )


def _service(queue: Queue, service: Service, at: int) -> ServiceState:
    no = why_not_now(queue, service, at)
    return ServiceState(
        waiting=queue.waiting.ahead(service.id, Rank.WALK_IN),
        counters=sum(service.id in served for served in queue.working),
        refused=no.code if no else None,
        again=no.again if no else 0,
        wait=forecast(queue, service.id),
        sent_home=no is not None
        and service.id in queue.ended
        and queue.hall.opening.at_closing is AtClosing.CANCEL,
    )


def kiosk_state(queue: Queue, kiosk: str) -> KioskState:
    owed = list(queue.unprinted.get(kiosk, {}))[:SHOWN]
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
                slot=t.slot,
                code=t.code,
                wait=t.wait,
                copy=t.copies,
                alone=t.alone,
                item=t.item,
                agent=t.agent,
                english=t.english,
            )
            for t in tickets
        ),
        guide_since=queue.guides.get(kiosk, 0),
    )
