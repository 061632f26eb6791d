"""What is held before the kiosk: an appointment's code, a ticket's, one that means nothing, an identity card."""

from __future__ import annotations

import msgspec
import pytest

from broker.hearing import Alone, Answered, Unanswered
from broker.messages import (
    CommandRefused,
    IssueTicket,
    QueueState,
    Refusal,
    Reprint,
    ReturnTicket,
    TicketReturned,
)
from broker.settings import Hall, NoShow, NoShowMode
from firmware.device import (
    CardShown,
    CheckPrinter,
    CodeScanned,
    Done,
    KeyPressed,
    StartTimer,
    TimerFired,
)
from firmware.hal.screen import Tone
from firmware.ticket_kiosk.codes import AppointmentCode, TicketCode, read_code
from firmware.ticket_kiosk.kiosk import TicketKiosk
from tests.devices.among import asks, page, when
from tests.devices.kiosks import A001, CHECKED, NO_PAPER, PRINTED_A001, answer, printing, ready

PERSON = "5f" * 32
OLD, YOUNG = CardShown(PERSON, elderly=True), CardShown(PERSON, elderly=False)
TOUCH = KeyPressed("pension")
WEB = "http://hall.example/r/"
# NOW is this day in the hall's time.
TICKET = CodeScanned(f"{WEB}20231115/A017/K7Q2MX")
BACK = ReturnTicket(ticket="A017", code="K7Q2MX")
COPY = Reprint(ticket="A017", code="K7Q2MX")
APPOINTMENT = CodeScanned("YY-20231115-0031")
KEPT = IssueTicket(service="", appointment="YY-20231115-0031")
CALM = ("请选择要办理的业务",)


def with_rules(hall: Hall, **rules: object) -> Hall:
    return msgspec.structs.replace(hall, rules=msgspec.structs.replace(hall.rules, **rules))


def refused(command: IssueTicket | ReturnTicket, code: Refusal, ticket: str = "") -> Answered:
    return Answered(command, (CommandRefused(code=code, reason="for the log", ticket=ticket),))


# --- reading a code -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "means"),
    [
        (f"{WEB}20231115/A017/K7Q2MX", TicketCode("20231115", "A017", "K7Q2MX")),
        ("20231115/A017/K7Q2MX", TicketCode("20231115", "A017", "K7Q2MX")),
        (f"{WEB}20231115/A1017", TicketCode("20231115", "A1017", "")),
        ("  0031 ", AppointmentCode("0031")),
        ("x" * 40, AppointmentCode("x" * 40)),
        ("x" * 41, None),
        ("", None),
        ("预约0031", None),
        ("00\x1d31", None),
        ("https://other.example/r/20231115/A017/K7Q2MX", None),
        ("11010519491231002X", None),
        ("110105491231002", None),
    ],
)
def test_a_code_is_a_ticket_perhaps_an_appointment_or_nothing(code, means):
    assert read_code(code, WEB) == means


# --- an appointment -----------------------------------------------------------------------------------


def test_an_appointments_code_asks_for_its_ticket_once_the_printer_is_well(hall: Hall):
    kiosk = ready(hall)
    effects = when(kiosk, APPOINTMENT)
    assert effects[0] == CheckPrinter()
    assert page(effects).title == "预约取号"
    assert asks(when(kiosk, CHECKED)) == [KEPT]
    assert page(when(kiosk, Answered(KEPT, (A001,)))).large == "A001"


def test_a_code_that_means_nothing_is_told_and_the_page_goes_home_by_itself(hall: Hall):
    kiosk = ready(hall)
    for code in ("https://pay.example/1", "11010519491231002X"):
        effects = when(kiosk, CodeScanned(code))
        assert asks(effects) == []
        assert page(effects).title == "没有认出这个码"
        assert StartTimer("home", 8.0) in effects
        assert page(when(kiosk, TimerFired("home"))).lines == CALM


