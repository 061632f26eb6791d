"""From a finger to a question: what the kiosk asks, when it asks nothing, and what the visitor reads."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest

from broker.hearing import Alone, Answered, Together, Unanswered
from broker.messages import (
    CommandRefused,
    IssueTicket,
    QueueState,
    Refusal,
    Reprint,
    ReprintOrdered,
    ServiceState,
    Wait,
)
from broker.settings import Hall, PriorityClass
from firmware.device import (
    CheckPrinter,
    Done,
    Failed,
    KeyPressed,
    PartHealth,
    Print,
    Send,
    StartTimer,
    TimerFired,
)
from firmware.hal import Health, Trouble
from firmware.hal.screen import KioskKey, Tone
from firmware.ticket_kiosk.kiosk import TicketKiosk
from firmware.ticket_kiosk.words import Words
from tests.devices.among import NOW, asks, of, page, when
from tests.devices.kiosks import (
    A001,
    CHECKED,
    KIOSK,
    NO_PAPER,
    PRINTED_A001,
    WELL,
    answer,
    failed,
    owes,
    printing,
    ready,
    refusal,
    waiting_for_paper,
)

TOUCH = KeyPressed("pension")
ISSUE = Send(IssueTicket(service="pension"), 5.0)


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
    services = ["pension", "card", "employment", "relations"]
    assert [key.key for key in keys[:4]] == [f"service:{service}" for service in services]
    assert [key.key for key in keys[4:]] == ["green", "page:appointment"]
    assert not any(key.chosen for key in keys)


def test_the_keys_tell_how_many_wait(hall: Hall):
    queue = QueueState(services={"pension": ServiceState(waiting=7)})
    keys = page(when(ready(hall), queue)).keys
    assert [key.note for key in keys[:2]] == ["等待 7 人", ""]


@pytest.mark.parametrize(
    ("wait", "note"),
    [
        (Wait(10, 15), "等待 7 人，约10~15分钟"),
        (Wait(12, 12), "等待 7 人，约12分钟"),
        (Wait(0, 4), "等待 7 人，4分钟内"),
        (None, "等待 7 人"),
    ],
)
def test_the_keys_tell_how_long_it_will_take_where_that_is_known(
    hall: Hall, wait: Wait | None, note: str
):
    queue = QueueState(services={"pension": ServiceState(waiting=7, wait=wait)})
    assert page(when(ready(hall), queue)).keys[0].note == note


# --- services that cannot be had -------------------------------------------------------------------

# Why the hub gives no ticket of a service now: see `why_not_now` of the queue's rules.
NOW_NOT = [
    Refusal.NOT_OPEN,
    Refusal.LAST_TICKET_GIVEN,
    Refusal.ISSUING_STOPPED,
    Refusal.QUOTA_OF_DAY,
    Refusal.QUOTA_OF_SLOT,
]


def without(code: Refusal | None) -> QueueState:
    return QueueState(services={"pension": ServiceState(waiting=7, refused=code)})


@pytest.mark.parametrize("code", NOW_NOT)
def test_a_service_that_cannot_be_had_is_shown_so_with_the_reason_in_a_few_words(
    hall: Hall, code: Refusal
):
    pension, card = page(when(ready(hall), without(code))).keys[:2]
    assert not pension.enabled
    assert pension.note == Words(hall).not_now(code)
    assert len(pension.note) <= 8
    assert card.enabled


@pytest.mark.parametrize("code", NOW_NOT)
def test_a_touch_on_it_tells_the_sentence_and_asks_nothing(hall: Hall, code: Refusal):
    kiosk = ready(hall)
    effects = when(kiosk, without(code), TOUCH)
    assert page(effects).lines == ("养老保险", Words(hall).refused(code, alone=False))
    assert StartTimer("home", 8.0) in effects
    assert CheckPrinter() not in effects
    assert when(kiosk, CHECKED) == ()
    assert asks(when(kiosk, KeyPressed("card"), CHECKED)) == [IssueTicket(service="card")]


def test_when_it_can_be_had_again_is_told_where_that_is_known(hall: Hall):
    again = int(datetime(2026, 11, 25, 8, 30, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp() * 1000)
    state = ServiceState(refused=Refusal.NOT_OPEN, again=again)
    kiosk = ready(hall)
    effects = when(kiosk, QueueState(services={"pension": state}), TOUCH)
    assert page(effects).lines[-1] == "11月25日 08:30 起可以取号"
    refused = CommandRefused(code=Refusal.NOT_OPEN, reason="at night", again=again)
    when(kiosk, QueueState(services={}), KeyPressed("page:home"), TOUCH, CHECKED)
    answered = when(kiosk, Answered(IssueTicket(service="pension"), (refused,)))
    assert page(answered).lines == page(effects).lines


def test_a_service_can_be_had_again_as_soon_as_the_hub_says_so(hall: Hall):
    kiosk = ready(hall)
    when(kiosk, without(Refusal.NOT_OPEN))
    assert page(when(kiosk, without(None))).keys[0].enabled
    assert asks(when(kiosk, TOUCH, CHECKED)) == [IssueTicket(service="pension")]


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
    when(kiosk, failed(PRINTED_A001), TimerFired("void:A001"))
    assert chosen(page(when(kiosk, WELL)).keys) == []
    assert asks(when(kiosk, TOUCH, CHECKED)) == [IssueTicket(service="pension")]


# --- why no ticket can be had ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        (Trouble.PAPER_OUT, "缺纸"),
        (Trouble.NO_ANSWER, "无应答"),
        (Trouble.OFFLINE, "未就绪"),
        (Trouble.JAM, "卡纸"),
        (Trouble.CUTTER, "切刀"),
        (Trouble.OVERHEATED, "过热"),
        (Trouble.TICKET_NOT_TAKEN, "取走"),
        (Trouble.BROKEN, "故障"),
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
    effects = when(kiosk, TOUCH, CHECKED, refusal(Refusal.NUMBERS_EXHAUSTED))
    assert page(effects).title == "暂时不能取号"
    assert StartTimer("home", 8.0) in effects
    assert page(when(kiosk, TimerFired("home"))).title == hall.hall.name


def test_nobody_has_to_wait_for_the_home_page(hall: Hall):
    kiosk = ready(hall)
    effects = when(kiosk, TOUCH, CHECKED, refusal(Refusal.QUOTA_OF_DAY))
    assert [key.key for key in page(effects).keys] == ["page:home"]
    effects = when(kiosk, KeyPressed("page:home"))
    assert page(effects).title == hall.hall.name
    assert StartTimer("home", 0) in effects


# What counters, pads, appointments' lists and later errands meet: no wish of a kiosk does.
ELSEWHERE = {
    Refusal.DOUBLE_PRESS,
    Refusal.UNKNOWN_COUNTER,
    Refusal.COUNTER_CLOSED,
    Refusal.COUNTER_PAUSED,
    Refusal.COUNTER_BUSY,
    Refusal.ALREADY_SO,
    Refusal.NOBODY_WAITING,
    Refusal.NOTHING_CALLED,
    Refusal.NOT_SERVING,
    Refusal.RECALL_LIMIT,
    Refusal.NO_COUNTER_SERVES,
    Refusal.RATING_CLOSED,
    Refusal.ALREADY_RATED,
    Refusal.TOO_LATE,
    Refusal.STAFF_ONLY,
    Refusal.WRONG_PIN,
    Refusal.LOCKED,
    Refusal.WITHDRAWN,
    Refusal.NOT_LENT,
}


@pytest.mark.parametrize("code", Refusal)
def test_every_refusal_is_a_sentence_that_says_what_to_do(hall: Hall, code: Refusal):
    service, sentence = page(when(ready(hall), TOUCH, CHECKED, refusal(code))).lines
    assert service == "养老保险"
    assert re.fullmatch("[一-鿿，]+", sentence)
    assert re.search("请", sentence)
    assert (sentence == Words(hall).refused(None, alone=False)) == (code in ELSEWHERE)


# --- one ticket a person ---------------------------------------------------------------------------

A005 = msgspec.structs.replace(A001, ticket="A005")
HAS_A005 = refusal(Refusal.HAS_TICKET, "A005", person="hash")
COPY_A005 = Reprint(ticket="A005", person="hash")
REPRINT = KeyPressed("page:reprint")


def test_who_has_a_ticket_is_offered_its_paper_again_and_no_second_number(hall: Hall):
    kiosk = ready(hall)
    effects = when(kiosk, TOUCH, CHECKED, HAS_A005)
    assert page(effects).title == "您已有A005号"
    assert [key.key for key in page(effects).keys] == ["page:reprint", "page:home"]
    assert StartTimer("home", 60.0) in effects
    assert CheckPrinter() in when(kiosk, REPRINT)
    assert when(kiosk, CHECKED) == (Send(COPY_A005, 5.0),)


def test_the_copy_is_printed_when_the_hub_says_that_it_is_owed(hall: Hall):
    kiosk = ready(hall)
    ordered = Answered(COPY_A005, (ReprintOrdered(ticket="A005", kiosk=KIOSK, copy=1),))
    effects = when(kiosk, TOUCH, CHECKED, HAS_A005, REPRINT, CHECKED, ordered)
    assert page(effects).lines == ("请稍候",)
    assert StartTimer("home", 8.0) in effects
    (paper,) = of(Print, when(kiosk, owes(A005, copy=1)))
    assert (paper.ticket, paper.again, paper.copy) == ("A005", True, 1)


def test_a_state_that_overtakes_the_answer_is_printed_after_it(hall: Hall):
    kiosk = ready(hall)
    when(kiosk, TOUCH, CHECKED, HAS_A005, REPRINT, CHECKED)
    assert when(kiosk, owes(A005, copy=1)) == ()
    ordered = Answered(COPY_A005, (ReprintOrdered(ticket="A005", kiosk=KIOSK, copy=1),))
    assert [paper.copy for paper in of(Print, when(kiosk, ordered))] == [1]


def test_a_refused_or_unanswered_copy_is_told(hall: Hall):
    kiosk = ready(hall)
    wrong = CommandRefused(code=Refusal.WRONG_STATE, reason="A005 is closed")
    effects = when(kiosk, TOUCH, CHECKED, HAS_A005, REPRINT, CHECKED, Answered(COPY_A005, (wrong,)))
    assert page(effects).lines == (Words(hall).refused(Refusal.WRONG_STATE, alone=False),)
    effects = when(kiosk, TOUCH, CHECKED, HAS_A005, REPRINT, CHECKED, Unanswered(COPY_A005, "-"))
    assert "未补打" in page(effects).title


@pytest.mark.parametrize("home", [KeyPressed("page:home"), TimerFired("home")])
def test_what_one_visitor_was_offered_no_other_can_take(hall: Hall, home: KeyPressed | TimerFired):
    kiosk = ready(hall)
    when(kiosk, TOUCH, CHECKED, HAS_A005, home)
    assert when(kiosk, REPRINT, CHECKED) == ()


def test_a_stopped_kiosk_offers_no_key(hall: Hall):
    kiosk = ready(hall)
    when(kiosk, TOUCH, CHECKED, HAS_A005)
    assert page(when(kiosk, NO_PAPER)).keys == ()
    assert when(kiosk, REPRINT) == ()


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


def test_the_green_channel_names_the_halls_classes_and_is_not_offered_where_it_is_none(hall: Hall):
    green = [key for key in page(when(ready(hall), WELL)).keys if key.key == "green"]
    assert [key.note for key in green] == ["军人 老年人 残疾人 孕妇"]
    parents = (
        PriorityClass(id="green", name="爱心通道"),
        PriorityClass(id="child", name="带幼儿者"),
    )
    (own,) = (
        key
        for key in page(when(ready(msgspec.structs.replace(hall, classes=parents)), WELL)).keys
        if key.key == "green"
    )
    assert (own.label, own.note) == ("爱心通道", "带幼儿者")
    without = msgspec.structs.replace(hall, classes=parents[1:])
    assert "green" not in [key.key for key in page(when(ready(without), WELL)).keys]
