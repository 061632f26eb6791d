"""The announcer's laws: in order, one at a time, at most once aloud, and nothing that is over."""

from __future__ import annotations

import msgspec

from broker.hearing import Alone, Together
from broker.messages import (
    CounterState,
    Heard,
    ReportAnnounced,
    ReportAnnouncementFailed,
    ReportTakenUp,
)
from broker.settings import Hall
from firmware.announcer.announcer import Announcer
from firmware.announcer.hardware import Hardware, wiring
from firmware.device import Done, Failed, LightLamp, Say, SayEnglish, Send
from firmware.hal import Health, Trouble
from tests.devices.among import NOW, asks, of, when
from tests.devices.panels import called, idle, serving

UNTIL = NOW + 60_000
SAY_A001 = Say("请A零零一号，到一号窗口", counter=1, call=1, recall=0, mark=UNTIL)


def voice_of(hall: Hall, marks: dict[str, int] | None = None) -> Announcer:
    """An announcer of the whole hall that is connected."""
    announcer = Announcer(hall, (1, 2, 3), marks or {})
    announcer.start()
    when(announcer, Together())
    return announcer


def took(counter: int, call: int, recall: int = 0) -> Send:
    """That a voice is there, told while it matters."""
    return Send(ReportTakenUp(counter=counter, call=call, recall=recall), 10.0)


def test_a_call_is_said_as_one_hears_it(hall: Hall):
    assert voice_of(hall).handle(called(), NOW) == (took(1, 1), SAY_A001)


def test_a_call_that_was_said_is_reported_while_it_matters(hall: Hall):
    announcer = voice_of(hall)
    effects = when(announcer, called(), Done(SAY_A001))
    assert effects == (Send(ReportAnnounced(counter=1, call=1, recall=0), 10.0),)


def test_one_voice_says_one_call_at_a_time_in_the_order_of_the_calls(hall: Hall):
    announcer = voice_of(hall)
    (first,) = of(Say, when(announcer, called(2, "B001", seq=5)))
    assert when(announcer, called(3, "C002", seq=7, until=UNTIL + 2)) == (took(3, 7),)
    assert when(announcer, called(1, "A001", seq=6, until=UNTIL + 1)) == (took(1, 6),)
    (second,) = of(Say, when(announcer, Done(first)))
    (third,) = of(Say, when(announcer, Done(second)))
    assert [say.call for say in (first, second, third)] == [5, 6, 7]
    assert of(Say, when(announcer, Done(third))) == []


def test_who_is_alone_tells_nothing_and_together_again_takes_up_what_is_called_then(hall: Hall):
    announcer = Announcer(hall, (1, 2, 3), {})
    assert when(announcer, called()) == ()
    assert when(announcer, Together()) == (took(1, 1), SAY_A001)
    assert when(announcer, called(2, "B001", seq=2, until=UNTIL + 1)) == (took(2, 2),)
    assert when(announcer, Alone("gone"), called(2, "B001", seq=2, until=UNTIL + 1)) == ()
    assert when(announcer, Together()) == (took(2, 2),)


def test_the_same_state_again_is_not_said_again(hall: Hall):
    announcer = voice_of(hall)
    when(announcer, called())
    assert when(announcer, called()) == ()
    assert of(Say, when(announcer, Done(SAY_A001))) == []
    assert when(announcer, called()) == ()


def test_a_recall_is_said_once_more(hall: Hall):
    announcer = voice_of(hall)
    when(announcer, called(), Done(SAY_A001))
    recalled = called(recall=1, until=UNTIL + 9_000)
    (say,) = of(Say, when(announcer, recalled))
    assert (say.call, say.recall, say.text) == (1, 1, SAY_A001.text)
    assert asks(when(announcer, Done(say))) == [ReportAnnounced(counter=1, call=1, recall=1)]
    assert when(announcer, recalled) == ()


def test_a_recall_while_the_call_is_being_said_follows_it(hall: Hall):
    announcer = voice_of(hall)
    when(announcer, called())
    assert when(announcer, called(recall=1, until=UNTIL + 2_000)) == (took(1, 1, recall=1),)
    assert [say.recall for say in of(Say, when(announcer, Done(SAY_A001)))] == [1]


