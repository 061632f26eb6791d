"""The laws of 好差评: voluntary, one for one service, the first press wins, and none is ever invented."""

from __future__ import annotations

import pytest

from broker.messages import (
    CloseTicket,
    GiveReasons,
    LapseRating,
    Level,
    MarkNoShow,
    OpenDay,
    Rate,
    RatingCorrected,
    RatingLapsed,
    RatingRecorded,
    ReasonsGiven,
    Refusal,
    Serve,
    TicketClosed,
    Transfer,
)
from broker.queue import counter_state, due
from tests.queue.halls import MONDAY, SECOND, Day, Window, day, only


def served(today: Day, counter: int = 1) -> str:
    """Serve a visitor from ticket to end."""
    today.take()
    ticket = today.call(counter)
    today.ask(Serve(counter=counter))
    today.ask(CloseTicket(counter=counter))
    return ticket


def rate(
    ticket: str, level: Level, *, counter: int = 1, on: str = MONDAY, pressed: int = 5
) -> Rate:
    return Rate(counter=counter, day=on, ticket=ticket, level=level, pressed_at=pressed)


def test_the_pad_asks_when_the_service_ends_and_for_as_long_as_the_hall_sets():
    today = day(rating_s=20)
    ticket = served(today)
    ask = counter_state(today.queue, 1).rating
    assert ask is not None
    assert (ask.ticket, ask.day, ask.until, ask.done) == (ticket, MONDAY, today.at + 20_000, False)


def test_a_counter_without_a_pad_asks_nobody():
    today = day(Window(pad=False))
    today.take()
    today.call()
    today.ask(Serve(counter=1))
    assert only(TicketClosed, today.ask(CloseTicket(counter=1))).rate_until == 0
    assert counter_state(today.queue, 1).rating is None
    today.later(3600 * SECOND)
    assert due(today.queue, today.at) == ()


@pytest.mark.parametrize("level", list(Level))
def test_a_rating_is_recorded_as_it_was_pressed(level: Level):
    today = day()
    ticket = served(today)
    assert today.ask(rate(ticket, level, pressed=7), "pad-1") == (
        RatingRecorded(day=MONDAY, ticket=ticket, counter=1, level=level, pressed_at=7),
    )
    ask = counter_state(today.queue, 1).rating
    assert ask is not None
    assert ask.done


def test_a_visitor_may_correct_the_rating_for_a_short_time():
    today = day(rating_correct_s=3)
    ticket = served(today)
    today.ask(rate(ticket, Level.VERY_SATISFIED, pressed=1000))
    assert today.ask(rate(ticket, Level.DISSATISFIED, pressed=4000)) == (
        RatingCorrected(
            day=MONDAY, ticket=ticket, counter=1, level=Level.DISSATISFIED, pressed_at=4000
        ),
    )


def test_a_correction_counts_from_its_press_however_long_it_was_on_its_way():
    today = day(rating_correct_s=3)
    ticket = served(today)
    today.ask(rate(ticket, Level.VERY_SATISFIED, pressed=1000))
    today.later(3600 * SECOND)
    (event,) = today.ask(rate(ticket, Level.DISSATISFIED, pressed=3000))
    assert isinstance(event, RatingCorrected)


def test_after_that_time_the_first_rating_stands():
    today = day(rating_correct_s=3)
    ticket = served(today)
    today.ask(rate(ticket, Level.DISSATISFIED, pressed=1000))
    late = rate(ticket, Level.VERY_SATISFIED, pressed=4001)
    assert today.refuses(late) is Refusal.ALREADY_RATED


def test_a_correction_does_not_open_a_new_time_to_correct():
    today = day(rating_correct_s=3)
    ticket = served(today)
    today.ask(rate(ticket, Level.DISSATISFIED, pressed=1000))
    today.ask(rate(ticket, Level.SATISFIED, pressed=3000))
    late = rate(ticket, Level.VERY_SATISFIED, pressed=5000)
    assert today.refuses(late) is Refusal.ALREADY_RATED


