"""The laws of taking back Next: within its time the hall is as it was, but for what cannot be unsaid."""

from __future__ import annotations

import pytest

from broker.messages import (
    CallNext,
    CallTicket,
    CallUndone,
    CloseTicket,
    HoldTicket,
    Level,
    MarkNoShow,
    PauseCounter,
    Phase,
    Rate,
    Recall,
    Refusal,
    ResumeCounter,
    Rule,
    Serve,
    TicketCalled,
    TicketReopened,
    Transfer,
    UndoCall,
)
from broker.queue import counter_state, queue_state
from tests.queue.halls import MINUTE, MONDAY, SECOND, Day, Window, day
from tests.queue.scenes import scene


def taken_back(today: Day, counter: int = 1) -> tuple[object, ...]:
    """Next and its undo, and that the hall is as it was."""
    before = scene(today.queue)
    today.ask(CallNext(counter=counter))
    assert scene(today.queue) != before
    today.later(SECOND)
    events = today.ask(UndoCall(counter=counter))
    assert scene(today.queue) == before
    return events


def test_an_undone_call_leaves_the_ticket_where_it_stood():
    today = day()
    first, _ = today.take(), today.take()
    assert taken_back(today) == (CallUndone(ticket=first, counter=1),)
    assert counter_state(today.queue, 1).call is None
    assert queue_state(today.queue, today.at).services["pension"].waiting == 2
    assert today.call(2) == first


def test_the_next_call_has_a_number_of_its_own():
    today = day()
    today.take()
    taken_back(today)
    assert today.called(1).call == 2


def test_an_undone_call_has_passed_over_nobody():
    today = day(Window(), priority_in_a_row=2)
    today.take()
    for _ in range(3):
        today.take(green="elderly")
    today.call()
    today.ask(MarkNoShow(counter=1))
    for _ in range(3):
        taken_back(today)
    assert today.called().rule == Rule.GREEN_FIRST
    today.ask(MarkNoShow(counter=1))
    taken_back(today)
    assert today.called().rule == Rule.AFTER_PRIORITY


def test_an_undone_call_is_none_of_those_that_a_missed_number_is_kept_for():
    today = day(no_show={"mode": "calls", "keep": 1})
    missed, _ = today.take(), today.take()
    today.call()
    today.ask(MarkNoShow(counter=1))
    taken_back(today)
    assert missed in today.queue.missed


def test_who_waits_for_one_counter_alone_does_so_again():
    today = day()
    ticket = today.take()
    today.call(1)
    today.ask(Transfer(counter=1, to_counter=2))
    taken_back(today, counter=2)
    assert counter_state(today.queue, 2).own == 1
    assert today.refuses(CallNext(counter=1)) is Refusal.NOBODY_WAITING
    assert today.call(2) == ticket


def test_a_call_out_of_order_can_be_taken_back_too():
    today = day()
    taken = [today.take(), today.take()]
    before = scene(today.queue)
    today.ask(CallTicket(counter=1, ticket=taken[1], reason="ill"), "supervisor-1")
    today.ask(UndoCall(counter=1), "panel-1")
    assert scene(today.queue) == before


# --- the service that Next ended ---------------------------------------------------------------------------


def serving(*, pad: bool = True, serve_key: bool = True, waiting: int = 1) -> tuple[Day, str]:
    """Counter 1 serves somebody, so many wait."""
    today = day(Window(pad=pad, serve_key=serve_key), Window())
    ticket = today.take()
    for _ in range(waiting):
        today.take()
    today.call()
    today.ask(Serve(counter=1))
    today.later(3 * MINUTE)
    return today, ticket


@pytest.mark.parametrize("pad", [False, True])
def test_the_service_that_next_ended_goes_on(pad: bool):
    today, ticket = serving(pad=pad)
    assert taken_back(today) == (
        CallUndone(ticket="A002", counter=1),
        TicketReopened(ticket=ticket, counter=1),
    )
    shown = counter_state(today.queue, 1)
    assert (shown.phase, shown.ticket, shown.rating) == (Phase.SERVING, ticket, None)
    today.later(MINUTE)
    today.ask(CloseTicket(counter=1))
    assert today.queue.paces["pension"].mean == 4 * MINUTE + SECOND


def test_it_goes_on_too_where_next_ended_it_and_found_nobody_waiting():
    today, ticket = serving(waiting=0)
    assert taken_back(today) == (TicketReopened(ticket=ticket, counter=1),)
    assert counter_state(today.queue, 1).phase is Phase.SERVING


def test_of_a_visitor_who_rated_the_service_only_the_next_call_is_taken_back():
    today, ticket = serving()
    today.ask(CallNext(counter=1))
    rate(today, ticket)
    assert today.ask(UndoCall(counter=1)) == (CallUndone(ticket="A002", counter=1),)
    assert counter_state(today.queue, 1).phase is Phase.IDLE
    assert today.refuses(UndoCall(counter=1)) is Refusal.ALREADY_RATED
    assert today.call(1) == "A002"


