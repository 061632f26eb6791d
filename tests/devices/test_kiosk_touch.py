"""From a finger to a question: what the kiosk asks, when it asks nothing, and what the visitor reads."""

from __future__ import annotations

import pytest

from broker.hearing import Alone, Answered, Together, Unanswered
from broker.messages import CommandRefused, IssueTicket, QueueState, Refusal, ServiceState
from broker.settings import Hall
from firmware.device import (
    CheckPrinter,
    Done,
    Failed,
    KeyPressed,
    PartHealth,
    Send,
    StartTimer,
    TimerFired,
)
from firmware.hal import Health, Trouble
from firmware.hal.screen import KioskKey, Tone
from firmware.ticket_kiosk.kiosk import TicketKiosk
from tests.devices.among import NOW, asks, page, when
from tests.devices.kiosks import (
    A001,
    CHECKED,
    KIOSK,
    NO_PAPER,
    PRINTED_A001,
    WELL,
    answer,
    failed,
    printing,
    ready,
    waiting_for_paper,
)

TOUCH = KeyPressed("pension")
ISSUE = Send(IssueTicket(service="pension"), 8.0)


def test_one_touch_asks_for_one_ticket(hall: Hall):
    kiosk = ready(hall)
    effects = kiosk.handle(TOUCH, NOW)
    assert effects[0] == CheckPrinter()
    assert asks(effects) == []
    assert page(effects).lines == ("正在取号，请稍候",)
    assert page(effects).tone is Tone.WAIT
    assert kiosk.handle(CHECKED, NOW) == (ISSUE,)
    assert kiosk.handle(CHECKED, NOW) == ()


@pytest.mark.parametrize(
    ("trouble", "sentence"), [(Trouble.PAPER_OUT, "缺纸"), (Trouble.NO_ANSWER, "无应答")]
)
def test_a_printer_that_broke_since_it_was_last_seen_stops_the_ticket_before_a_number_exists(
    hall: Hall, trouble: Trouble, sentence: str
):
    kiosk = ready(hall)
    effects = when(kiosk, TOUCH, Failed(CheckPrinter(), "it cannot print", trouble))
    assert asks(effects) == []
    assert page(effects).title == "暂停取号"
    assert sentence in page(effects).lines[0]
    assert when(kiosk, TOUCH) == ()
    assert asks(when(kiosk, WELL, TOUCH, CHECKED)) == [IssueTicket(service="pension")]


def test_a_touch_while_the_kiosk_asks_is_ignored(hall: Hall):
    kiosk = ready(hall)
    when(kiosk, TOUCH, CHECKED)
    assert when(kiosk, TOUCH, CHECKED) == ()
    assert when(kiosk, KeyPressed("card")) == ()
    assert when(kiosk, KeyPressed("green")) == ()


def test_a_touch_while_the_kiosk_prints_is_ignored(hall: Hall):
    kiosk = printing(hall)
    assert when(kiosk, TOUCH, CHECKED) == ()
    assert when(kiosk, KeyPressed("green")) == ()


def test_the_next_visitor_may_touch_as_soon_as_the_paper_came(hall: Hall):
    kiosk = printing(hall)
    assert asks(when(kiosk, Done(PRINTED_A001), TOUCH, CHECKED)) == [IssueTicket(service="pension")]


def test_a_key_that_is_no_service_does_nothing(hall: Hall):
    assert when(ready(hall), KeyPressed("passport")) == ()


def test_the_home_page_has_every_service_and_the_green_channel(hall: Hall):
    keys = page(when(ready(hall), Together())).keys
    assert [key.key for key in keys] == ["pension", "card", "employment", "relations", "green"]
    assert not any(key.chosen for key in keys)


def test_the_keys_tell_how_many_wait(hall: Hall):
    queue = QueueState(services={"pension": ServiceState(waiting=7)})
    keys = page(when(ready(hall), queue)).keys
    assert [key.note for key in keys[:2]] == ["等待 7 人", ""]


# --- the green channel -----------------------------------------------------------------------------


def chosen(keys: tuple[KioskKey, ...]) -> list[str]:
    return [key.key for key in keys if key.chosen]


def test_the_green_key_marks_the_next_ticket_and_only_that(hall: Hall):
    kiosk = ready(hall)
    effects = when(kiosk, KeyPressed("green"))
    assert chosen(page(effects).keys) == ["green"]
    assert asks(when(kiosk, TOUCH, CHECKED)) == [IssueTicket(service="pension", green="green")]
    effects = when(kiosk, answer(A001), Done(PRINTED_A001))
    assert chosen(page(effects).keys) == []
    assert asks(when(kiosk, TOUCH, CHECKED)) == [IssueTicket(service="pension")]


def test_the_green_key_pressed_again_takes_it_back(hall: Hall):
    kiosk = ready(hall)
    assert chosen(page(when(kiosk, KeyPressed("green"), KeyPressed("green"))).keys) == []
    assert asks(when(kiosk, TOUCH, CHECKED)) == [IssueTicket(service="pension")]


def test_the_green_channel_is_forgotten_after_a_minute(hall: Hall):
    kiosk = ready(hall)
    assert StartTimer("home", 60.0) in when(kiosk, KeyPressed("green"))
    assert chosen(page(when(kiosk, TimerFired("home"))).keys) == []
    assert asks(when(kiosk, TOUCH, CHECKED)) == [IssueTicket(service="pension")]