def test_an_older_press_never_replaces_a_newer_one():
    today = day(rating_correct_s=3)
    ticket = served(today)
    today.ask(rate(ticket, Level.DISSATISFIED, pressed=3000))
    assert today.refuses(rate(ticket, Level.SATISFIED, pressed=1000)) is Refusal.ALREADY_RATED


def test_a_late_rating_of_an_earlier_day_is_taken_once():
    today = day()
    today.ask(rate("A001", Level.SATISFIED, on="2026-11-21", pressed=1000))
    again = rate("A001", Level.SATISFIED, on="2026-11-21", pressed=9000)
    assert today.refuses(again) is Refusal.ALREADY_RATED


def test_a_question_that_the_next_one_replaces_is_lapsed_not_forgotten():
    today = day(rating_s=20)
    first = served(today)
    today.later(SECOND)
    second = today.take()
    today.call(1)
    today.ask(Serve(counter=1))
    lapsed, closed = today.ask(CloseTicket(counter=1))
    assert lapsed == RatingLapsed(ticket=first, counter=1)
    assert isinstance(closed, TicketClosed)
    assert closed.ticket == second


def test_silence_lapses_and_is_never_taken_for_satisfied():
    today = day(rating_s=20)
    ticket = served(today)
    today.later(20 * SECOND - 1)
    assert due(today.queue, today.at) == ()
    today.later(1)
    (lapse,) = due(today.queue, today.at)
    assert today.ask(lapse) == (RatingLapsed(ticket=ticket, counter=1),)
    assert counter_state(today.queue, 1).rating is None
    assert due(today.queue, today.at) == ()


def test_a_rating_that_was_given_does_not_lapse():
    today = day()
    ticket = served(today)
    today.ask(rate(ticket, Level.SATISFIED))
    today.later(3600 * SECOND)
    assert due(today.queue, today.at) == ()
    assert today.ask(LapseRating(counter=1, ticket=ticket)) == ()


def test_a_rating_that_comes_after_the_lapse_is_still_recorded():
    today = day()
    ticket = served(today)
    today.ask(LapseRating(counter=1, ticket=ticket))
    today.later(3600 * SECOND)
    only(RatingRecorded, today.ask(rate(ticket, Level.DISSATISFIED)))


def test_a_rating_of_the_visitor_before_does_not_end_the_question_to_this_one():
    today = day()
    before, now = served(today), served(today)
    today.ask(rate(before, Level.SATISFIED))
    ask = counter_state(today.queue, 1).rating
    assert ask is not None
    assert (ask.ticket, ask.done) == (now, False)


def test_who_was_not_served_to_the_end_has_nothing_to_rate():
    today = day()
    ticket = today.take()
    assert today.refuses(rate(ticket, Level.SATISFIED)) is Refusal.RATING_CLOSED
    today.call()
    assert today.refuses(rate(ticket, Level.SATISFIED)) is Refusal.RATING_CLOSED
    today.ask(MarkNoShow(counter=1))
    assert today.refuses(rate(ticket, Level.SATISFIED)) is Refusal.RATING_CLOSED


def test_a_ticket_that_nobody_issued_cannot_be_rated():
    assert day().refuses(rate("A001", Level.SATISFIED)) is Refusal.RATING_CLOSED


def test_a_service_is_rated_at_the_counter_that_ended_it():
    today = day(Window(services=("pension",)), Window(services=("card",)))
    ticket = today.take("pension")
    today.call(1)
    today.ask(Transfer(counter=1, to_service="card"))
    today.call(2)
    today.ask(Serve(counter=2))
    today.ask(CloseTicket(counter=2))
    assert today.refuses(rate(ticket, Level.SATISFIED, counter=1)) is Refusal.RATING_CLOSED
    only(RatingRecorded, today.ask(rate(ticket, Level.SATISFIED, counter=2)))


