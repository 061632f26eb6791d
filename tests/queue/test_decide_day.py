"""The laws of a day: nothing waits into tomorrow, and the settings in force are part of what happened."""

from __future__ import annotations

from broker.messages import (
    AdoptSettings,
    CallNext,
    CancelTicket,
    ClockStepped,
    CloseTicket,
    CounterStatus,
    DayClosed,
    DayOpened,
    LapseRating,
    MarkNoShow,
    NoteClockStep,
    OpenCounter,
    OpenDay,
    Phase,
    RatingLapsed,
    Refusal,
    Serve,
    SettingsAdopted,
    VoidTicket,
)
from broker.queue import Queue, counter_state, due, kiosk_state, queue_state
from tests.queue.halls import MONDAY, SECOND, TUESDAY, TWO, Day, Window, day, hall_of, text_of


def test_the_first_day_opens_without_one_to_close():
    first = Day(Queue(hall_of(text_of())))
    assert first.ask(OpenDay(day=MONDAY)) == (DayOpened(day=MONDAY),)


def test_a_day_closes_before_the_next_one_opens_and_names_whom_it_settled():
    today = day(Window(), Window(), Window(), Window())
    closed, gone, serving, called, left, waiting = (today.take() for _ in range(6))
    voided, unprinted = today.take(printed=False), today.take(printed=False)
    today.ask(CancelTicket(ticket=left))
    today.ask(VoidTicket(ticket=voided, reason="jam"), "kiosk-1")
    today.call(1)
    today.ask(Serve(counter=1))
    today.ask(CloseTicket(counter=1))
    today.call(2)
    today.ask(MarkNoShow(counter=2))
    today.call(3)
    today.ask(Serve(counter=3))
    today.call(4)
    lapsed, ended, opened = today.ask(OpenDay(day=TUESDAY))
    assert lapsed == RatingLapsed(ticket=closed, counter=1)
    assert ended == DayClosed(day=MONDAY, settled=(gone, serving, called, waiting, unprinted))
    assert isinstance(opened, DayOpened)
    assert (opened.day, opened.last_call) == (TUESDAY, 4)


def test_nothing_waits_into_tomorrow():
    today = day()
    today.take()
    today.take(printed=False)
    today.take("card", green="elderly")
    today.call()
    today.ask(OpenDay(day=TUESDAY))
    assert today.queue.tickets == {}
    assert all(one.waiting == 0 for one in queue_state(today.queue, today.at).services.values())
    assert kiosk_state(today.queue, "kiosk-1").unprinted == ()
    shown = counter_state(today.queue, 1)
    assert (shown.status, shown.phase, shown.ticket) == (CounterStatus.CLOSED, Phase.IDLE, "")
    today.ask(OpenCounter(counter=1))
    assert today.refuses(CallNext(counter=1)) is Refusal.NOBODY_WAITING


def test_calls_go_on_counting_over_midnight_so_that_no_voice_takes_a_new_call_for_an_old_one():
    today = day()
    today.take()
    assert today.called().call == 1
    today.ask(OpenDay(day=TUESDAY))
    today.ask(OpenCounter(counter=1))
    today.take()
    assert today.called().call == 2


def test_a_day_that_is_open_or_past_is_not_opened_again():
    today = day()
    assert today.ask(OpenDay(day=MONDAY)) == ()
    assert today.ask(OpenDay(day="2026-11-22")) == ()
    assert today.queue.day == MONDAY


def test_a_jump_of_the_clock_is_written_down():
    assert day().ask(NoteClockStep(by_ms=-3_600_000)) == (ClockStepped(by_ms=-3_600_000),)


# --- settings --------------------------------------------------------------------------------------------


def test_settings_that_are_in_force_already_are_not_adopted_again():
    today = day()
    text = text_of(TWO, recall_limit=0)
    assert today.ask(AdoptSettings(text=text)) == (SettingsAdopted(text=text),)
    assert today.ask(AdoptSettings(text=text)) == ()


def test_adopted_settings_rule_from_then_on_and_leave_who_waits_in_line():
    today = day(Window(services=("pension",)), Window(services=("card",)))
    pension, card = today.take("pension"), today.take("card")
    today.ask(AdoptSettings(text=text_of((Window(services=("card",)), Window(), Window()))))
    assert today.call(1) == card
    assert today.call(2) == pension
    today.ask(OpenCounter(counter=3))
    assert today.refuses(CallNext(counter=3)) is Refusal.NOBODY_WAITING


def test_a_counter_that_new_settings_no_longer_have_can_be_asked_nothing():
    today = day()
    today.ask(AdoptSettings(text=text_of((Window(),))))
    assert today.refuses(CallNext(counter=2)) is Refusal.UNKNOWN_COUNTER


def test_a_question_at_a_counter_that_new_settings_no_longer_have_stops_nothing():
    today = day()
    ticket = today.take()
    today.call(2)
    today.ask(Serve(counter=2))
    today.ask(CloseTicket(counter=2))
    today.ask(AdoptSettings(text=text_of((Window(),))))
    today.later(60 * SECOND)
    (lapse,) = due(today.queue, today.at)
    assert lapse == LapseRating(counter=2, ticket=ticket)
    assert today.ask(lapse) == (RatingLapsed(ticket=ticket, counter=2),)
    assert due(today.queue, today.at) == ()
