"""The laws of a transfer: to a service or to a counter, the seniority kept, the first counter remembered."""

from __future__ import annotations

import pytest

from broker.messages import (
    BookAppointment,
    CallNext,
    CallTicket,
    CloseCounter,
    CloseTicket,
    MarkNoShow,
    OpenCounter,
    Phase,
    Refusal,
    ReturnTicket,
    Rule,
    Serve,
    TicketIssued,
    TicketTransferred,
    Transfer,
    UndoCall,
)
from broker.messages import IssueTicket as Issue
from broker.queue import counter_state, queue_state
from tests.queue.halls import MINUTE, SECOND, Day, Window, day, only


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
    shown = queue_state(today.queue, today.at).services
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
    today = day(Window(services=("pension",)), Window(services=("card",), green=True), Window())
    green = today.take("pension", green="elderly")
    today.take("card")
    today.call(1)
    today.ask(Transfer(counter=1, to_service="card"))
    called = today.called(2)
    assert (called.ticket, called.rule) == (green, Rule.GREEN_COUNTER)


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


@pytest.mark.parametrize("serving", [False, True])
def test_the_counter_that_took_a_visitor_first_stays_recorded(serving: bool):
    today, number = called_at_one(serving=serving)
    today.ask(Transfer(counter=1, to_service="card"))
    today.call(2)
    today.ask(Serve(counter=2))
    today.ask(CloseTicket(counter=2))
    ticket = today.queue.tickets[number]
    assert (ticket.first_counter, ticket.counter) == (1, 2)


def test_a_counter_at_which_the_visitor_did_not_come_has_not_taken_him():
    today = day()
    number = today.take()
    today.call(1)
    today.ask(MarkNoShow(counter=1))
    today.ask(ReturnTicket(ticket=number), "guide-1")
    today.call(2)
    today.ask(Serve(counter=2))
    assert today.queue.tickets[number].first_counter == 2


def test_a_transferred_appointment_stays_ahead_of_walk_ins():
    today = day(Window(services=("pension",)), Window(services=("card",)))
    starts, ends = today.at, today.at + MINUTE
    today.ask(BookAppointment(code="P1", service="pension", starts=starts, ends=ends))
    today.take("card")
    today.later(SECOND)
    ours = today.take("pension", appointment="P1")
    today.call(1)
    today.ask(Transfer(counter=1, to_service="card"))
    called = today.called(2)
    assert (called.ticket, called.rule) == (ours, Rule.APPOINTMENT_FIRST)


def test_who_was_sent_to_this_counter_alone_may_go_back_to_the_line_of_his_service():
    today = day(Window(), Window())
    number = today.take("pension")
    today.call(1)
    back = Transfer(counter=2, to_service="pension")
    today.ask(Transfer(counter=1, to_counter=2))
    today.call(2)
    today.ask(back)
    assert today.call(1) == number


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


def test_who_was_sent_to_a_counter_that_closes_meanwhile_waits_for_any():
    """He is at another counter just then, by a supervisor's call that is taken back."""
    today = day(Window(), Window())
    number = today.take()
    today.call(1)
    today.ask(Transfer(counter=1, to_counter=2))
    today.ask(CallTicket(counter=1, ticket=number, reason="counter 2 has no printer paper"))
    today.ask(CloseCounter(counter=2))
    today.ask(UndoCall(counter=1))
    assert today.call(1) == number