def test_the_green_channel_is_never_left_to_the_next_visitor(hall: Hall):
    kiosk = ready(hall)
    when(kiosk, KeyPressed("green"))
    when(kiosk, TOUCH, answer(A001), NO_PAPER)
    when(kiosk, failed(PRINTED_A001, started=False), TimerFired("void:A001"))
    assert chosen(page(when(kiosk, WELL)).keys) == []
    assert asks(when(kiosk, TOUCH, CHECKED)) == [IssueTicket(service="pension")]


# --- why no ticket can be had ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        (Trouble.PAPER_OUT, "缺纸"),
        (Trouble.COVER_OPEN, "维护"),
        (Trouble.NO_ANSWER, "无应答"),
        (Trouble.OFFLINE, "未就绪"),
        (Trouble.JAM, "卡纸"),
        (Trouble.CUTTER, "故障"),
    ],
)
def test_a_printer_in_trouble_stops_tickets_before_a_number_exists(
    hall: Hall, trouble: Trouble, sentence: str
):
    kiosk = ready(hall)
    effects = when(kiosk, PartHealth("printer", Health(usable=False, troubles=(trouble,))))
    assert page(effects).title == "暂停取号"
    assert sentence in page(effects).lines[0]
    assert page(effects).keys == ()
    assert when(kiosk, TOUCH, CHECKED) == ()


def test_a_printer_of_which_nothing_is_known_yet_is_not_ready(hall: Hall):
    kiosk = TicketKiosk(hall, KIOSK)
    assert page(kiosk.start()).title == "暂停取号"
    assert page(when(kiosk, Together())).lines == ("正在启动，请稍候",)
    assert when(kiosk, TOUCH, CHECKED) == ()


def test_paper_that_is_near_its_end_stops_nobody(hall: Hall):
    kiosk = ready(hall)
    near = PartHealth("printer", Health(usable=True, troubles=(Trouble.PAPER_NEAR_END,)))
    assert asks(when(kiosk, near, TOUCH, CHECKED)) == [IssueTicket(service="pension")]


def test_tickets_go_on_by_themselves_once_there_is_paper(hall: Hall):
    kiosk = ready(hall)
    when(kiosk, NO_PAPER)
    assert page(when(kiosk, WELL)).keys != ()
    assert asks(when(kiosk, TOUCH, CHECKED)) == [IssueTicket(service="pension")]


def test_an_ill_screen_or_key_stops_no_ticket(hall: Hall):
    kiosk = ready(hall)
    broken = Health(usable=False, troubles=(Trouble.BROKEN,))
    assert when(kiosk, PartHealth("screen", broken)) == ()
    assert asks(when(kiosk, TOUCH, CHECKED)) == [IssueTicket(service="pension")]


def test_a_kiosk_alone_says_so_and_asks_nothing(hall: Hall):
    kiosk = ready(hall)
    effects = when(kiosk, Alone("the hub is silent"))
    assert page(effects).title == "暂停取号"
    assert page(effects).lines == ("系统连接中断，请稍候或联系工作人员",)
    assert when(kiosk, TOUCH, CHECKED) == ()
    assert page(when(kiosk, Together())).keys != ()


def test_the_page_of_a_stopped_kiosk_gives_the_telephone(hall: Hall):
    assert "12333" in page(when(ready(hall), NO_PAPER)).notice


# --- answers that bring no number ------------------------------------------------------------------


def test_a_refusal_is_told_and_the_page_goes_home(hall: Hall):
    kiosk = ready(hall)
    refused = CommandRefused(code=Refusal.NUMBERS_EXHAUSTED, reason="no number is left")
    effects = when(kiosk, TOUCH, CHECKED, Answered(IssueTicket(service="pension"), (refused,)))
    assert page(effects).title == "暂时不能取号"
    assert StartTimer("home", 8.0) in effects
    assert page(when(kiosk, TimerFired("home"))).keys != ()


def test_silence_is_told_and_the_visitor_may_try_again(hall: Hall):
    kiosk = ready(hall)
    effects = when(kiosk, TOUCH, CHECKED, Unanswered(IssueTicket(service="pension"), "no answer"))
    assert "未取号" in page(effects).title
    assert StartTimer("home", 8.0) in effects
    assert asks(when(kiosk, TOUCH, CHECKED)) == [IssueTicket(service="pension")]


def test_an_answer_without_a_number_leaves_nobody_waiting(hall: Hall):
    kiosk = ready(hall)
    effects = when(kiosk, TOUCH, answer())
    assert page(effects).tone is Tone.STOP
    assert StartTimer("home", 8.0) in effects


def test_the_page_does_not_go_home_while_a_number_is_on_its_way(hall: Hall):
    kiosk = ready(hall)
    assert StartTimer("home", 0) in when(kiosk, TOUCH)
    assert StartTimer("home", 0) in when(kiosk, answer(A001))


def test_what_went_wrong_stays_on_the_page_until_the_paper_came(hall: Hall):
    kiosk = waiting_for_paper(hall)
    effects = when(kiosk, QueueState(services={}))
    assert page(effects).large == "A001"
