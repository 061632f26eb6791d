"""The laws of numbers and paper: how a ticket comes to be, and when it stands in line."""

from __future__ import annotations

import pytest

from broker.messages import (
    AdoptSettings,
    CallNext,
    IssueTicket,
    MarkNoShow,
    OpenCounter,
    OpenDay,
    PrintFailed,
    Refusal,
    ReportPrinted,
    ReportPrintFailed,
    TicketIssued,
    TicketPrinted,
    TicketVoided,
    VoidTicket,
)
from broker.queue import kiosk_state, queue_state
from tests.queue.halls import TUESDAY, Window, day, only, text_of


def test_a_number_is_the_services_prefix_and_its_running_number_of_the_day():
    today = day()
    taken = [today.take("pension"), today.take("card"), today.take("pension"), today.take("card")]
    assert taken == ["A001", "B001", "A002", "B002"]


def test_a_number_has_as_many_digits_as_the_hall_sets_and_more_once_they_are_used_up():
    today = day(number_digits=4)
    assert today.take() == "A0001"
    today = day(number_digits=3)
    today.queue.issued["A"] = 999
    assert today.take() == "A1000"


def test_a_service_may_have_more_digits_than_the_hall():
    today = day(services={"pension": "A", "card": {"prefix": "B", "digits": 4}})
    assert [today.take("pension"), today.take("card")] == ["A001", "B0001"]


def test_a_service_gives_out_9999_numbers_and_then_says_so():
    today = day()
    today.queue.issued["A"] = 9998
    assert today.take() == "A9999"
    assert today.refuses(IssueTicket(service="pension")) is Refusal.NUMBERS_EXHAUSTED
    assert today.take("card") == "B001"


def test_a_hall_that_lends_no_numbers_leaves_none_out():
    today = day(alone={"block": 0})
    today.queue.issued["A"] = 899
    assert [today.take() for _ in range(101)] == [f"A{n}" for n in range(900, 1001)]


def test_numbers_past_999_are_called_in_their_order():
    today = day()
    today.queue.issued["A"] = 899
    taken = [today.take() for _ in range(3)]
    assert taken == ["A900", "A1000", "A1001"]  # 901 to 999 are for kiosks alone
    assert [today.call(1), today.call(2)] == ["A900", "A1000"]


def test_a_refused_or_voided_ticket_leaves_no_gap_and_gives_its_number_to_nobody():
    today = day()
    today.take()
    assert today.refuses(IssueTicket(service="visa")) is Refusal.UNKNOWN_SERVICE
    second = today.take(printed=False)
    today.ask(VoidTicket(ticket=second, reason="the paper never came"), "kiosk-1")
    assert [second, today.take()] == ["A002", "A003"]


def test_two_kiosks_share_one_run_of_numbers():
    today = day()
    assert [today.take(kiosk="kiosk-1"), today.take(kiosk="kiosk-2")] == ["A001", "A002"]


def test_a_ticket_says_who_issued_it_and_when():
    today = day()
    issued = only(TicketIssued, today.ask(IssueTicket(service="card", green="elderly"), "kiosk-2"))
    assert issued == TicketIssued(
        ticket="B001", service="card", kiosk="kiosk-2", issued_at=today.at, ahead=0, green="elderly"
    )


def test_ahead_are_those_of_the_same_service_who_wait():
    today = day()
    for service in ("pension", "pension", "card"):
        today.take(service)
    assert only(TicketIssued, today.ask(IssueTicket(service="pension"))).ahead == 2
    today.call(1)  # A001 is no longer waiting
    assert only(TicketIssued, today.ask(IssueTicket(service="pension"))).ahead == 2


def test_ahead_of_a_green_ticket_are_only_green_ones_and_ahead_of_a_normal_one_are_all():
    today = day()
    today.take()
    today.take()
    assert (
        only(TicketIssued, today.ask(IssueTicket(service="pension", green="military"))).ahead == 0
    )
    assert only(TicketIssued, today.ask(IssueTicket(service="pension", green="elderly"))).ahead == 1
    assert only(TicketIssued, today.ask(IssueTicket(service="pension"))).ahead == 4


def test_a_voided_ticket_is_ahead_of_nobody():
    today = day()
    today.ask(VoidTicket(ticket=today.take(printed=False), reason="jam"), "kiosk-1")
    assert only(TicketIssued, today.ask(IssueTicket(service="pension"))).ahead == 0


def test_a_ticket_without_paper_is_never_called():
    today = day()
    first = today.take(printed=False)
    assert today.refuses(CallNext(counter=1)) is Refusal.NOBODY_WAITING
    second = today.take()
    assert today.call(1) == second
    today.ask(ReportPrinted(ticket=first), "kiosk-1")
    assert today.call(2) == first


def test_paper_that_comes_late_keeps_the_place_of_its_number():
    today = day()
    first = today.take(printed=False)
    second = today.take()
    today.ask(ReportPrinted(ticket=first), "kiosk-1")
    assert [today.call(1), today.call(2)] == [first, second]


