"""The rating pad's laws: it asks when told to, takes the first press, keeps quiet about it, and invents nothing."""

from __future__ import annotations

import pytest

from broker.hearing import Answered, Kept, Unanswered
from broker.messages import (
    CommandRefused,
    CounterState,
    Level,
    Rate,
    RatingAsk,
    RatingRecorded,
    Refusal,
)
from broker.phrases import Phrases
from firmware.device import KeyPressed, LightLamp, Send, StartTimer, Tell, TimerFired
from firmware.hal.lamps import Light
from firmware.rating_pad.pad import RatingPad
from tests.devices.among import NOW, asks, lamps, when

DAY = "2026-11-23"
OFF = (LightLamp("remind", Light.OFF), Tell(""))
ON = (LightLamp("remind", Light.ON), Tell("感谢您的评价"))
KEPT = (LightLamp("remind", Light.ON), Tell("评价已保存，感谢您"))
BLINK = (LightLamp("remind", Light.BLINK), Tell("请您对本次服务作出评价"))
OVER = CounterState(counter=1)


def asked(ticket: str = "A001", *, until: int = NOW + 20_000, done: bool = False) -> CounterState:
    return CounterState(counter=1, rating=RatingAsk(day=DAY, ticket=ticket, until=until, done=done))


def rate(level: Level, at: int = NOW, ticket: str = "A001") -> Rate:
    return Rate(counter=1, day=DAY, ticket=ticket, level=level, pressed_at=at)


def recorded(rating: Rate) -> Answered:
    event = RatingRecorded(
        day=rating.day,
        ticket=rating.ticket,
        counter=rating.counter,
        level=rating.level,
        pressed_at=rating.pressed_at,
    )
    return Answered(rating, (event,))


def pad_asking(*, now: int = NOW) -> RatingPad:
    pad = RatingPad(Phrases(), counter=1, correct_s=3)
    pad.start()
    when(pad, asked(), now=now)
    return pad


GOOD, BAD = KeyPressed("satisfied"), KeyPressed("very_dissatisfied")


def test_what_an_old_state_asked_ends_with_the_newer_that_is_done():
    pad = pad_asking()
    assert when(pad, asked("A002", done=True)) == (*OFF, StartTimer("lamp", 0))
    assert asks(when(pad, GOOD)) == []


def test_a_pad_is_dark_until_it_is_told_to_ask():
    pad = RatingPad(Phrases(), counter=1, correct_s=3)
    assert pad.start() == OFF
    assert when(pad, OVER) == ()
    assert when(pad, GOOD) == ()


def test_a_pad_asks_by_blinking_for_as_long_as_it_was_told():
    pad = RatingPad(Phrases(), counter=1, correct_s=3)
    assert pad.handle(asked(), NOW) == (*BLINK, StartTimer("lamp", 20.0))


def test_another_counters_rating_is_not_asked_here():
    pad = RatingPad(Phrases(), counter=2, correct_s=3)
    assert when(pad, asked()) == ()
    assert when(pad, GOOD) == ()


@pytest.mark.parametrize("level", Level)
def test_a_press_is_a_durable_rating_with_its_own_time(level: Level):
    pad = pad_asking()
    pressed = pad.handle(KeyPressed(level.value), NOW + 700)
    assert pressed == (Send(rate(level, NOW + 700), None),)


def test_no_key_shows_which_one_was_pressed():
    lights = set()
    for level in Level:
        pad = pad_asking()
        when(pad, KeyPressed(level.value))
        lights.add(when(pad, Kept("pad-1", rate(level))))
    assert lights == {(*KEPT, StartTimer("lamp", 2.0))}


def test_a_key_that_is_no_level_rates_nothing():
    assert when(pad_asking(), KeyPressed("next")) == ()


# --- the first press wins, and may be corrected ----------------------------------------------------


def test_the_first_press_wins_once_its_correction_time_is_over():
    pad = pad_asking()
    when(pad, GOOD)
    assert when(pad, BAD, now=NOW + 3_001) == ()


def test_a_press_may_be_corrected_in_time():
    pad = pad_asking()
    when(pad, GOOD)
    corrected = when(pad, BAD, now=NOW + 3_000)
    assert asks(corrected) == [rate(Level.VERY_DISSATISFIED, NOW + 3_000)]


def test_the_correction_time_runs_from_the_first_press():
    pad = pad_asking()
    when(pad, GOOD)
    when(pad, BAD, now=NOW + 2_000)
    assert when(pad, GOOD, now=NOW + 4_000) == ()


def test_the_same_key_again_is_no_second_rating():
    pad = pad_asking()
    when(pad, GOOD)
    assert when(pad, GOOD, now=NOW + 500) == ()


