"""The laws of a counter's keys: next, recall, serve, close, no-show, transfer, and presses too many."""

from __future__ import annotations

import pytest

from broker.messages import (
    CallNext,
    CloseTicket,
    Command,
    MarkNoShow,
    NoShowMarked,
    Phase,
    Recall,
    Refusal,
    Serve,
    TicketCalled,
    TicketClosed,
    TicketRecalled,
    TicketServed,
    Transfer,
)
from broker.queue import counter_state, queue_state
from broker.queue.life import Status
from tests.queue.halls import SECOND, Window, day, only

# --- next --------------------------------------------------------------------------------------------


def test_next_calls_a_ticket_and_the_counter_shows_it():
    today = day()
    ticket = today.take()
    called = today.called()
    assert called == TicketCalled(ticket=ticket, counter=1, call=1, rule="arrival", candidates=1)
    shown = counter_state(today.queue, 1)
    assert (shown.phase, shown.ticket) == (Phase.CALLED, ticket)
    assert shown.call is not None
    assert (shown.call.seq, shown.call.recall) == (1, 0)


def test_a_call_is_valid_for_as_long_as_the_hall_sets_and_a_recall_makes_it_valid_anew():
    today = day(call_valid_s=30)
    today.take()
    today.call()
    call = counter_state(today.queue, 1).call
    assert call is not None
    assert call.valid_until == today.at + 30 * SECOND
    today.later(20 * SECOND)
    today.ask(Recall(counter=1))
    call = counter_state(today.queue, 1).call
    assert call is not None
    assert call.valid_until == today.at + 30 * SECOND


def test_next_with_nobody_waiting_is_refused():
    assert day().refuses(CallNext(counter=1)) is Refusal.NOBODY_WAITING


def test_two_presses_of_next_within_the_limit_are_one():
    today = day(Window(serve_key=False), double_press_ms=800)
    today.take()
    today.take()
    today.call()
    today.later(799)
    assert today.refuses(CallNext(counter=1)) is Refusal.DOUBLE_PRESS
    today.later(1)
    assert only(TicketCalled, today.ask(CallNext(counter=1))).ticket == "A002"


def test_a_press_right_after_a_no_show_is_no_double_press():
    today = day()
    today.take()
    today.take()
    today.call()
    today.ask(MarkNoShow(counter=1))
    assert only(TicketCalled, today.ask(CallNext(counter=1))).ticket == "A002"


def test_the_same_moment_at_another_counter_is_no_double_press():
    today = day()
    today.take()
    today.take()
    today.call(1)
    assert only(TicketCalled, today.ask(CallNext(counter=2))).ticket == "A002"


def test_next_while_serving_closes_and_calls_where_the_hall_says_so():
    today = day(next_while_serving="close")
    first, second = today.take(), today.take()
    today.call()
    today.ask(Serve(counter=1))
    today.later(SECOND)
    closed, called = today.ask(CallNext(counter=1))
    assert isinstance(closed, TicketClosed)
    assert isinstance(called, TicketCalled)
    assert (closed.ticket, called.ticket) == (first, second)


def test_next_while_serving_closes_even_if_nobody_waits():
    today = day(next_while_serving="close")
    ticket = today.take()
    today.call()
    today.ask(Serve(counter=1))
    (closed,) = today.ask(CallNext(counter=1))
    assert isinstance(closed, TicketClosed)
    assert closed.ticket == ticket
    assert today.refuses(CallNext(counter=1)) is Refusal.NOBODY_WAITING


@pytest.mark.parametrize("serve_key", [True, False])
def test_next_while_serving_is_refused_where_the_hall_says_so(serve_key: bool):
    today = day(Window(serve_key=serve_key), next_while_serving="refuse")
    today.take()
    today.take()
    today.call()
    if serve_key:
        today.ask(Serve(counter=1))
    today.later(SECOND)
    assert today.refuses(CallNext(counter=1)) is Refusal.COUNTER_BUSY


def test_with_a_serve_key_next_does_not_skip_a_visitor_who_was_only_called():
    today = day(next_while_serving="close")
    today.take()
    today.take()
    today.call()
    today.later(SECOND)
    assert today.refuses(CallNext(counter=1)) is Refusal.COUNTER_BUSY


def test_without_a_serve_key_next_takes_the_called_visitor_as_served():
    today = day(Window(serve_key=False))
    first, second = today.take(), today.take()
    today.call()
    today.later(SECOND)
    events = today.ask(CallNext(counter=1))
    assert [type(event) for event in events] == [TicketServed, TicketClosed, TicketCalled]
    assert [getattr(event, "ticket", "") for event in events] == [first, first, second]