def test_a_failed_print_is_written_down_and_the_ticket_can_still_be_printed():
    today = day()
    ticket = today.take(printed=False)
    report = ReportPrintFailed(ticket=ticket, reason="the paper is out")
    assert today.ask(report, "kiosk-1") == (PrintFailed(ticket=ticket, reason="the paper is out"),)
    assert today.refuses(CallNext(counter=1)) is Refusal.NOBODY_WAITING
    assert today.ask(ReportPrinted(ticket=ticket), "kiosk-1") == (TicketPrinted(ticket=ticket),)
    assert today.call() == ticket


def test_paper_comes_once():
    today = day()
    ticket = today.take()
    assert today.refuses(ReportPrinted(ticket=ticket), "kiosk-1") is Refusal.ALREADY_SO


def test_a_kiosk_answers_for_its_own_paper_only():
    today = day()
    ticket = today.take(printed=False, kiosk="kiosk-1")
    for command in (
        ReportPrinted(ticket=ticket),
        ReportPrintFailed(ticket=ticket, reason="jam"),
        VoidTicket(ticket=ticket, reason="jam"),
    ):
        assert today.refuses(command, "kiosk-2") is Refusal.NOT_YOURS


def test_a_number_that_was_not_given_out_today_has_no_paper():
    today = day()
    for command in (
        ReportPrinted(ticket="A001"),
        ReportPrintFailed(ticket="A001", reason="jam"),
        VoidTicket(ticket="A001", reason="jam"),
    ):
        assert today.refuses(command, "kiosk-1") is Refusal.UNKNOWN_TICKET


def test_a_voided_ticket_is_never_called_nor_printed_nor_voided_again():
    today = day()
    ticket = today.take(printed=False)
    void = VoidTicket(ticket=ticket, reason="jam")
    assert today.ask(void, "kiosk-1") == (TicketVoided(ticket=ticket, reason="jam"),)
    assert today.refuses(CallNext(counter=1)) is Refusal.NOBODY_WAITING
    assert today.refuses(void, "kiosk-1") is Refusal.WRONG_STATE
    assert today.refuses(ReportPrinted(ticket=ticket), "kiosk-1") is Refusal.ALREADY_SO


def test_a_ticket_whose_paper_came_cannot_be_voided_for_its_visitor_may_hold_it():
    today = day()
    ticket = today.take()
    assert today.refuses(VoidTicket(ticket=ticket, reason="jam"), "kiosk-1") is Refusal.WRONG_STATE
    assert today.call() == ticket


def test_a_ticket_voided_in_the_middle_of_the_line_is_passed_over():
    today = day()
    first, second, third = today.take(), today.take(printed=False), today.take()
    today.ask(VoidTicket(ticket=second, reason="jam"), "kiosk-1")
    assert [today.call(1), today.call(2)] == [first, third]


@pytest.mark.parametrize("after", ["called", "no_show"])
def test_a_ticket_that_was_called_cannot_be_voided(after: str):
    today = day()
    ticket = today.take()
    today.call()
    if after == "no_show":
        today.ask(MarkNoShow(counter=1))
    assert today.refuses(VoidTicket(ticket=ticket, reason="jam"), "kiosk-1") is Refusal.WRONG_STATE


def test_a_kiosk_is_shown_the_numbers_it_owes_paper_for_oldest_first_at_most_twenty():
    today = day()
    today.take()
    owed = [today.take(printed=False) for _ in range(22)]
    elsewhere = today.take(printed=False, kiosk="kiosk-2")
    shown = kiosk_state(today.queue, "kiosk-1").unprinted
    assert [one.ticket for one in shown] == owed[:20]
    today.ask(ReportPrinted(ticket=owed[0]), "kiosk-1")
    today.ask(VoidTicket(ticket=owed[1], reason="jam"), "kiosk-1")
    assert [one.ticket for one in kiosk_state(today.queue, "kiosk-1").unprinted] == owed[2:]
    assert [one.ticket for one in kiosk_state(today.queue, "kiosk-2").unprinted] == [elsewhere]


def test_who_waits_is_shown_by_service_and_class_together():
    today = day(Window(services=("pension",)), Window(), open_=False)
    today.take("pension")
    today.take("pension", green="elderly")
    today.take("card", printed=False)
    shown = queue_state(today.queue, today.at).services
    assert (shown["pension"].waiting, shown["card"].waiting) == (2, 1)
    assert shown["pension"].counters == 0
    today.ask(OpenCounter(counter=1))
    today.ask(OpenCounter(counter=2))
    shown = queue_state(today.queue, today.at).services
    assert (shown["pension"].counters, shown["card"].counters) == (2, 1)


def test_numbers_begin_anew_each_day():
    today = day()
    assert [today.take(), today.take()] == ["A001", "A002"]
    today.ask(OpenDay(day=TUESDAY))
    assert today.take() == "A001"


def test_prefixes_that_change_hands_in_the_middle_of_the_day_give_no_number_twice():
    today = day()
    before = [today.take("pension"), today.take("pension"), today.take("card")]
    swapped = text_of(services={"pension": "B", "card": "A"})
    today.ask(AdoptSettings(text=swapped))
    after = [today.take("pension"), today.take("card"), today.take("card")]
    assert len({*before, *after}) == 6