def test_a_rated_service_is_not_reopened_where_nobody_was_called_after_it():
    today, ticket = serving(waiting=0)
    today.ask(CallNext(counter=1))
    rate(today, ticket)
    assert today.refuses(UndoCall(counter=1)) is Refusal.ALREADY_RATED


def rate(today: Day, ticket: str) -> None:
    today.ask(
        Rate(counter=1, day=MONDAY, ticket=ticket, level=Level.SATISFIED, pressed_at=today.at)
    )


def test_a_service_that_the_clerk_closed_is_not_reopened():
    today, _ = serving()
    today.ask(CloseTicket(counter=1))
    assert today.refuses(UndoCall(counter=1)) is Refusal.NOTHING_CALLED
    today.ask(CallNext(counter=1))
    assert today.ask(UndoCall(counter=1)) == (CallUndone(ticket="A002", counter=1),)


@pytest.mark.parametrize(
    "leave", [MarkNoShow(counter=1), HoldTicket(counter=1), Transfer(counter=1, to_service="card")]
)
def test_only_what_the_same_press_ended_is_reopened(leave: MarkNoShow | HoldTicket | Transfer):
    today, _ = serving(waiting=3)
    today.ask(CallNext(counter=1))
    today.ask(leave)
    today.ask(CallNext(counter=1))
    events = today.ask(UndoCall(counter=1))
    assert [type(event) for event in events] == [CallUndone]


def test_a_later_call_does_not_reopen_what_an_earlier_press_ended():
    today, _ = serving(waiting=0)
    today.ask(CallNext(counter=1))
    today.take()
    today.ask(CallNext(counter=1))
    assert [type(event) for event in today.ask(UndoCall(counter=1))] == [CallUndone]


def test_where_next_ended_two_steps_of_a_small_panels_ticket_it_is_being_served_again():
    today = day(Window(serve_key=False))
    first, _ = today.take(), today.take()
    today.call()
    today.later(MINUTE)
    events = today.ask(CallNext(counter=1))
    assert isinstance(events[-1], TicketCalled)
    today.ask(UndoCall(counter=1))
    shown = counter_state(today.queue, 1)
    assert (shown.phase, shown.ticket) == (Phase.SERVING, first)
    assert today.queue.desks[1].began_at == today.at - MINUTE


# --- its time ----------------------------------------------------------------------------------------------


def test_an_undo_is_refused_when_its_time_is_over():
    today = day(undo_s=10)
    today.take()
    today.call()
    call = counter_state(today.queue, 1).call
    assert call is not None
    assert call.undo_until == today.at + 10 * SECOND
    today.later(10 * SECOND - 1)
    today.ask(UndoCall(counter=1))
    today.call()
    today.later(10 * SECOND)
    assert today.refuses(UndoCall(counter=1)) is Refusal.TOO_LATE


def test_nor_is_a_service_reopened_after_that_time():
    today, _ = serving(waiting=0)
    today.ask(CallNext(counter=1))
    today.later(10 * SECOND)
    assert today.refuses(UndoCall(counter=1)) is Refusal.TOO_LATE


def test_where_the_hall_gives_no_time_nothing_is_undone():
    today = day(undo_s=0)
    today.take()
    today.call()
    assert today.refuses(UndoCall(counter=1)) is Refusal.TOO_LATE


def test_a_recall_neither_forbids_an_undo_nor_prolongs_its_time():
    today = day(undo_s=10)
    today.take()
    today.call()
    today.later(5 * SECOND)
    today.ask(Recall(counter=1))
    today.ask(UndoCall(counter=1))
    today.call()
    today.later(5 * SECOND)
    today.ask(Recall(counter=1))
    today.later(5 * SECOND)
    assert today.refuses(UndoCall(counter=1)) is Refusal.TOO_LATE


def test_there_is_nothing_to_undo_at_a_counter_that_called_nobody_or_serves():
    today = day()
    assert today.refuses(UndoCall(counter=1)) is Refusal.NOTHING_CALLED
    today.take()
    today.call()
    today.ask(Serve(counter=1))
    assert today.refuses(UndoCall(counter=1)) is Refusal.NOTHING_CALLED


def test_a_call_is_undone_once():
    today = day()
    today.take()
    today.call()
    today.ask(UndoCall(counter=1))
    assert today.refuses(UndoCall(counter=1)) is Refusal.NOTHING_CALLED


def test_nothing_goes_on_at_a_counter_that_has_paused_since():
    today, _ = serving(waiting=0)
    today.ask(CallNext(counter=1))
    for command in (PauseCounter(counter=1), ResumeCounter(counter=1)):
        today.ask(command)
        assert today.refuses(UndoCall(counter=1)) is Refusal.NOTHING_CALLED