def test_a_press_in_the_last_moment_may_still_be_corrected():
    pad = pad_asking()
    when(pad, GOOD, now=NOW + 19_999)
    assert asks(when(pad, BAD, now=NOW + 21_000)) == [rate(Level.VERY_DISSATISFIED, NOW + 21_000)]


# --- nobody rates ----------------------------------------------------------------------------------


def test_time_that_runs_out_sends_nothing():
    pad = pad_asking()
    assert when(pad, TimerFired("lamp"), now=NOW + 20_000) == OFF
    assert when(pad, GOOD, now=NOW + 20_000) == ()


def test_a_lapsed_rating_darkens_the_pad():
    pad = pad_asking()
    assert when(pad, OVER) == (*OFF, StartTimer("lamp", 0))
    assert when(pad, GOOD) == ()


def test_the_same_question_again_does_not_start_anew():
    pad = pad_asking()
    assert when(pad, asked(), now=NOW + 5_000) == ()
    when(pad, GOOD, now=NOW + 6_000)
    assert when(pad, asked(done=True), now=NOW + 6_100) == ()
    assert when(pad, BAD, now=NOW + 10_000) == ()


def test_the_next_visitor_is_asked_afresh():
    pad = pad_asking()
    when(pad, GOOD)
    later = NOW + 90_000
    effects = when(pad, asked("A002", until=later + 20_000), now=later)
    assert effects == (*BLINK, StartTimer("lamp", 20.0))
    assert asks(when(pad, GOOD, now=later)) == [rate(Level.SATISFIED, later, "A002")]


def test_the_same_number_of_another_day_is_another_visitor():
    pad = pad_asking()
    when(pad, GOOD)
    tomorrow = RatingAsk(day="2026-11-24", ticket="A001", until=NOW + 20_000)
    assert BLINK[0] in when(pad, CounterState(counter=1, rating=tomorrow))


# --- a reboot in the middle ------------------------------------------------------------------------


def test_after_a_reboot_it_asks_again_for_the_time_that_is_left():
    pad = RatingPad(Phrases(), counter=1, correct_s=3)
    pad.start()
    assert when(pad, asked(), now=NOW + 15_000) == (*BLINK, StartTimer("lamp", 5.0))
    assert asks(when(pad, GOOD, now=NOW + 16_000)) != []


def test_after_a_reboot_that_took_too_long_it_asks_nobody():
    pad = RatingPad(Phrases(), counter=1, correct_s=3)
    pad.start()
    assert when(pad, asked(), now=NOW + 20_000) == ()
    assert when(pad, GOOD, now=NOW + 20_001) == ()


def test_after_a_reboot_what_is_rated_already_is_not_asked_again():
    pad = RatingPad(Phrases(), counter=1, correct_s=3)
    pad.start()
    assert when(pad, asked(done=True)) == ()
    assert when(pad, GOOD) == ()


# --- thanks ----------------------------------------------------------------------------------------


def test_a_rating_that_was_written_down_is_thanked_and_the_lamp_goes_dark():
    pad = pad_asking()
    when(pad, GOOD)
    assert when(pad, recorded(rate(Level.SATISFIED))) == (*ON, StartTimer("lamp", 2.0))
    assert when(pad, TimerFired("lamp")) == OFF


def test_alone_a_rating_is_thanked_once_it_is_on_the_disk():
    pad = pad_asking()
    assert lamps(when(pad, GOOD)) == {}
    thanked = when(pad, Kept("pad-1", rate(Level.SATISFIED)))
    assert thanked == (*KEPT, StartTimer("lamp", 2.0))


def test_a_refused_rating_is_not_thanked():
    pad = pad_asking()
    refused = CommandRefused(code=Refusal.ALREADY_RATED, reason="it has been rated")
    assert when(pad, GOOD, Answered(rate(Level.SATISFIED), (refused,))) == ()


def test_a_late_answer_does_not_disturb_the_visitor_who_is_asked_now():
    pad = pad_asking()
    when(pad, GOOD, asked("A002"))
    assert when(pad, recorded(rate(Level.SATISFIED))) == ()
    assert when(pad, Kept("pad-1", rate(Level.SATISFIED))) == ()


def test_an_answer_to_an_earlier_life_lights_nothing():
    pad = RatingPad(Phrases(), counter=1, correct_s=3)
    pad.start()
    assert when(pad, recorded(rate(Level.SATISFIED))) == ()


def test_thanks_never_darken_the_question_that_follows():
    pad = pad_asking()
    when(pad, GOOD, Kept("pad-1", rate(Level.SATISFIED)))
    assert StartTimer("lamp", 20.0) in when(pad, asked("A002"))  # the one timer starts anew


def test_what_is_none_of_its_business_does_nothing():
    assert when(pad_asking(), Unanswered(rate(Level.SATISFIED), "late")) == ()
