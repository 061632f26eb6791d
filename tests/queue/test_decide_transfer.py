"""The laws of a transfer: to a service or to a counter, the seniority kept, the first counter remembered."""

from __future__ import annotations

import pytest

from broker.messages import (
    CallNext,
    CloseCounter,
    MarkNoShow,
    OpenCounter,
    Phase,
    Refusal,
    Serve,
    TicketIssued,
    TicketTransferred,
    Transfer,
)
from broker.messages import IssueTicket as Issue
from broker.queue import counter_state, queue_state
from tests.queue.halls import Day, Window, day, only


def called_at_one(*, serving: bool = False) -> tuple[Day, str]:
    today = day(Window(services=("pension",)), Window(services=("card",)))
    ticket = today.take("pension")
    today.call(1)
    if serving:
        today.ask(Serve(counter=1))
    return today, ticket


@pytest.mark.parametrize("serving", [False, True])
def test_a_transfer_frees_the_counter_and_lets_the_ticket_wait_for_the_other_service(serving: bool):
    today, ticket = called_at_one(serving=serving)
    events = today.ask(Transfer(counter=1, to_service="card", reason="wrong queue"))
    assert events == (
        TicketTransferred(ticket=ticket, counter=1, to_service="card", reason="wrong queue"),
    )
    assert counter_state(today.queue, 1).phase is Phase.IDLE
    shown = queue_state(today.queue).services
    assert (shown["pension"].waiting, shown["card"].waiting) == (0, 1)
    assert today.call(2) == ticket


def test_a_transferred_ticket_keeps_the_seniority_of_its_arrival():
    today = day(Window(services=("pension",)), Window(services=("card",)))
    first = today.take("pension")
    second = today.take("card")
    third = today.take("card")
    today.call(2)
    today.call(1)
    today.ask(Transfer(counter=1, to_service="card"))
    today.ask(MarkNoShow(counter=2))
    assert today.call(2) == first
    today.ask(MarkNoShow(counter=2))
    assert today.call(2) == third
    assert second == "B001"


def test_a_transferred_green_ticket_stays_in_the_green_channel():
    today = day(Window(services=("pension",)), Window(services=("card",), green=True))
    green = today.take("pension", green="elderly")
    today.take("card")
    today.call(1)
    today.ask(Transfer(counter=1, to_service="card"))
    assert (today.called(2).ticket, today.told[-1][0].rule) == (green, "green_counter")  # type: ignore[union-attr]  # the last is the call


def test_a_ticket_sent_to_a_counter_is_called_there_and_nowhere_else():
    today = day(Window(), Window(), Window())
    ticket = today.take()
    today.call(1)
    today.ask(Transfer(counter=1, to_counter=3))
    assert today.refuses(CallNext(counter=2)) is Refusal.NOBODY_WAITING
    assert today.refuses(CallNext(counter=1)) is Refusal.NOBODY_WAITING
    assert today.call(3) == ticket


def test_a_ticket_that_came_by_transfer_can_go_back_to_its_first_service():
    today = day(Window(services=("pension",)), Window(services=("card",)))
    ticket = today.take("pension")
    today.call(1)
    today.ask(Transfer(counter=1, to_service="card"))
    today.call(2)
    today.ask(Transfer(counter=2, to_service="pension"))
    assert today.call(1) == ticket


def test_the_counter_that_called_first_stays_recorded():
    today, ticket = called_at_one()
    today.ask(Transfer(counter=1, to_service="card"))
    today.call(2)
    assert (today.queue.tickets[ticket].first_counter, today.queue.tickets[ticket].counter) == (
        1,
        2,
    )


def test_a_transferred_visitor_counts_among_those_ahead():
    today, _ = called_at_one()
    today.ask(Transfer(counter=1, to_service="card"))
    assert only(TicketIssued, today.ask(Issue(service="card"))).ahead == 1


@pytest.mark.parametrize(
    ("transfer", "why"),
    [
        (Transfer(counter=1), Refusal.BAD_MESSAGE),
        (Transfer(counter=1, to_service="card", to_counter=2), Refusal.BAD_MESSAGE),
        (Transfer(counter=1, to_service="pension"), Refusal.ALREADY_SO),
        (Transfer(counter=1, to_counter=1), Refusal.ALREADY_SO),
        (Transfer(counter=1, to_service="visa"), Refusal.UNKNOWN_SERVICE),
        (Transfer(counter=1, to_counter=9), Refusal.UNKNOWN_COUNTER),
        (Transfer(counter=1, to_counter=-1), Refusal.UNKNOWN_COUNTER),
    ],
)
def test_a_transfer_that_leads_nowhere_is_refused(transfer: Transfer, why: Refusal):
    today, _ = called_at_one()
    assert today.refuses(transfer) is why


def test_nobody_is_sent_to_a_counter_that_is_closed():
    today = day()
    today.take()
    today.call(1)
    today.ask(CloseCounter(counter=2))
    assert today.refuses(Transfer(counter=1, to_counter=2)) is Refusal.COUNTER_CLOSED
    today.ask(OpenCounter(counter=2))
    today.ask(Transfer(counter=1, to_counter=2))