def test_a_ticket_that_is_no_longer_called_is_not_said(hall: Hall):
    announcer = voice_of(hall)
    when(announcer, called())
    when(announcer, called(2, "B001", seq=2), serving(2, "B001"))
    when(announcer, called(3, "C001", seq=3), idle(3))
    assert of(Say, when(announcer, Done(SAY_A001))) == []


def test_only_the_newest_call_of_a_counter_is_said(hall: Hall):
    announcer = voice_of(hall)
    when(announcer, called())
    when(announcer, called(2, "B001", seq=2), called(2, "B002", seq=3, until=UNTIL + 1))
    (say,) = of(Say, when(announcer, Done(SAY_A001)))
    assert say.call == 3


def test_a_call_is_not_said_once_it_is_no_longer_valid(hall: Hall):
    assert when(voice_of(hall), called(), now=UNTIL) == ()
    announcer = voice_of(hall)
    when(announcer, called())
    when(announcer, called(2, "B001", seq=2, until=UNTIL))
    assert of(Say, when(announcer, Done(SAY_A001), now=UNTIL)) == []


def test_a_call_that_was_heard_or_missed_is_not_said_again(hall: Hall):
    announcer = voice_of(hall)
    assert when(announcer, called(heard=Heard.YES)) == ()
    assert when(announcer, called(2, "B001", heard=Heard.NO)) == ()


def test_another_zones_call_is_not_said_here(hall: Hall):
    announcer = Announcer(hall, (1,), {})
    assert when(announcer, Together(), called(2, "B001")) == ()


def test_the_phrase_and_the_one_are_the_halls_own(hall: Hall):
    phrases = msgspec.structs.replace(
        hall.phrases, call_spoken="{ticket}到{counter}号", one_as="幺"
    )
    announcer = voice_of(msgspec.structs.replace(hall, phrases=phrases))
    (say,) = of(Say, when(announcer, called()))
    assert say.text == "A零零幺到一号"


# --- a voice that fails ----------------------------------------------------------------------------


def test_a_call_that_nobody_heard_is_reported_and_not_tried_again(hall: Hall):
    announcer = voice_of(hall)
    failed = Failed(SAY_A001, "The voice chip is silent.", Trouble.NO_ANSWER)
    report = ReportAnnouncementFailed(
        counter=1, call=1, recall=0, reason="The voice chip is silent."
    )
    assert when(announcer, called(), failed) == (Send(report, 10.0),)
    assert when(announcer, called()) == ()


def test_a_voice_that_failed_does_not_silence_the_next_call(hall: Hall):
    announcer = voice_of(hall)
    when(announcer, called())
    when(announcer, called(2, "B001", seq=2))
    effects = when(announcer, Failed(SAY_A001, "silent", Trouble.NO_ANSWER))
    assert [say.call for say in of(Say, effects)] == [2]


# --- alone, and after a reboot ---------------------------------------------------------------------


def test_before_the_hub_was_heard_nothing_is_said(hall: Hall):
    announcer = Announcer(hall, (1, 2, 3), {})
    assert announcer.start() == ()
    assert when(announcer, called()) == ()
    assert when(announcer, Together()) == (took(1, 1), SAY_A001)


def test_alone_nothing_is_said_and_afterwards_only_what_is_still_valid(hall: Hall):
    announcer = voice_of(hall)
    assert when(announcer, Alone("gone")) == ()
    assert when(announcer, called(until=NOW + 5_000)) == ()
    assert when(announcer, called(2, "B001", seq=2)) == ()
    (say,) = of(Say, when(announcer, Together(), now=NOW + 5_000))
    assert say.call == 2


def test_what_was_being_said_when_the_hub_went_is_reported_all_the_same(hall: Hall):
    announcer = voice_of(hall)
    when(announcer, called(), called(2, "B001", seq=2), Alone("gone"))
    effects = when(announcer, Done(SAY_A001))
    assert asks(effects) == [ReportAnnounced(counter=1, call=1, recall=0)]
    assert of(Say, effects) == []


def test_after_a_reboot_what_was_begun_is_not_said_again(hall: Hall):
    reborn = voice_of(hall, {"1": SAY_A001.mark})
    assert when(reborn, called()) == ()
    assert [say.recall for say in of(Say, when(reborn, called(recall=1, until=UNTIL + 1)))] == [1]


def test_after_a_reboot_what_was_not_begun_is_said(hall: Hall):
    reborn = voice_of(hall, {"1": UNTIL - 1, "2": UNTIL})
    assert of(Say, when(reborn, called())) == [SAY_A001]


