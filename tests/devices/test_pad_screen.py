"""The laws of a rating pad with a screen: it asks neutrally, shows nobody which face it was, and waits for no one."""

from __future__ import annotations

import msgspec
import pytest

from broker.hearing import Answered, Kept
from broker.messages import (
    CommandRefused,
    CounterState,
    GiveReasons,
    HallState,
    Level,
    Rate,
    RatingAsk,
    Refusal,
)
from broker.settings import Hall
from firmware.device import Draw, Effect, Event, KeyPressed, Prompt, StartTimer, TimerFired
from firmware.hal.screen import PadPage, Tone
from firmware.rating_pad.pad import RatingPad
from firmware.rating_pad.pages import PadPages
from tests.devices.among import NOW, asks, of, when

DAY = "2026-11-23"
UNTIL = NOW + 20_000
CORRECT, DONE = KeyPressed("correct"), KeyPressed("done")
ATTITUDE, WAIT = KeyPressed("reason:attitude"), KeyPressed("reason:wait")
GOOD, BAD = KeyPressed("satisfied"), KeyPressed("very_dissatisfied")
CLOSES, CORRECTION_ENDS = TimerFired("page"), TimerFired("correct")


def asked(ticket: str = "A001", *, until: int = UNTIL, done: bool = False) -> CounterState:
    return CounterState(counter=3, rating=RatingAsk(day=DAY, ticket=ticket, until=until, done=done))


def rate(level: Level, at: int = NOW, ticket: str = "A001") -> Rate:
    return Rate(counter=3, day=DAY, ticket=ticket, level=level, pressed_at=at)


def reasons(*names: str, ticket: str = "A001") -> GiveReasons:
    return GiveReasons(counter=3, day=DAY, ticket=ticket, reasons=names)


