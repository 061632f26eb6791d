"""Changing the roll: pages lead, a test strip proves the printer, and only then the kiosk opens again."""

from __future__ import annotations

import pytest

from broker.phrases import Phrases
from broker.settings import Hall
from firmware.device import (
    CheckPrinter,
    Done,
    Failed,
    KeyPressed,
    PartHealth,
    Print,
    PrintTest,
    StartTimer,
    TimerFired,
)
from firmware.hal import Health, Trouble
from firmware.hal.screen import Tone
from firmware.ticket_kiosk.keys import ROLL
from firmware.ticket_kiosk.kiosk import TicketKiosk
from firmware.ticket_kiosk.paper import test_strip as strip
from hal_mocks.printer import MockPrinter
from tests.devices.among import NOW, asks, of, page, when
from tests.devices.kiosks import (
    A001,
    CHECKED,
    NO_PAPER,
    PRINTED_A001,
    WELL,
    failed,
    owes,
    printing,
    ready,
)

CHANGING = Phrases().kiosk.roll.title
TOUCH, STAFF, HOME = KeyPressed("pension"), KeyPressed(ROLL), KeyPressed("page:home")
COVER_OPEN = PartHealth("printer", Health(usable=False, troubles=(Trouble.COVER_OPEN,)))
NEAR_END = PartHealth("printer", Health(troubles=(Trouble.PAPER_NEAR_END,)))
FIRST, SECOND = PrintTest(NOW, 1), PrintTest(NOW, 2)
NO_STRIP = Failed(FIRST, "no paper", Trouble.PAPER_OUT)


def said(kiosk: TicketKiosk, *events: object) -> str:
    shown = page(when(kiosk, *events))  # type: ignore[arg-type]  # events all
    return "\n".join((shown.title, *shown.lines))


def test_the_pages_lead_from_the_staff_key_to_the_open_kiosk(hall: Hall):
    kiosk = ready(hall)
    assert "第1步：请打开打印机盖" in said(kiosk, STAFF)
    assert "第2步：请装入新纸" in said(kiosk, COVER_OPEN)
    effects = when(kiosk, WELL)
    assert effects[0] == FIRST
    assert "第3步" in page(effects).lines[0]
    effects = when(kiosk, Done(FIRST))
    assert (page(effects).title, page(effects).tone) == ("换纸完成", Tone.GOOD)
    assert StartTimer("home", 12.0) in effects
    assert page(when(kiosk, TimerFired("home"))).title == hall.hall.name


def test_an_opened_cover_begins_it_and_no_number_exists_before_the_strip_came(hall: Hall):
    kiosk = ready(hall)
    assert "第2步" in said(kiosk, COVER_OPEN)
    for event in (COVER_OPEN, WELL):
        when(kiosk, event)
        assert when(kiosk, TOUCH, CHECKED) == ()
    when(kiosk, Done(FIRST))
    assert len(asks(when(kiosk, TOUCH, CHECKED))) == 1


def test_every_page_of_it_tells_visitors_to_wait(hall: Hall):
    kiosk = ready(hall)
    for event in (STAFF, COVER_OPEN, WELL, NO_STRIP):
        assert page(when(kiosk, event)).title == CHANGING


def test_paper_that_is_still_missing_is_told_and_no_strip_is_tried(hall: Hall):
    kiosk = ready(hall)
    effects = when(kiosk, COVER_OPEN, NO_PAPER)
    assert PrintTest not in map(type, effects)
    assert page(effects).lines[:2] == (
        "打印机缺纸，请告知工作人员换纸",
        "第2步：请装入新纸，拉出纸头，合上盖",
    )
    assert when(kiosk, NEAR_END)[0] == FIRST


def test_a_strip_that_failed_is_tried_again_by_the_key_or_after_the_next_opening(hall: Hall):
    kiosk = ready(hall)
    when(kiosk, COVER_OPEN, WELL)
    shown = page(when(kiosk, NO_PAPER, NO_STRIP))
    assert (shown.lines[0], shown.tone) == ("测试条未打印完成", Tone.STOP)
    assert [key.key for key in shown.keys] == [ROLL]
    # What the printer says of itself was not enough the last time.
    assert PrintTest not in map(type, when(kiosk, WELL))
    assert when(kiosk, STAFF)[0] == SECOND
    when(kiosk, Failed(SECOND, "no paper", Trouble.PAPER_OUT), COVER_OPEN)
    assert when(kiosk, WELL)[0] == PrintTest(NOW, 3)


def test_a_strip_from_before_the_cover_was_opened_once_more_proves_nothing(hall: Hall):
    kiosk = ready(hall)
    when(kiosk, COVER_OPEN, WELL, COVER_OPEN)
    assert when(kiosk, Done(FIRST)) == ()
    when(kiosk, WELL)
    assert when(kiosk, TOUCH) == ()
    assert page(when(kiosk, Done(SECOND))).title == "换纸完成"


def test_what_was_owed_is_printed_once_the_strip_came_and_marked(hall: Hall):
    kiosk = printing(hall)
    when(kiosk, COVER_OPEN, failed(PRINTED_A001))
    assert of(Print, when(kiosk, TimerFired("again"), WELL)) == []
    (paper,) = of(Print, when(kiosk, Done(FIRST)))
    assert (paper.ticket, paper.again) == ("A001", True)


def test_what_the_hub_says_is_owed_waits_for_the_strip_too(hall: Hall):
    kiosk = ready(hall)
    assert of(Print, when(kiosk, COVER_OPEN, WELL, owes(A001))) == []
    assert [one.again for one in of(Print, when(kiosk, Done(FIRST)))] == [True]


@pytest.mark.parametrize("leave", [HOME, TimerFired("roll")])
def test_before_the_cover_is_open_the_change_can_be_left(hall: Hall, leave):
    kiosk = ready(hall)
    assert StartTimer("roll", 120.0) in when(kiosk, STAFF)
    assert page(when(kiosk, leave)).title == hall.hall.name
    when(kiosk, COVER_OPEN)
    assert page(when(kiosk, leave)).title == CHANGING


def test_the_staff_key_does_nothing_while_a_visitor_is_served(hall: Hall):
    asking = ready(hall)
    when(asking, TOUCH, CHECKED)
    for kiosk in (asking, printing(hall)):
        assert when(kiosk, STAFF) == ()


def test_a_wish_that_meets_the_open_cover_asks_for_no_number(hall: Hall):
    kiosk = ready(hall)
    open_ = Failed(CheckPrinter(), "the cover is open", Trouble.COVER_OPEN)
    assert "第2步" in said(kiosk, TOUCH, open_)
    late = ready(hall)
    when(late, TOUCH, COVER_OPEN, WELL)
    assert asks(when(late, CHECKED)) == []
    assert asks(when(late, Done(FIRST), TOUCH, CHECKED)) != []


def test_the_strip_bears_no_number_and_says_that_it_is_no_ticket(hall: Hall):
    printer = MockPrinter()
    printer.print(strip(hall.hall.name, "2026-11-25 09:00", hall.phrases.kiosk.paper))
    assert len(printer.printed) == 1
    words = [
        getattr(item, "text", "")
        for item in strip(hall.hall.name, "2026-11-25 09:00", hall.phrases.kiosk.paper)
    ]
    assert "这不是号票" in words
    assert "2026-11-25 09:00" in words
