"""What reaches the kiosk from the hall: an emergency, over everything; a guide who is called and comes. And an appointment's code, typed."""

from __future__ import annotations

import pytest

from broker.hearing import Alone, Answered, Unanswered
from broker.messages import (
    CallGuide,
    CommandRefused,
    GuideCalled,
    HallState,
    IssueTicket,
    KioskState,
    Refusal,
)
from broker.settings import Hall
from firmware.device import CheckPrinter, Done, KeyPressed, Print, Prompt, TimerFired
from firmware.hal.screen import Manner, Tone
from tests.devices.among import NOW, asks, of, page, when
from tests.devices.kiosks import (
    A001,
    CHECKED,
    KIOSK,
    PRINTED_A001,
    WELL,
    answer,
    failed,
    printing,
    ready,
)

EXIT = "请从最近的出口有序离开"
ON, CALM = HallState(emergency=EXIT, since=NOW), HallState()
CALL = CallGuide(kiosk=KIOSK)


# --- an emergency -------------------------------------------------------------------------------------


def test_an_emergency_takes_every_page_at_once_and_what_was_begun_with_it(full: Hall):
    kiosk = ready(full)
    when(kiosk, KeyPressed("manner:large"), KeyPressed("page:language"), KeyPressed("service:card"))
    effects = when(kiosk, ON)
    assert page(effects).lines[0] == EXIT
    assert (page(effects).tone, page(effects).keys, page(effects).foot) == (Tone.STOP, (), ())
    assert any(isinstance(effect, Prompt) and not effect.text for effect in effects)
    for key in ("card", "page:home", "key:next", "take:card", "page:call"):
        assert when(kiosk, KeyPressed(key)) == ()
    shown = page(when(kiosk, CALM))
    assert (shown.title, shown.manner) == (full.hall.name, Manner.USUAL)


def test_a_wish_of_which_nobody_was_asked_is_given_up(full: Hall):
    kiosk = ready(full)
    assert CheckPrinter() in when(kiosk, KeyPressed("pension"))
    when(kiosk, ON)
    assert asks(when(kiosk, CHECKED)) == []


def test_while_it_prints_the_page_is_the_emergencys_and_the_paper_comes(full: Hall):
    kiosk = printing(full)
    assert page(when(kiosk, ON)).lines[0] == EXIT
    effects = when(kiosk, Done(PRINTED_A001))
    assert page(effects).lines[0] == EXIT
    assert asks(effects) != []


def test_a_number_that_was_asked_for_before_is_printed_for_who_has_it(full: Hall):
    kiosk = ready(full)
    when(kiosk, KeyPressed("pension"), CHECKED, ON)
    effects = when(kiosk, answer(A001))
    assert [paper.ticket for paper in of(Print, effects)] == ["A001"]
    assert page(effects).lines[0] == EXIT


def test_what_failed_to_print_is_printed_once_it_is_over(full: Hall):
    kiosk = printing(full)
    when(kiosk, ON, failed(PRINTED_A001))
    assert of(Print, when(kiosk, WELL)) == []
    assert of(Print, when(kiosk, TimerFired("again"))) == []
    assert [paper.ticket for paper in of(Print, when(kiosk, CALM))] == ["A001"]


def test_another_sentence_takes_its_place(full: Hall):
    kiosk = ready(full)
    when(kiosk, ON)
    assert when(kiosk, ON) == ()
    assert page(when(kiosk, HallState(emergency="请留在原处"))).lines[0] == "请留在原处"


# --- a guide ----------------------------------------------------------------------------------------------


def test_a_guide_is_called_by_one_touch_and_comes(full: Hall):
    kiosk = ready(full)
    effects = when(kiosk, KeyPressed("page:call"))
    assert asks(effects) == [CALL]
    assert page(effects).tone is Tone.WAIT
    called = Answered(CALL, (GuideCalled(kiosk=KIOSK, since=NOW),))
    assert page(when(kiosk, called)).title == "引导员马上来"
    when(kiosk, TimerFired("home"))
    assert "引导员马上来" in page(when(kiosk, KioskState(kiosk=KIOSK, guide_since=NOW))).lines
    assert "引导员马上来" not in page(when(kiosk, KioskState(kiosk=KIOSK))).lines


def test_who_was_called_already_is_on_the_way(full: Hall):
    kiosk = ready(full)
    already = CommandRefused(code=Refusal.ALREADY_SO, reason="called at nine")
    effects = when(kiosk, KeyPressed("page:call"), Answered(CALL, (already,)))
    assert page(effects).title == "引导员马上来"


@pytest.mark.parametrize(
    "heard",
    [
        Answered(CALL, (CommandRefused(code=Refusal.NOT_YOURS, reason="-"),)),
        Unanswered(CALL, "no answer"),
    ],
)
def test_who_cannot_be_called_is_told_with_the_way_to_the_desk(full: Hall, heard):
    shown = page(when(ready(full), KeyPressed("page:call"), heard))
    assert (shown.title, shown.tone) == ("未能呼叫到引导员", Tone.STOP)
    assert "咨询台" in shown.lines[0]


def test_an_answer_that_comes_late_disturbs_nobody(full: Hall):
    kiosk = ready(full)
    when(kiosk, KeyPressed("page:call"), KeyPressed("page:home"), KeyPressed("service:card"))
    assert when(kiosk, Unanswered(CALL, "no answer")) == ()


def test_alone_nobody_can_be_called(full: Hall):
    kiosk = ready(full)
    effects = when(kiosk, Alone("gone"), KeyPressed("page:call"))
    assert asks(effects) == []


# --- an appointment's code, typed ------------------------------------------------------------------------


def test_a_typed_appointment_is_asked_for_as_a_scanned_one_is(full: Hall):
    kiosk = ready(full)
    when(kiosk, KeyPressed("green"), KeyPressed("page:appointment"), KeyPressed("page:letters"))
    when(kiosk, *(KeyPressed(f"code:{sign}") for sign in "YX"), KeyPressed("code:erase"))
    when(kiosk, KeyPressed("code:Y"), KeyPressed("page:appointment"))
    effects = when(kiosk, *(KeyPressed(f"code:{sign}") for sign in "-0031"))
    assert page(effects).typed == "YY-0031"
    effects = when(kiosk, KeyPressed("code:enter"))
    assert CheckPrinter() in effects
    wanted = IssueTicket(service="", appointment="YY-0031", green="green")
    assert asks(when(kiosk, CHECKED)) == [wanted]


def test_nothing_typed_asks_nothing(full: Hall):
    kiosk = ready(full)
    shown = page(when(kiosk, KeyPressed("page:appointment")))
    assert [key.enabled for key in shown.keys if key.key == "code:enter"] == [False]
    assert asks(when(kiosk, KeyPressed("code:enter"), CHECKED)) == []
