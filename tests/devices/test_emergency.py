"""The laws of an emergency at the devices: its sentence is shown and said, nothing else is, and afterwards all is as it was."""

from __future__ import annotations

import msgspec
import pytest

from broker.hearing import Alone, Together
from broker.messages import CounterState, HallState, Rate, RatingAsk, ReportAnnouncementFailed
from broker.settings import Hall, Kind
from firmware.announcer import hardware as announcer_hardware
from firmware.announcer.announcer import Announcer
from firmware.device import (
    Done,
    Effect,
    Failed,
    Hush,
    KeyPressed,
    LightLamp,
    Say,
    StartTimer,
    Tell,
    TimerFired,
    Warn,
)
from firmware.hal import Trouble
from firmware.hal.lamps import Light
from firmware.rating_pad.pad import RatingPad
from hal_mocks.voice import MockVoice
from tests.devices.among import NOW, asks, bar, clerk, lamps, of, when
from tests.devices.panels import called, idle, panel_of, serving, waiting

EXIT = "请从最近的出口有序离开"
ON, CALM = HallState(emergency=EXIT, since=NOW), HallState()
WARN, AGAIN = Warn(EXIT), StartTimer("alarm", 30.0)
FIRED = TimerFired("alarm")


@pytest.fixture
def voice(hall: Hall) -> Announcer:
    """An announcer of the whole hall that is connected, and was told that all is calm."""
    announcer = Announcer(hall, (1, 2, 3), {})
    announcer.start()
    when(announcer, Together(), CALM)
    return announcer


def spoken(effects: tuple[Effect, ...]) -> list[Effect]:
    return [*of(Say, effects), *(e for e in effects if isinstance(e, Warn))]


# --- the voice -------------------------------------------------------------------------------------


def test_it_is_said_at_once_and_every_half_minute_until_it_ends(voice: Announcer):
    assert when(voice, ON) == (WARN, AGAIN)
    assert when(voice, ON) == ()
    assert when(voice, Done(WARN)) == ()
    assert when(voice, FIRED) == (WARN, AGAIN)
    when(voice, Done(WARN))
    assert when(voice, CALM) == (StartTimer("alarm", 0),)
    assert when(voice, FIRED) == ()


def test_a_sentence_longer_than_its_time_is_not_said_over_itself(voice: Announcer):
    when(voice, ON)
    assert when(voice, FIRED) == ()
    assert when(voice, Done(WARN)) == (WARN, AGAIN)


def test_a_voice_that_failed_tries_again_in_its_time(voice: Announcer):
    when(voice, ON)
    assert when(voice, Failed(WARN, "silent", Trouble.NO_ANSWER)) == ()
    assert when(voice, FIRED) == (WARN, AGAIN)


def test_another_sentence_breaks_off_the_one_before_and_the_end_of_it_all_the_last(
    voice: Announcer,
):
    stay = Warn("请留在原处")
    when(voice, ON)
    effects = when(voice, HallState(emergency=stay.text, since=NOW))
    assert effects == (Hush(WARN), stay, AGAIN)
    # What was broken off is not taken for what is said now.
    assert when(voice, Failed(WARN, "broken off", Trouble.BROKEN), FIRED) == ()
    assert when(voice, CALM) == (StartTimer("alarm", 0), Hush(stay))
    assert spoken(when(voice, called(1))) != []


def test_what_waited_to_be_said_is_dropped_and_its_clerk_told(voice: Announcer):
    (first,) = of(Say, when(voice, called(1)))
    when(voice, called(2, "B001", seq=2))
    effects = when(voice, ON)
    assert effects[0] == Hush(first)
    assert spoken(effects) == [WARN]
    (report,) = asks(effects)
    assert isinstance(report, ReportAnnouncementFailed)
    assert (report.counter, report.call, report.recall) == (2, 2, 0)
    (report,) = asks(when(voice, Failed(first, "broken off", Trouble.BROKEN)))
    assert isinstance(report, ReportAnnouncementFailed)
    assert (report.counter, report.reason) == (1, "broken off")
    assert spoken(when(voice, Done(WARN), called(3, "C001", seq=3))) == []
    assert spoken(when(voice, CALM)) == []
    assert [say.call for say in of(Say, when(voice, called(3, "C002", seq=4)))] == [4]