# --- late ratings ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("on", ["2026-11-22", "2026-11-18"])
def test_a_rating_that_waited_out_an_outage_of_days_is_recorded(on: str):
    today = day(late_rating_days=5)
    assert today.ask(rate("A001", Level.SATISFIED, on=on), "pad-1") == (
        RatingRecorded(day=on, ticket="A001", counter=1, level=Level.SATISFIED, pressed_at=5),
    )


def test_a_late_rating_says_nothing_of_todays_ticket_with_the_same_number():
    today = day()
    ticket = served(today)
    today.ask(rate(ticket, Level.DISSATISFIED, on="2026-11-22"))
    ask = counter_state(today.queue, 1).rating
    assert ask is not None
    assert not ask.done
    only(RatingRecorded, today.ask(rate(ticket, Level.SATISFIED)))


@pytest.mark.parametrize("on", ["2026-11-17", "2020-01-01", "2026-11-24"])
def test_a_rating_of_a_day_too_long_ago_or_yet_to_come_is_refused(on: str):
    today = day(late_rating_days=5)
    assert today.refuses(rate("A001", Level.SATISFIED, on=on)) is Refusal.RATING_CLOSED


@pytest.mark.parametrize(
    "on", ["", "yesterday", "2026-13-01", "23.11.2026", "20261122", "2026-W47-7"]
)
def test_a_rating_of_what_is_no_day_is_refused(on: str):
    assert day().refuses(rate("A001", Level.SATISFIED, on=on)) is Refusal.BAD_MESSAGE


def test_a_rating_asked_before_midnight_and_given_after_it_is_recorded_for_its_own_day():
    today = day()
    ticket = served(today)
    today.ask(OpenDay(day="2026-11-24"))
    assert only(RatingRecorded, today.ask(rate(ticket, Level.SATISFIED))).day == MONDAY


# --- reasons -----------------------------------------------------------------------------------------


def why(ticket: str, *reasons: str, on: str = MONDAY) -> GiveReasons:
    return GiveReasons(counter=1, day=on, ticket=ticket, reasons=reasons)


def rated(today: Day) -> str:
    ticket = served(today)
    today.ask(rate(ticket, Level.DISSATISFIED))
    return ticket


def test_who_was_not_content_may_say_why_and_the_rating_stands_without_it():
    today = day()
    ticket = rated(today)
    given = ReasonsGiven(day=MONDAY, ticket=ticket, counter=1, reasons=("wait", "attitude"))
    assert today.ask(why(ticket, "wait", "attitude", "wait"), "pad-1") == (given,)


def test_one_rating_has_one_answer_the_first():
    today = day()
    ticket = rated(today)
    today.ask(why(ticket, "wait"))
    assert today.refuses(why(ticket, "other")) is Refusal.ALREADY_RATED
    today.ask(rate(ticket, Level.VERY_DISSATISFIED, pressed=6))
    assert today.refuses(why(ticket, "other")) is Refusal.ALREADY_RATED


def test_what_was_not_rated_has_no_reasons():
    today = day()
    ticket = served(today)
    assert today.refuses(why(ticket, "wait")) is Refusal.RATING_CLOSED
    assert today.refuses(why("A099", "wait")) is Refusal.RATING_CLOSED


def test_reasons_that_the_settings_do_not_know_are_left_out():
    today = day()
    ticket = rated(today)
    assert today.refuses(why(ticket, "gone")) is Refusal.BAD_MESSAGE
    (given,) = today.ask(why(ticket, "gone", "skill"))
    assert given == ReasonsGiven(day=MONDAY, ticket=ticket, counter=1, reasons=("skill",))


def test_reasons_that_come_the_day_after_are_taken_as_long_as_a_rating_would_be():
    today = day()
    ticket = rated(today)
    today.ask(OpenDay(day="2026-11-24"))
    (given,) = today.ask(why(ticket, "wait"))
    assert given == ReasonsGiven(day=MONDAY, ticket=ticket, counter=1, reasons=("wait",))
    assert today.refuses(why(ticket, "wait")) is Refusal.ALREADY_RATED
    today.ask(OpenDay(day="2026-12-24"))
    assert today.refuses(why(ticket, "wait")) is Refusal.RATING_CLOSED