def test_a_code_that_the_hub_does_not_know_either_is_told_the_same_way(hall: Hall):
    kiosk = ready(hall)
    unknown = refused(KEPT, Refusal.UNKNOWN_APPOINTMENT)
    effects = when(kiosk, APPOINTMENT, CHECKED, unknown)
    assert page(effects).title == "没有认出这个码"
    assert StartTimer("home", 8.0) in effects


def test_an_appointment_that_has_its_ticket_is_offered_a_copy_which_its_code_proves(hall: Hall):
    kiosk = ready(hall)
    has = refused(KEPT, Refusal.HAS_TICKET, "A017")
    assert page(when(kiosk, APPOINTMENT, CHECKED, has)).title == "您已有A017号"
    copy = Reprint(ticket="A017", appointment=KEPT.appointment)
    assert asks(when(kiosk, KeyPressed("page:reprint"), CHECKED)) == [copy]


def test_alone_an_appointment_gets_no_number_but_a_sentence(hall: Hall):
    kiosk = ready(hall)
    effects = when(kiosk, QueueState(services={}), APPOINTMENT, CHECKED, Alone("gone"))
    gone = Unanswered(KEPT, "no answer", "ask-1")
    effects = when(kiosk, gone)
    assert CheckPrinter() not in effects
    assert "未取号" in page(effects).title or page(effects).title == "暂停取号"


# --- a ticket -----------------------------------------------------------------------------------------


def test_a_missed_number_comes_back_by_its_paper(hall: Hall):
    kept = with_rules(hall, no_show=NoShow(mode=NoShowMode.MINUTES, keep=30))
    kiosk = ready(kept)
    effects = when(kiosk, TICKET)
    assert asks(effects) == [BACK]
    assert CheckPrinter() not in effects
    returned = TicketReturned(ticket="A017", place=(1, 1, 0))
    shown = page(when(kiosk, Answered(BACK, (returned,))))
    assert (shown.title, shown.large, shown.tone) == ("报到成功", "A017", Tone.GOOD)


def test_of_a_number_that_was_not_missed_a_copy_is_offered(hall: Hall):
    kiosk = ready(hall)
    shown = page(when(kiosk, TICKET, refused(BACK, Refusal.WRONG_STATE)))
    assert shown.title == "您已有A017号"
    assert asks(when(kiosk, KeyPressed("page:reprint"), CHECKED)) == [COPY]


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (Refusal.WRONG_CODE, "请核对号票，或到咨询台办理"),
        (Refusal.STAFF_ONLY, "过号请咨询工作人员"),
        (Refusal.TOO_LATE, "过号时间太久，请重新取号"),
        (Refusal.UNKNOWN_TICKET, "今日没有这个号，请核对号票"),
    ],
)
def test_a_ticket_that_cannot_come_back_is_told_why(hall: Hall, code: Refusal, told: str):
    shown = page(when(ready(hall), TICKET, refused(BACK, code)))
    assert (shown.large, shown.lines, shown.tone) == ("A017", (told,), Tone.STOP)


def test_yesterdays_ticket_and_one_without_a_code_ask_nothing(hall: Hall):
    for code, title in (
        ("20231114/A017/K7Q2MX", "这不是今天的号票"),
        ("20231115/A017", "未能识别号票"),
    ):
        effects = when(ready(hall), CodeScanned(code))
        assert asks(effects) == []
        assert page(effects).title == title


def test_what_is_held_before_a_kiosk_that_asks_prints_or_has_stopped_does_nothing(hall: Hall):
    asking, stopped = ready(hall), ready(hall)
    when(asking, TOUCH, CHECKED)
    when(stopped, NO_PAPER)
    for kiosk in (asking, stopped, printing(hall)):
        for event in (TICKET, APPOINTMENT, CodeScanned("?"), OLD, YOUNG):
            assert when(kiosk, event) == ()


# --- a card -------------------------------------------------------------------------------------------


def issue(kiosk: TicketKiosk, *before: CardShown | KeyPressed | TimerFired) -> IssueTicket:
    (asked,) = asks(when(kiosk, *before, TOUCH, CHECKED))
    assert isinstance(asked, IssueTicket)
    return asked


