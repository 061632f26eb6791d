"""From a number to paper: at least once, always the same number, every further copy marked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec

from broker.hearing import Alone
from broker.messages import (
    KioskState,
    ReportPrinted,
    ReportPrintFailed,
    TicketIssued,
    UnprintedTicket,
    VoidTicket,
    Wait,
)
from broker.settings import Hall
from firmware.device import Done, KeyPressed, Print, Send, StartTimer, TimerFired
from firmware.hal.screen import Tone
from firmware.ticket_kiosk.kiosk import TicketKiosk
from tests.devices.among import NOW, asks, of, page, when
from tests.devices.kiosks import (
    A001,
    A002,
    ILL,
    PRINTED_A001,
    PRINTED_A002,
    WELL,
    answer,
    failed,
    owes,
    printing,
    ready,
    waiting_for_paper,
)

TOUCH = KeyPressed("pension")
COPY_OF_A001 = replace(PRINTED_A001, again=True)


def test_a_number_becomes_paper_then_a_durable_report_then_thanks(hall: Hall):
    kiosk = ready(hall)
    when(kiosk, TOUCH)
    effects = kiosk.handle(answer(A001), NOW)
    assert effects[0] == Print("A001", "pension", ahead=3, issued_at=1000)
    assert page(effects).large == "A001"
    assert page(effects).lines == ("正在打印，请稍候",)

    effects = kiosk.handle(Done(PRINTED_A001), NOW)
    assert Send(ReportPrinted(ticket="A001"), None) in effects
    assert page(effects).title == "您已领取A001号"
    assert page(effects).lines[0] == "前方等待3人"
    assert page(effects).tone is Tone.GOOD


def test_what_its_visitor_came_for_is_on_every_paper_and_the_report_tells_what_it_listed(
    hall: Hall,
):
    kiosk = ready(hall)
    when(kiosk, TOUCH)
    issued = msgspec.structs.replace(A001, item="claim", agent=True)
    (paper,) = of(Print, kiosk.handle(answer(issued), NOW))
    assert (paper.item, paper.agent) == ("claim", True)
    (report,) = asks(when(kiosk, Done(paper)))
    assert report == ReportPrinted(ticket="A001")  # this hall has no catalogue
    again = UnprintedTicket(
        ticket="A009", service="pension", ahead=3, issued_at=9, item="claim", agent=True
    )
    (copy,) = of(Print, when(kiosk, KioskState(kiosk="kiosk-1", unprinted=(again,))))
    assert (copy.ticket, copy.item, copy.agent) == ("A009", "claim", True)


def test_nothing_is_reported_printed_before_the_paper_came(hall: Hall):
    kiosk = ready(hall)
    when(kiosk, TOUCH)
    assert asks(when(kiosk, answer(A001))) == []


def test_the_page_of_a_taken_number_goes_home_after_a_while(hall: Hall):
    kiosk = printing(hall)
    assert StartTimer("home", 12.0) in when(kiosk, Done(PRINTED_A001))
    effects = when(kiosk, TimerFired("home"))
    assert page(effects).title == hall.hall.name


def test_a_green_number_is_printed_as_one(hall: Hall):
    kiosk = ready(hall)
    when(kiosk, KeyPressed("green"), TOUCH)
    green = TicketIssued(
        ticket="A001", service="pension", kiosk="kiosk-1", issued_at=1, ahead=0, green="green"
    )
    assert of(Print, when(kiosk, answer(green)))[0].green == "green"


def test_a_taken_number_is_not_praised_once_the_kiosk_has_stopped(hall: Hall):
    kiosk = printing(hall)
    assert page(when(kiosk, Done(PRINTED_A001), Alone("gone"))).title == "暂停取号"


def test_the_paper_carries_all_that_was_written_down_for_it(hall: Hall):
    told: dict[str, Any] = {"slot": 9_000, "code": "K7Q2MX", "wait": Wait(10, 15), "green": "green"}
    issued = msgspec.structs.replace(A001, **told)
    paper = replace(PRINTED_A001, **told)
    kiosk = ready(hall)
    when(kiosk, TOUCH)
    assert of(Print, when(kiosk, answer(issued))) == [paper]
    owed = of(Print, when(ready(hall), owes(issued, copy=2)))
    assert owed == [replace(paper, again=True, copy=2)]


def test_the_page_of_a_taken_number_tells_how_long_it_will_take(hall: Hall):
    kiosk = printing(hall, msgspec.structs.replace(A001, wait=Wait(10, 15)))
    effects = when(kiosk, Done(replace(PRINTED_A001, wait=Wait(10, 15))))
    assert page(effects).lines[0] == "前方等待3人，预计等候约10~15分钟"


# --- copies that somebody asked for ----------------------------------------------------------------

SECOND = replace(PRINTED_A001, again=True, copy=1)


def test_a_copy_of_a_printed_number_is_printed_and_marked_once(hall: Hall):
    kiosk = printing(hall)
    when(kiosk, Done(PRINTED_A001))
    assert of(Print, when(kiosk, owes(A001, copy=1))) == [SECOND]
    assert ReportPrinted(ticket="A001") in asks(when(kiosk, Done(SECOND)))
    assert of(Print, when(kiosk, owes(A001, copy=1))) == []
    assert of(Print, when(kiosk, owes(A001, copy=2))) == [replace(SECOND, copy=2)]


def test_a_copy_that_failed_is_tried_again_and_given_up_but_the_number_stays_valid(hall: Hall):
    kiosk = printing(hall)
    when(kiosk, Done(PRINTED_A001), owes(A001, copy=1))
    assert StartTimer("void:A001", 600.0) in when(kiosk, ILL, failed(SECOND))
    assert of(Print, when(kiosk, WELL)) == [SECOND]
    when(kiosk, ILL, failed(SECOND))
    effects = when(kiosk, TimerFired("void:A001"))
    assert asks(effects) == []
    assert page(effects).large == ""
    assert of(Print, when(kiosk, WELL)) == []


def test_a_copy_that_was_asked_for_takes_the_place_of_a_first_paper_that_failed(hall: Hall):
    kiosk = waiting_for_paper(hall)
    assert when(kiosk, owes(A001, copy=1)) == ()
    assert of(Print, when(kiosk, WELL)) == [SECOND]
    assert of(Print, when(kiosk, Done(SECOND))) == []


def test_a_number_of_which_no_paper_ever_came_here_is_given_back_copy_or_not(hall: Hall):
    kiosk = ready(hall)
    when(kiosk, owes(A001, copy=1), ILL, failed(SECOND))
    effects = when(kiosk, TimerFired("void:A001"))
    assert asks(effects) == [VoidTicket(ticket="A001", reason="its paper never came")]


def test_yesterdays_paper_does_not_keep_todays_number(hall: Hall):
    kiosk = printing(hall)
    when(kiosk, Done(PRINTED_A001))
    today = msgspec.structs.replace(A001, issued_at=86_400_000)
    paper = replace(PRINTED_A001, issued_at=86_400_000)
    when(kiosk, TOUCH, answer(today), ILL, failed(paper))
    assert len(asks(when(kiosk, TimerFired("void:A001")))) == 1


# --- a print that failed ---------------------------------------------------------------------------


def test_a_failed_print_is_reported_and_the_number_kept(hall: Hall):
    kiosk = printing(hall)
    effects = when(kiosk, ILL, failed(PRINTED_A001))
    report = ReportPrintFailed(ticket="A001", reason="The paper is jammed.")
    assert Send(report, None) in effects
    assert page(effects).large == "A001"
    assert "您的号码已保留" in page(effects).lines
    assert page(effects).tone is Tone.STOP


def test_a_failed_print_is_printed_again_and_marked_when_the_printer_is_back(hall: Hall):
    kiosk = waiting_for_paper(hall)
    assert when(kiosk, TimerFired("again")) == ()
    assert of(Print, when(kiosk, WELL)) == [COPY_OF_A001]
    assert asks(when(kiosk, Done(COPY_OF_A001))) == [ReportPrinted(ticket="A001")]


def test_once_a_copy_may_have_come_out_every_later_one_is_marked(hall: Hall):
    kiosk = waiting_for_paper(hall)
    when(kiosk, WELL, ILL, failed(COPY_OF_A001))
    assert of(Print, when(kiosk, WELL)) == [COPY_OF_A001]


def test_a_printer_that_claims_to_be_well_is_tried_again_after_a_while(hall: Hall):
    kiosk = printing(hall)
    effects = when(kiosk, failed(PRINTED_A001))
    assert StartTimer("again", 5.0) in effects
    assert of(Print, effects) == []
    assert of(Print, when(kiosk, TimerFired("again"))) == [COPY_OF_A001]


def test_a_number_without_paper_is_printed_though_the_hub_is_gone(hall: Hall):
    kiosk = waiting_for_paper(hall)
    assert of(Print, when(kiosk, Alone("gone"), WELL)) == [COPY_OF_A001]


def test_numbers_without_paper_come_one_after_another(hall: Hall):
    kiosk = printing(hall)
    when(kiosk, failed(PRINTED_A001), TOUCH)
    assert of(Print, when(kiosk, answer(A002))) == [PRINTED_A002]
    assert of(Print, when(kiosk, TimerFired("again"))) == []
    assert of(Print, when(kiosk, Done(PRINTED_A002))) == [COPY_OF_A001]


# --- giving a number back --------------------------------------------------------------------------


def test_a_number_whose_paper_never_came_is_void_after_ten_minutes(hall: Hall):
    kiosk = printing(hall)
    assert StartTimer("void:A001", 600.0) in when(kiosk, ILL, failed(PRINTED_A001))
    effects = when(kiosk, TimerFired("void:A001"))
    assert effects[0] == Send(VoidTicket(ticket="A001", reason="its paper never came"), None)
    assert page(effects).large == ""
    assert of(Print, when(kiosk, WELL)) == []


def test_the_ten_minutes_run_from_the_first_failure(hall: Hall):
    kiosk = waiting_for_paper(hall)
    when(kiosk, WELL)
    assert StartTimer("void:A001", 600.0) not in when(kiosk, failed(COPY_OF_A001))


def test_a_number_is_not_void_while_its_paper_may_be_coming(hall: Hall):
    kiosk = waiting_for_paper(hall)
    when(kiosk, WELL)
    effects = when(kiosk, TimerFired("void:A001"))
    assert effects == (StartTimer("void:A001", 5.0),)
    when(kiosk, ILL, failed(COPY_OF_A001))
    assert asks(when(kiosk, TimerFired("void:A001")))[0] == VoidTicket(
        ticket="A001", reason="its paper never came"
    )


def test_paper_that_came_stops_the_ten_minutes(hall: Hall):
    kiosk = waiting_for_paper(hall)
    assert StartTimer("void:A001", 0) in when(kiosk, WELL, Done(COPY_OF_A001))
    assert when(kiosk, TimerFired("void:A001")) == ()


def test_a_number_given_back_does_not_disturb_who_is_asking(hall: Hall):
    kiosk = printing(hall)
    when(kiosk, failed(PRINTED_A001))
    asking = page(when(kiosk, TOUCH))
    assert page(when(kiosk, TimerFired("void:A001"))) == asking


# --- what an earlier life left behind --------------------------------------------------------------


def test_a_number_of_an_earlier_life_is_printed_and_marked(hall: Hall):
    kiosk = ready(hall)
    assert of(Print, when(kiosk, owes(A001, A002))) == [COPY_OF_A001]
    effects = when(kiosk, Done(COPY_OF_A001))
    assert ReportPrinted(ticket="A001") in asks(effects)
    assert of(Print, effects) == [replace(PRINTED_A002, again=True)]


def test_a_number_of_an_earlier_life_waits_until_the_printer_is_known_to_be_well(hall: Hall):
    kiosk = TicketKiosk(hall, "kiosk-1")
    kiosk.start()
    assert when(kiosk, owes(A001)) == ()
    assert of(Print, when(kiosk, WELL)) == [COPY_OF_A001]


def test_what_another_kiosk_owes_is_not_printed_here(hall: Hall):
    other = KioskState(kiosk="kiosk-2", unprinted=owes(A001).unprinted)
    assert when(ready(hall), other) == ()


def test_a_state_that_comes_before_the_answer_prints_nothing_twice(hall: Hall):
    kiosk = ready(hall)
    when(kiosk, TOUCH)
    assert when(kiosk, owes(A001)) == ()
    assert of(Print, when(kiosk, answer(A001))) == [PRINTED_A001]
    assert of(Print, when(kiosk, owes(A001))) == []
    assert of(Print, when(kiosk, Done(PRINTED_A001))) == []


def test_a_late_state_that_still_lists_a_printed_number_prints_nothing(hall: Hall):
    kiosk = printing(hall)
    when(kiosk, Done(PRINTED_A001))
    assert of(Print, when(kiosk, owes(A001))) == []
    assert of(Print, when(kiosk, owes(A001, A002))) == [replace(PRINTED_A002, again=True)]


def test_a_late_state_does_not_print_a_number_that_was_given_back(hall: Hall):
    kiosk = waiting_for_paper(hall)
    when(kiosk, TimerFired("void:A001"), WELL)
    assert of(Print, when(kiosk, owes(A001))) == []


def test_a_kiosk_remembers_the_last_hundreds_of_printed_numbers(hall: Hall):
    kiosk = ready(hall)
    issued = [
        TicketIssued(ticket=f"A{n:03}", service="pension", kiosk="kiosk-1", issued_at=n, ahead=0)
        for n in range(1, 400)
    ]
    for ticket in issued:
        when(kiosk, TOUCH, answer(ticket))
        when(kiosk, Done(Print(ticket.ticket, "pension", 0, ticket.issued_at)))
    assert of(Print, when(kiosk, owes(*issued[:20]))) == []


def test_the_same_number_of_another_day_is_another_ticket(hall: Hall):
    kiosk = printing(hall)
    when(kiosk, Done(PRINTED_A001))
    tomorrow = TicketIssued(
        ticket="A001", service="pension", kiosk="kiosk-1", issued_at=86_400_000, ahead=0
    )
    when(kiosk, TOUCH)
    assert of(Print, when(kiosk, answer(tomorrow))) == [Print("A001", "pension", 0, 86_400_000)]


def test_a_service_that_is_no_more_is_still_printed(hall: Hall):
    closed = TicketIssued(ticket="Z001", service="gone", kiosk="kiosk-1", issued_at=5, ahead=0)
    assert [p.ticket for p in of(Print, when(ready(hall), owes(closed)))] == ["Z001"]