class Pad:
    """A pad with a screen and a voice; `page` is what stands on the glass."""

    def __init__(self, hall: Hall, *, speaks: bool = True) -> None:
        pages = PadPages(hall, hall.counter[3])
        self._pad = RatingPad(
            hall.phrases, 3, hall.rules.rating_correct_s, pages=pages, speaks=speaks
        )
        self.page: PadPage | None = None
        self.drawn = 0
        self._look(self._pad.start())

    def hears(self, *events: Event, now: int = NOW) -> tuple[Effect, ...]:
        """All effects, of one event after another."""
        return tuple(
            effect for event in events for effect in self._look(when(self._pad, event, now=now))
        )

    def _look(self, effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
        for draw in of(Draw, effects):
            assert isinstance(draw.page, PadPage)
            self.page, self.drawn = draw.page, self.drawn + 1
        return effects

    @property
    def shows(self) -> str:
        assert self.page is not None
        return self.page.large

    @property
    def keys(self) -> list[str]:
        assert self.page is not None
        page = self.page
        return [key.key for key in (*page.faces, *page.tags, *page.foot) if key.label]


@pytest.fixture
def pad(hall: Hall) -> Pad:
    pad = Pad(hall)
    pad.hears(asked())
    return pad


def rated(pad: Pad, key: KeyPressed = BAD, *, now: int = NOW) -> Rate:
    """Touched, and written down."""
    (rating,) = asks(pad.hears(key, now=now))
    assert isinstance(rating, Rate)
    pad.hears(Kept("pad-3", rating), now=now)
    return rating


# --- idle, asking ------------------------------------------------------------------------------------


def test_an_idle_pad_says_whose_counter_it_is_and_has_nothing_to_touch(hall: Hall):
    pad = Pad(hall)
    assert pad.shows == "3号窗口"
    assert pad.page is not None
    assert pad.page.clerk == "工号 031"
    assert pad.keys == []
    pad.hears(CounterState(counter=3, clerk="王小红"))
    assert pad.page.clerk == "王小红"


def test_it_asks_by_five_faces_with_their_words_and_a_neutral_sentence(pad: Pad):
    assert pad.shows == "请您对本次服务作出评价"
    assert pad.keys == [level.value for level in Level]
    assert pad.page is not None
    assert [face.label for face in pad.page.faces] == [
        *("非常满意", "满意", "基本满意", "不满意", "非常不满意")
    ]
    assert len({face.mood for face in pad.page.faces}) == 5
    assert not any(face.chosen for face in pad.page.faces)


def test_a_question_that_nobody_answers_goes_by_itself_and_sends_nothing(pad: Pad):
    assert asks(pad.hears(TimerFired("lamp"), now=UNTIL)) == []
    assert pad.shows == "3号窗口"


def test_the_same_state_again_draws_nothing(pad: Pad):
    drawn = pad.drawn
    pad.hears(asked(), asked(), now=NOW + 1_000)
    assert pad.drawn == drawn


# --- thanks --------------------------------------------------------------------------------------------


def test_nobody_is_thanked_before_the_rating_is_written_down(pad: Pad):
    pad.hears(GOOD)
    assert pad.shows == "请您对本次服务作出评价"
    pad.hears(Kept("pad-3", rate(Level.SATISFIED)))
    assert pad.shows == "感谢您的评价"


def test_no_page_and_no_sound_tell_which_face_was_touched(hall: Hall):
    seen = set()
    for level in Level:
        pad = Pad(hall)
        pad.hears(asked())
        effects = pad.hears(KeyPressed(level.value))
        shown: list[object] = [*of(Draw, effects), *of(Prompt, effects)]
        for event in (
            Kept("pad-3", rate(level)),
            asked(done=True),
            Answered(rate(level), ()),
            ATTITUDE,
            CORRECTION_ENDS,
            DONE,
        ):
            effects = pad.hears(event, now=NOW + 100)
            shown += [*of(Draw, effects), *of(StartTimer, effects)]
        seen.add(tuple(shown))
    assert len(seen) == 1


def test_a_refused_rating_is_not_thanked_and_the_pad_is_idle(pad: Pad):
    refused = CommandRefused(code=Refusal.ALREADY_RATED, reason="it has been rated")
    pad.hears(GOOD, Answered(rate(Level.SATISFIED), (refused,)))
    assert pad.shows == "3号窗口"


def test_thanks_go_by_themselves(pad: Pad):
    rated(pad)
    pad.hears(CLOSES, now=NOW + 12_000)
    assert pad.shows == "3号窗口"


def test_an_answer_that_comes_once_the_page_was_closed_opens_it_no_more(pad: Pad):
    rating = rated(pad)
    pad.hears(DONE, Answered(rating, ()))
    assert pad.shows == "3号窗口"


# --- correction -----------------------------------------------------------------------------------------


def test_the_key_to_correct_leads_back_to_the_faces_and_the_new_level_is_sent(pad: Pad):
    rated(pad, BAD)
    pad.hears(CORRECT, now=NOW + 2_900)
    assert pad.shows == "请您重新选择评价"
    corrected = asks(pad.hears(GOOD, now=NOW + 6_000))
    assert corrected == [rate(Level.SATISFIED, NOW + 2_900)]  # it was asked for in time
    pad.hears(Kept("pad-3", corrected[0]), now=NOW + 6_010)
    assert pad.shows == "感谢您的评价"
    assert "correct" not in pad.keys


def test_the_key_to_correct_goes_when_its_time_is_over(pad: Pad):
    (rating,) = asks(pad.hears(BAD))
    effects = pad.hears(Kept("pad-3", rating), now=NOW + 400)
    assert StartTimer("correct", 2.6) in effects
    assert "correct" in pad.keys
    pad.hears(CORRECTION_ENDS, now=NOW + 3_000)
    assert "correct" not in pad.keys
    pad.hears(CORRECT, now=NOW + 3_010)
    assert pad.shows == "感谢您的评价"


def test_the_same_face_again_is_no_second_rating_and_thanks_again(pad: Pad):
    rated(pad, BAD)
    pad.hears(CORRECT, now=NOW + 1_000)
    assert asks(pad.hears(BAD, now=NOW + 2_000)) == []
    assert pad.shows == "感谢您的评价"


def test_who_goes_while_correcting_leaves_the_first_rating(pad: Pad):
    rated(pad, BAD)
    pad.hears(CORRECT, now=NOW + 1_000)
    assert asks(pad.hears(CLOSES, now=NOW + 13_000)) == []
    assert pad.shows == "3号窗口"
    assert asks(pad.hears(GOOD, now=NOW + 13_100)) == []


def test_the_answer_to_the_first_rating_does_not_take_the_faces_away(pad: Pad):
    rating = rated(pad, BAD)
    pad.hears(CORRECT, Answered(rating, ()), asked(done=True), now=NOW + 1_000)
    assert pad.shows == "请您重新选择评价"


# --- reasons ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", Level)
def test_what_was_ticked_is_sent_once_whatever_the_level(pad: Pad, level: Level):
    rated(pad, KeyPressed(level.value))
    assert asks(pad.hears(ATTITUDE, WAIT)) == []
    assert asks(pad.hears(DONE)) == [reasons("attitude", "wait")]
    assert asks(pad.hears(DONE, CLOSES, ATTITUDE)) == []
    assert pad.shows == "3号窗口"


def test_a_second_touch_takes_a_reason_back(pad: Pad):
    rated(pad)
    pad.hears(ATTITUDE)
    assert pad.page is not None
    assert [tag.key for tag in pad.page.tags if tag.chosen] == ["reason:attitude"]
    pad.hears(WAIT, ATTITUDE)
    assert [tag.key for tag in pad.page.tags if tag.chosen] == ["reason:wait"]


def test_who_ticks_and_goes_has_said_it_and_who_ticks_nothing_has_not(pad: Pad, hall: Hall):
    rated(pad)
    pad.hears(ATTITUDE)
    assert asks(pad.hears(CLOSES)) == [reasons("attitude")]
    other = Pad(hall)
    other.hears(asked())
    rated(other)
    assert asks(other.hears(CLOSES)) == []


def test_the_wait_for_reasons_never_holds_up_a_rating(pad: Pad):
    assert asks(pad.hears(BAD)) == [rate(Level.VERY_DISSATISFIED)]
    pad.hears(Kept("pad-3", rate(Level.VERY_DISSATISFIED)), ATTITUDE)
    later = NOW + 5_000
    effects = pad.hears(asked("A002", until=later + 20_000), now=later)
    assert asks(effects) == [reasons("attitude")]
    assert pad.shows == "请您对本次服务作出评价"
    assert asks(pad.hears(GOOD, now=later)) == [rate(Level.SATISFIED, later, "A002")]


def test_each_touch_keeps_the_page_a_little_longer(pad: Pad):
    rated(pad)
    assert StartTimer("page", 12.0) in pad.hears(ATTITUDE, now=NOW + 9_000)


def test_skip_becomes_done_once_something_is_ticked(pad: Pad):
    rated(pad)
    assert pad.page is not None
    assert pad.page.foot[-1].label == "跳过"
    pad.hears(ATTITUDE)
    assert pad.page.foot[-1].label == "完成"


def test_a_hall_without_reasons_thanks_and_offers_none(hall: Hall):
    pad = Pad(msgspec.structs.replace(hall, rating_reasons=()))
    pad.hears(asked())
    rated(pad)
    assert pad.shows == "感谢您的评价"
    assert pad.keys == ["correct", "done"]


def test_what_is_touched_on_a_page_that_has_gone_does_nothing(hall: Hall):
    pad = Pad(hall)
    assert asks(pad.hears(CORRECT, DONE, ATTITUDE, KeyPressed("reason:"))) == []
    assert pad.shows == "3号窗口"


# --- its voice ----------------------------------------------------------------------------------------------


def test_it_asks_aloud_once_and_is_silent_once_somebody_pressed(hall: Hall):
    pad = Pad(hall)
    assert of(Prompt, pad.hears(asked())) == [Prompt("请您对本次服务作出评价")]
    assert of(Prompt, pad.hears(asked(), now=NOW + 1_000)) == []
    assert of(Prompt, pad.hears(GOOD, now=NOW + 1_500)) == [Prompt("")]


def test_it_is_silent_once_the_question_is_over(pad: Pad):
    assert of(Prompt, pad.hears(CounterState(counter=3))) == [Prompt("")]


def test_without_a_voice_nothing_is_to_be_said(hall: Hall):
    pad = Pad(hall, speaks=False)
    assert of(Prompt, pad.hears(asked(), GOOD, CounterState(counter=3))) == []


# --- an emergency -------------------------------------------------------------------------------------------


def test_in_an_emergency_it_shows_the_sentence_and_nothing_else(pad: Pad):
    effects = pad.hears(HallState(emergency="请有序离开"))
    assert of(Prompt, effects) == [Prompt("")]
    assert pad.page is not None
    assert (pad.shows, pad.page.tone, pad.keys) == ("请有序离开", Tone.STOP, [])
    pad.hears(HallState(emergency="请从南门离开"))
    assert pad.shows == "请从南门离开"
    pad.hears(HallState(), now=NOW + 5_000)
    assert pad.shows == "请您对本次服务作出评价"


def test_an_emergency_loses_no_reason_that_was_ticked(pad: Pad):
    rated(pad)
    pad.hears(ATTITUDE)
    assert asks(pad.hears(HallState(emergency="请有序离开"))) == [reasons("attitude")]
    pad.hears(HallState(), now=NOW + 5_000)
    assert pad.shows == "3号窗口"