# --- recall --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", [0, 1, 3])
def test_a_ticket_is_recalled_at_most_so_often_then_only_served_or_no_show(limit: int):
    today = day(recall_limit=limit)
    ticket = today.take()
    today.call()
    for recall in range(1, limit + 1):
        today.later(SECOND)
        assert today.ask(Recall(counter=1)) == (
            TicketRecalled(ticket=ticket, counter=1, call=1, recall=recall),
        )
    today.later(SECOND)
    assert today.refuses(Recall(counter=1)) is Refusal.RECALL_LIMIT
    today.ask(MarkNoShow(counter=1))


def test_the_next_ticket_has_recalls_of_its_own():
    today = day(recall_limit=1)
    today.take()
    today.take()
    for _ in range(2):
        today.call()
        today.later(SECOND)
        today.ask(Recall(counter=1))
        today.ask(MarkNoShow(counter=1))


def test_two_presses_of_recall_within_the_limit_are_one():
    today = day()
    today.take()
    today.call()
    assert today.refuses(Recall(counter=1)) is Refusal.DOUBLE_PRESS
    today.later(SECOND)
    today.ask(Recall(counter=1))
    assert today.refuses(Recall(counter=1)) is Refusal.DOUBLE_PRESS


def test_a_recall_changes_nothing_but_the_call():
    today = day()
    ticket = today.take()
    today.call()
    today.later(SECOND)
    today.ask(Recall(counter=1))
    assert today.queue.tickets[ticket].status is Status.CALLED
    assert today.queue.last_call == 1
    assert queue_state(today.queue, today.at).services["pension"].waiting == 0


# --- serve, close, no-show ---------------------------------------------------------------------------------


def test_called_then_served_then_closed():
    today = day()
    ticket = today.take()
    today.call()
    assert today.ask(Serve(counter=1)) == (TicketServed(ticket=ticket, counter=1),)
    assert counter_state(today.queue, 1).phase is Phase.SERVING
    assert counter_state(today.queue, 1).call is None
    closed = only(TicketClosed, today.ask(CloseTicket(counter=1)))
    assert (closed.ticket, closed.counter, closed.clerk) == (ticket, 1, "clerk 1")
    assert counter_state(today.queue, 1).phase is Phase.IDLE
    assert counter_state(today.queue, 1).ticket == ""


def test_with_a_serve_key_only_a_served_ticket_can_be_closed():
    today = day()
    today.take()
    today.call()
    assert today.refuses(CloseTicket(counter=1)) is Refusal.NOT_SERVING


def test_without_a_serve_key_close_takes_the_visitor_as_served():
    today = day(Window(serve_key=False))
    today.take()
    today.call()
    events = today.ask(CloseTicket(counter=1))
    assert [type(event) for event in events] == [TicketServed, TicketClosed]


def test_a_no_show_ends_the_ticket_and_frees_the_counter():
    today = day()
    ticket = today.take()
    today.call()
    assert today.ask(MarkNoShow(counter=1)) == (NoShowMarked(ticket=ticket, counter=1),)
    assert today.queue.tickets[ticket].status is Status.NO_SHOW
    assert counter_state(today.queue, 1).phase is Phase.IDLE
    assert today.refuses(CallNext(counter=1)) is Refusal.NOBODY_WAITING


def test_a_visitor_who_is_being_served_is_no_no_show_and_is_not_recalled_nor_served_twice():
    today = day()
    today.take()
    today.call()
    today.ask(Serve(counter=1))
    for command in (MarkNoShow(counter=1), Recall(counter=1), Serve(counter=1)):
        assert today.refuses(command) is Refusal.NOTHING_CALLED


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (Recall(counter=1), Refusal.NOTHING_CALLED),
        (Serve(counter=1), Refusal.NOTHING_CALLED),
        (MarkNoShow(counter=1), Refusal.NOTHING_CALLED),
        (CloseTicket(counter=1), Refusal.NOT_SERVING),
        (Transfer(counter=1, to_service="card"), Refusal.NOTHING_CALLED),
    ],
)
def test_a_counter_without_a_ticket_can_do_nothing_with_one(command: Command, why: Refusal):
    today = day()
    today.take()
    assert today.refuses(command) is why


@pytest.mark.parametrize(
    "command",
    [
        CallNext(counter=9),
        Recall(counter=9),
        Serve(counter=9),
        CloseTicket(counter=9),
        MarkNoShow(counter=9),
        Transfer(counter=9, to_service="card"),
    ],
)
def test_a_counter_that_the_hall_does_not_have_is_unknown(command: Command):
    assert day().refuses(command) is Refusal.UNKNOWN_COUNTER