# --- in English, too -------------------------------------------------------------------------------

IN_ENGLISH = SayEnglish("Ticket A zero zero one, please go to counter one", recall=0)


def bilingual(hall: Hall) -> Announcer:
    announcer = Announcer(hall, (1, 2, 3), {}, english=True)
    when(announcer, Together())
    return announcer


def test_a_call_is_said_in_english_after_the_chinese_and_before_the_next_call(hall: Hall):
    announcer = bilingual(hall)
    assert of(SayEnglish, when(announcer, called())) == []
    when(announcer, called(2, "B002", seq=2, until=UNTIL + 1))
    report = Send(ReportAnnounced(counter=1, call=1, recall=0), 10.0)
    assert when(announcer, Done(SAY_A001)) == (report, IN_ENGLISH)
    (second,) = of(Say, when(announcer, Done(IN_ENGLISH)))
    assert second.call == 2


def test_a_call_that_is_over_by_then_is_not_said_in_english(hall: Hall):
    for over in (idle(), serving(), called(recall=1, until=UNTIL + 1), called(1, "A002", seq=2)):
        announcer = bilingual(hall)
        when(announcer, called(), over)
        assert of(SayEnglish, when(announcer, Done(SAY_A001))) == []
    late = bilingual(hall)
    when(late, called())
    assert of(SayEnglish, when(late, Done(SAY_A001), now=UNTIL)) == []
    alone = bilingual(hall)
    when(alone, called(), Alone("gone"))
    assert of(SayEnglish, when(alone, Done(SAY_A001))) == []


def test_a_voice_that_fails_in_one_language_does_not_silence_the_other(hall: Hall):
    announcer = bilingual(hall)
    when(announcer, called(), called(2, "B002", seq=2, until=UNTIL + 1))
    failed = Failed(SAY_A001, "silent", Trouble.NO_ANSWER)
    assert of(SayEnglish, when(announcer, failed)) == [IN_ENGLISH]
    (second,) = of(Say, when(announcer, Failed(IN_ENGLISH, "silent", Trouble.NO_ANSWER)))
    assert second.call == 2


def test_without_an_english_voice_nothing_waits_for_one(hall: Hall):
    announcer = voice_of(hall)
    when(announcer, called())
    assert of(SayEnglish, when(announcer, Done(SAY_A001))) == []


# --- a counter with a speaker of its own -----------------------------------------------------------


def test_a_desk_sees_calls_for_help_of_a_counter_whose_calls_another_voice_speaks(hall: Hall):
    announcer = Announcer(hall, (1, 2), {}, desk_of=(1, 2, 3))
    when(announcer, Together())
    assert when(announcer, called(3, "C001")) == ()
    asking = CounterState(counter=3, help_since=NOW)
    assert [lamp.lamp for lamp in of(LightLamp, when(announcer, asking))] == ["help", "help:3"]


# --- its part --------------------------------------------------------------------------------------


class Voice:
    """Remembers what it was to say."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, text: str, _cut: object = None) -> None:
        self.said.append(text)

    def health(self) -> Health:
        return Health()

    def close(self) -> None:
        self.said.append("closed")


def test_a_call_is_said_twice_and_a_recall_once(hall: Hall):
    settings = msgspec.convert(hall.device["voice-1"].hardware, Hardware)
    say = wiring(hall, settings).parts["voice"][Say]
    voice = Voice()
    say(voice, SAY_A001)
    assert voice.said == [SAY_A001.text] * 2
    say(voice, Say("请A零零一号，到一号窗口", counter=1, call=1, recall=1, mark=UNTIL + 1))
    assert voice.said == [SAY_A001.text] * 3


def test_in_english_it_is_said_as_often(hall: Hall):
    settings = msgspec.convert(hall.device["voice-1"].hardware, Hardware)
    say = wiring(hall, settings).parts["voice_en"][SayEnglish]
    voice = Voice()
    say(voice, IN_ENGLISH)
    say(voice, SayEnglish(IN_ENGLISH.text, recall=1))
    assert voice.said == [IN_ENGLISH.text] * 3


def test_each_call_is_marked_on_the_disk_under_its_counter(hall: Hall):
    settings = msgspec.convert(hall.device["voice-1"].hardware, Hardware)
    assert wiring(hall, settings).once[Say](SAY_A001) == ("1", UNTIL)
