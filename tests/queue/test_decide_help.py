"""The laws of a clerk's silent call for help: it is open until somebody answers, and touches nothing else in the hall."""

from __future__ import annotations

import pytest

from broker.messages import (
    AnswerHelp,
    CallForHelp,
    CallNext,
    CloseCounter,
    HelpAnswered,
    HelpCalled,
    OpenDay,
    PauseCounter,
    Refusal,
    SettingsAdopted,
)
from broker.queue import Queue, counter_state
from tests.queue.halls import MINUTE, NINE, SECOND, TUESDAY, Day, day, text_of

CALL = CallForHelp(counter=1, called_at=NINE)


def calls(today: Day) -> dict[int, int]:
    """Since when each counter calls, as everybody may see who sees its state."""
    states = [counter_state(today.queue, number) for number in today.queue.hall.counter]
    return {state.counter: state.help_since for state in states if state.help_since}


def test_a_call_is_open_with_its_time_until_somebody_answers_it():
    today = day()
    assert today.ask(CALL, "panel-1") == (HelpCalled(counter=1, called_at=NINE),)
    assert calls(today) == {1: NINE}
    today.later(MINUTE)
    answer = AnswerHelp(counter=1, outcome="calmed down")
    assert today.ask(answer, "guide-1") == (
        HelpAnswered(counter=1, by="guide-1", outcome="calmed down"),
    )
    assert calls(today) == {}


@pytest.mark.parametrize("console", ["guide-1", "supervisor-1"])
def test_any_console_may_answer_and_its_name_is_kept(console: str):
    today = day()
    today.ask(CALL, "panel-1")
    (answered,) = today.ask(AnswerHelp(counter=1), console)
    assert answered == HelpAnswered(counter=1, by=console)


def test_a_call_that_is_open_keeps_its_first_time_and_one_that_is_not_cannot_be_answered():
    today = day()
    today.ask(CALL, "panel-1")
    today.later(SECOND)
    again = CallForHelp(counter=1, called_at=today.at)
    assert today.refuses(again, "panel-1") is Refusal.ALREADY_SO
    assert calls(today) == {1: NINE}
    assert today.refuses(AnswerHelp(counter=2), "guide-1") is Refusal.ALREADY_SO
    assert today.refuses(AnswerHelp(counter=9), "guide-1") is Refusal.UNKNOWN_COUNTER


def test_counters_call_each_for_itself():
    today = day()
    today.ask(CALL, "panel-1")
    today.ask(CallForHelp(counter=2, called_at=NINE - 1), "panel-2")
    today.ask(AnswerHelp(counter=1), "guide-1")
    assert calls(today) == {2: NINE - 1}


@pytest.mark.parametrize("change", [CloseCounter(counter=1), PauseCounter(counter=1)])
def test_help_is_called_from_a_counter_that_is_closed_paused_or_busy(change):
    shut, busy = day(), day()
    shut.ask(change)
    shut.ask(CALL, "panel-1")
    busy.take()
    busy.call()
    busy.ask(CALL, "panel-1")
    assert calls(shut) == calls(busy) == {1: NINE}


def test_the_queue_goes_on_as_if_nobody_had_called():
    quiet, calling = day(), day()
    calling.ask(CALL, "panel-1")
    for today in (quiet, calling):
        today.take()
        today.take()
        assert today.call() == "A001"
    assert calling.refuses(CallNext(counter=1)) is quiet.refuses(CallNext(counter=1))


@pytest.mark.parametrize(
    ("called_at", "since"),
    [(NINE - 5 * MINUTE, NINE - 5 * MINUTE), (NINE + MINUTE, NINE), (0, NINE)],
)
def test_it_is_open_since_it_was_made_however_late_it_is_told_and_whatever_time_its_panel_had(
    called_at: int, since: int
):
    today = day()
    today.ask(CallForHelp(counter=1, called_at=called_at), "panel-1")
    assert calls(today) == {1: since}


def test_a_call_is_open_over_midnight_until_somebody_answers_it():
    today = day()
    today.ask(CALL, "panel-1")
    *_, opened = today.ask(OpenDay(day=TUESDAY))
    assert calls(today) == {1: NINE}
    # What a hub knows that starts with this day.
    fresh = Queue(today.queue.hall)
    fresh.apply(opened, today.at)
    assert counter_state(fresh, 1).help_since == NINE
    today.ask(AnswerHelp(counter=1), "guide-1")
    assert calls(today) == {}


def test_new_settings_leave_a_call_open():
    today = day()
    today.ask(CALL, "panel-1")
    today.queue.apply(SettingsAdopted(text=text_of(number_digits=4)), today.at)
    assert calls(today) == {1: NINE}