def test_the_card_of_an_old_visitor_gives_the_next_ticket_its_class_and_only_that_one(hall: Hall):
    kiosk = ready(hall)
    shown = page(when(kiosk, OLD))
    assert shown.lines == ("老年人优先：请选择业务", "请收好您的身份证")
    assert issue(kiosk) == IssueTicket(service="pension", green="elderly")
    when(kiosk, answer(A001))
    assert issue(printed(kiosk)) == IssueTicket(service="pension")


def printed(kiosk: TicketKiosk) -> TicketKiosk:
    when(kiosk, Done(PRINTED_A001))
    return kiosk


@pytest.mark.parametrize("after", [YOUNG, TimerFired("home"), KeyPressed("page:home")])
def test_who_comes_after_an_old_visitor_does_not_inherit_his_class(hall: Hall, after):
    assert issue(ready(hall), OLD, after).green == ""


def test_a_key_that_was_pressed_stands_whatever_card_follows(hall: Hall):
    green = KeyPressed("green")
    assert issue(ready(hall), green, YOUNG).green == "green"
    assert issue(ready(hall), green, OLD).green == "elderly"
    assert issue(ready(hall), OLD, green).green == ""


def test_a_person_is_asked_for_only_where_the_rules_limit_tickets_by_person(hall: Hall):
    assert issue(ready(hall), YOUNG).person == ""
    limited = with_rules(hall, one_per_person=True)
    kiosk = ready(limited)
    assert page(when(kiosk, YOUNG)).lines == (*CALM, "请收好您的身份证")
    asked = issue(kiosk)
    assert asked == IssueTicket(service="pension", person=PERSON)
    when(kiosk, refused(asked, Refusal.HAS_TICKET, "A017"))
    copy = Reprint(ticket="A017", person=PERSON)
    assert asks(when(kiosk, KeyPressed("page:reprint"), CHECKED)) == [copy]


def test_on_the_page_for_appointments_a_card_asks_for_the_one_that_was_booked_with_it(hall: Hall):
    booked = with_rules(hall, appointment_by_card=True)
    kiosk = ready(booked)
    shown = page(when(kiosk, KeyPressed("page:appointment")))
    assert "用身份证预约的，请把身份证放在读卡处" in shown.lines
    effects = when(kiosk, YOUNG)
    assert page(effects).title == "预约取号"
    (asked,) = asks(when(kiosk, CHECKED))
    assert asked == IssueTicket(service="", person=PERSON)
    assert isinstance(asked, IssueTicket)
    shown = page(when(kiosk, refused(asked, Refusal.UNKNOWN_APPOINTMENT)))
    assert shown.title == "没有查到用此身份证的预约"
    # Anywhere else it is a card as ever, and nothing of it is kept.
    assert issue(ready(booked), YOUNG) == IssueTicket(service="pension")


def test_a_card_that_nobody_knows_today_finds_no_appointment_and_none_is_found_alone(hall: Hall):
    kiosk = ready(with_rules(hall, appointment_by_card=True))
    shown = page(when(kiosk, KeyPressed("page:appointment"), CardShown("", elderly=False)))
    assert shown.title == "没有查到用此身份证的预约"
    without = ready(hall)
    shown = page(when(without, KeyPressed("page:appointment"), YOUNG))
    assert shown.title == "取号不用身份证"
    assert "用身份证预约的" not in str(shown)


def test_a_card_that_counts_for_nothing_gets_a_friendly_page_and_is_forgotten(hall: Hall):
    without = msgspec.structs.replace(hall, classes=())
    for kiosk, card in ((ready(hall), YOUNG), (ready(without), OLD)):
        shown = page(when(kiosk, card))
        assert (shown.title, shown.tone) == ("取号不用身份证", Tone.GOOD)
        assert shown.keys[0].key == "service:pension"
        assert issue(kiosk) == IssueTicket(service="pension")


def test_a_card_does_not_stand_in_what_is_printed_of_its_event():
    assert PERSON not in repr(OLD)