def test_it_goes_on_while_the_hub_cannot_be_heard(voice: Announcer):
    when(voice, ON, Done(WARN), Alone("gone"))
    assert when(voice, FIRED) == (WARN, AGAIN)


def test_the_voice_says_what_the_thinking_tells_once(hall: Hall):
    chip = {"voice": {"model": "syn6288", "port": "serial:/dev/ttyS0"}}
    hardware = msgspec.convert(chip, announcer_hardware.Hardware)
    parts = announcer_hardware.wiring(hall, hardware).parts
    mock = MockVoice()
    parts["voice"][Warn](mock, WARN)
    assert mock.said == [EXIT]


# --- the lamps of guides -----------------------------------------------------------------------------


def test_the_lamps_of_hall_and_kiosk_are_lit_while_a_visitor_calls_a_guide(voice: Announcer):
    both = {"kiosk-1": NOW, "kiosk-2": NOW + 1}
    one = HallState(guides={"kiosk-1": NOW})
    assert lamps(when(voice, one)) == {"guide": Light.BLINK, "guide:kiosk-1": Light.BLINK}
    assert when(voice, one) == ()
    two = lamps(when(voice, HallState(guides=both)))
    assert two == {"guide": Light.BLINK, "guide:kiosk-2": Light.BLINK}
    dark = {"guide": Light.OFF, "guide:kiosk-1": Light.OFF, "guide:kiosk-2": Light.OFF}
    assert lamps(when(voice, CALM)) == dark


def test_each_kiosk_has_a_lamp_and_what_is_none_has_not(hall: Hall):
    device = next(d for d in hall.device.values() if d.kind is Kind.ANNOUNCER)
    ports = {"guide": 1, "guide:kiosk-1": 2, "guide:kiosk-9": 3}
    hardware = msgspec.convert(
        {
            "voice": {"model": "syn6288", "port": "serial:/dev/ttyS0"},
            "lamps": {"model": "lcus", "port": "serial:/dev/ttyUSB0", "lamps": ports},
        },
        announcer_hardware.Hardware,
    )
    (problem,) = announcer_hardware.problems(hall, device, hardware)
    assert problem.sentence.startswith("'guide:kiosk-9' is no lamp of this announcer")


# --- the counters ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "reads"),
    [
        (idle(), "紧急情况 暂停叫号"),
        (called(), "紧急情况 已呼叫 A001"),
        (serving(), "紧急情况 办理中 A001"),
    ],
)
def test_the_bar_shows_the_sentence_and_the_clerk_what_may_still_be_done(
    hall: Hall, state: CounterState, reads: str
):
    panel = panel_of(hall)
    before = when(panel, state)
    during = when(panel, ON)
    assert (bar(during), clerk(during)) == (EXIT, reads)
    assert bar(when(panel, state)) == EXIT
    after = when(panel, CALM)
    assert (bar(after), clerk(after)) == (bar(before), clerk(before))


def test_no_lamp_leads_on_to_the_next_one(hall: Hall):
    panel = panel_of(hall)
    assert lamps(when(panel, idle(), waiting(pension=3)))["next"] is Light.ON
    assert lamps(when(panel, ON))["next"] is Light.OFF
    assert lamps(when(panel, CALM))["next"] is Light.ON


# --- the pads ----------------------------------------------------------------------------------------

ASKED = CounterState(
    counter=1, rating=RatingAsk(day="2026-11-23", ticket="A001", until=NOW + 20_000)
)
QUIET = (LightLamp("remind", Light.OFF), Tell(""))


@pytest.fixture
def pad(hall: Hall) -> RatingPad:
    return RatingPad(hall.phrases, 1, 3.0)


def test_a_pad_that_asks_is_quiet_and_asks_on_once_it_is_over(pad: RatingPad):
    reminds = when(pad, ASKED)
    assert when(pad, ON)[:2] == QUIET
    assert when(pad, ASKED) == ()
    assert when(pad, CALM, now=NOW) == reminds


def test_a_pad_is_not_asked_anew_in_an_emergency_nor_after_its_time(pad: RatingPad):
    when(pad, ON)
    assert when(pad, ASKED) == ()
    assert when(pad, CALM, now=NOW + 20_000) == ()


def test_a_press_is_taken_and_nobody_is_thanked(pad: RatingPad):
    when(pad, ASKED, ON)
    (rate,) = asks(when(pad, KeyPressed("satisfied")))
    assert isinstance(rate, Rate)
    assert when(pad, CALM) == ()
