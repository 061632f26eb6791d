"""The laws of a call out of order: a supervisor's right, with a reason that is published with the call."""

from __future__ import annotations

import pytest

from broker.messages import (
    CallTicket,
    CancelTicket,
    CloseCounter,
    MarkNoShow,
    PauseCounter,
    Phase,
    Refusal,
    Rule,
    Serve,
    TicketCalled,
    TicketClosed,
    Transfer,
)
from broker.queue import counter_state
from broker.queue.life import Status
from tests.queue.halls import SECOND, Day, Window, day, only


def out_of_order(today: Day, ticket: str, counter: int = 1) -> TicketCalled:
    today.later(SECOND)
    command = CallTicket(counter=counter, ticket=ticket, reason="chest pain")
    return only(TicketCalled, today.ask(command, "supervisor-1"))


def test_a_supervisor_calls_a_ticket_out_of_order_and_the_call_says_why():
    today = day()
    taken = [today.take() for _ in range(3)]
    assert out_of_order(today, taken[2]) == TicketCalled(
        ticket=taken[2],
        counter=1,
        call=1,
        rule=Rule.SUPERVISOR,
        candidates=3,
        place=3,
        reason="chest pain",
    )
    shown = counter_state(today.queue, 1)
    assert shown.call is not None
    assert (shown.phase, shown.ticket, shown.call.rule) == (
        Phase.CALLED,
        taken[2],
        Rule.SUPERVISOR,
    )
    assert [today.call(2)] == [taken[0]]


@pytest.mark.parametrize("reason", ["", "  "])
def test_without_a_reason_nobody_is_called_out_of_order(reason: str):
    today = day()
    command = CallTicket(counter=1, ticket=today.take(), reason=reason)
    assert today.refuses(command, "supervisor-1") is Refusal.BAD_MESSAGE


@pytest.mark.parametrize("sender", ["panel-1", "guide-1", "kiosk-1", "pad-1"])
def test_nobody_but_a_supervisor_calls_out_of_order(sender: str):
    today = day()
    command = CallTicket(counter=1, ticket=today.take(), reason="a friend")
    assert today.refuses(command, sender) is Refusal.NOT_YOURS


def test_one_who_waits_elsewhere_is_by_that_a_candidate_here():
    today = day(Window(services=("pension",)), Window(services=("card",)), Window())
    today.take("pension")
    card, sent = today.take("card"), today.take("card")
    called = out_of_order(today, card)
    assert (called.candidates, called.place) == (2, 2)
    today.call(2)
    today.ask(Transfer(counter=2, to_counter=3))
    today.ask(MarkNoShow(counter=1))
    called = out_of_order(today, sent)
    assert (called.candidates, called.place) == (2, 2)


def test_calls_out_of_order_count_neither_for_nor_against_anybody():
    today = day(Window(), priority_in_a_row=2)
    normals = [today.take() for _ in range(2)]
    greens = [today.take(green="elderly") for _ in range(4)]
    for ticket in (None, greens[3], normals[1], None):
        called = out_of_order(today, ticket) if ticket else today.called()
        assert called.rule == (Rule.SUPERVISOR if ticket else Rule.GREEN_FIRST)
        today.ask(MarkNoShow(counter=1))
    called = today.called()
    assert (called.ticket, called.rule, called.passed) == (normals[0], Rule.AFTER_PRIORITY, 2)


def test_only_who_waits_with_paper_in_hand_is_called_out_of_order():
    today = day()
    unprinted = today.take(printed=False)
    gone, called = today.take(), today.take()
    today.ask(CancelTicket(ticket=gone), "guide-1")
    today.call(2)
    for ticket, why in (
        (unprinted, Refusal.WRONG_STATE),
        (gone, Refusal.WRONG_STATE),
        (called, Refusal.WRONG_STATE),
        ("A999", Refusal.UNKNOWN_TICKET),
    ):
        command = CallTicket(counter=1, ticket=ticket, reason="ill")
        assert today.refuses(command, "supervisor-1") is why
    assert today.queue.tickets[called].status is Status.CALLED


def test_a_call_out_of_order_ends_a_service_as_next_does_and_no_more():
    today = day(next_while_serving="close")
    first, second, third = today.take(), today.take(), today.take()
    today.call()
    asks = CallTicket(counter=1, ticket=third, reason="ill")
    today.later(SECOND)
    assert today.refuses(asks, "supervisor-1") is Refusal.COUNTER_BUSY
    today.ask(Serve(counter=1))
    closed, called = today.ask(asks, "supervisor-1")
    assert isinstance(closed, TicketClosed)
    assert isinstance(called, TicketCalled)
    assert (closed.ticket, called.ticket) == (first, third)
    assert today.call(2) == second


def test_nobody_is_called_to_a_counter_that_is_paused_or_closed():
    today = day()
    command = CallTicket(counter=1, ticket=today.take(), reason="ill")
    today.ask(PauseCounter(counter=1))
    assert today.refuses(command, "supervisor-1") is Refusal.COUNTER_PAUSED
    today.ask(CloseCounter(counter=1))
    assert today.refuses(command, "supervisor-1") is Refusal.COUNTER_CLOSED
