"""The laws of a kiosk alone, as the hub sees them: lent numbers are nobody else's; what was given out joins, once."""

from __future__ import annotations

import pytest

from broker.messages import (
    BlockLent,
    BorrowBlock,
    CommandWithdrawn,
    IssueTicket,
    OpenDay,
    Refusal,
    ReportIssuedAlone,
    ReportPrinted,
    StopIssuing,
    TicketIssued,
    TicketReportedLate,
    TicketVoided,
    Withdraw,
)
from broker.queue import kiosk_state
from tests.queue.halls import MINUTE, MONDAY, TUESDAY, Day, Window, clock, day, only

BORROW = BorrowBlock(service="pension")


def borrow(today: Day, kiosk: str = "kiosk-1", service: str = "pension") -> BlockLent:
    return only(BlockLent, today.ask(BorrowBlock(service=service), kiosk))


def gave(today: Day, ticket: str, ago: int = MINUTE, green: str = "") -> ReportIssuedAlone:
    """What a kiosk tells of a ticket that it gave out so long ago."""
    return ReportIssuedAlone(
        ticket=ticket, service="pension", day=MONDAY, issued_at=today.at - ago, green=green
    )


# --- lent numbers --------------------------------------------------------------------------------------


def test_a_block_is_the_beginning_of_the_last_tenth_and_the_next_one_goes_on():
    today = day(alone={"block": 3})
    assert list(borrow(today).numbers) == ["A901", "A902", "A903"]
    assert list(borrow(today, "kiosk-2").numbers) == ["A904", "A905", "A906"]
    assert list(borrow(today).numbers) == ["A907", "A908", "A909"]
    assert list(borrow(today, service="card").numbers) == ["B901", "B902", "B903"]


def test_four_digits_have_a_series_of_their_own():
    today = day(alone={"block": 2}, number_digits=4)
    assert list(borrow(today).numbers) == ["A9001", "A9002"]
    today.queue.issued["A"] = 8999
    assert today.take() == "A9000"
    assert today.refuses(IssueTicket(service="pension")) is Refusal.NUMBERS_EXHAUSTED


def test_no_kiosk_is_lent_more_than_its_share_of_the_series():
    today = day(alone={"block": 40})
    lent = [len(borrow(today).numbers), len(borrow(today).numbers)]
    assert lent == [40, 9]  # half of 901 to 999
    assert today.refuses(BORROW, "kiosk-1") is Refusal.NUMBERS_EXHAUSTED
    assert len(borrow(today, "kiosk-2").numbers) == 40


def test_a_hall_may_lend_nothing():
    assert day(alone={"block": 0}).refuses(BORROW, "kiosk-1") is Refusal.NUMBERS_EXHAUSTED


def test_a_block_is_for_its_day_and_the_next_day_begins_anew():
    today = day(alone={"block": 2})
    block = borrow(today)
    assert (block.day, block.until) == (MONDAY, clock("00:00", TUESDAY))
    today.at = clock("00:01", TUESDAY)
    today.ask(OpenDay(day=TUESDAY))
    block = borrow(today, "kiosk-2")
    assert (block.day, list(block.numbers)) == (TUESDAY, ["A901", "A902"])


@pytest.mark.parametrize(
    ("opening", "hours"),
    [
        (None, ((clock("00:00"), clock("00:00", TUESDAY)),)),
        (
            {"sessions": ("09:00-12:00", "13:30-17:00")},
            ((clock("09:00"), clock("11:45")), (clock("13:30"), clock("16:45"))),
        ),
        ({"sessions": ("09:00-12:00",), "weekdays": (2, 3)}, ()),
    ],
)
def test_a_block_says_when_tickets_may_be_given(
    opening: dict[str, object] | None, hours: tuple[tuple[int, int], ...]
):
    services = {"pension": {"prefix": "A", "last_ticket_min": 15}, "card": "B"}
    today = day(opening=opening, services=services)
    assert borrow(today).hours == hours


def test_the_code_for_each_number_is_lent_with_it():
    today = day(secret="secret", alone={"block": 2})
    block = borrow(today)
    today.ask(gave(today, "A901"), "kiosk-1")
    assert block.numbers["A901"] == today.queue.tickets["A901"].code != ""
    assert block.numbers["A901"] != block.numbers["A902"]


# --- what was given out alone --------------------------------------------------------------------------


def test_a_ticket_given_out_alone_joins_by_its_time_of_issue_once_it_is_printed():
    today = day(Window(), Window(), Window())
    borrow(today)
    today.later(10 * MINUTE)
    later = today.take()
    assert only(TicketIssued, today.ask(gave(today, "A901"), "kiosk-1")).alone
    assert [owed.ticket for owed in kiosk_state(today.queue, "kiosk-1").unprinted] == ["A901"]
    assert today.call(1) == later, "nobody is called whose paper may not have come"
    after = today.take()
    today.ask(ReportPrinted(ticket="A901"), "kiosk-1")
    assert [today.call(2), today.call(3)] == ["A901", after]


def test_the_green_channel_works_alone_too():
    today = day()
    borrow(today)
    today.take()
    today.ask(gave(today, "A901", green="elderly"), "kiosk-1")
    today.ask(ReportPrinted(ticket="A901"), "kiosk-1")
    assert today.call() == "A901"


def test_a_ticket_given_out_alone_leaves_the_running_numbers_as_they_are():
    today = day()
    borrow(today)
    today.take()
    today.ask(gave(today, "A901"), "kiosk-1")
    assert today.take() == "A002"


def test_it_is_taken_in_though_no_ticket_of_its_service_is_given_by_now():
    today = day(services={"pension": {"prefix": "A", "quota_day": 1}, "card": "B"})
    borrow(today)
    today.take()
    today.ask(StopIssuing())
    assert only(TicketIssued, today.ask(gave(today, "A901"), "kiosk-1")).ticket == "A901"
    assert today.queue.taken["pension"] == 2


def test_a_kiosk_whose_clock_is_ahead_puts_nobody_behind_those_who_come_later():
    today = day()
    borrow(today)
    today.ask(gave(today, "A901", ago=-60 * MINUTE), "kiosk-1")
    today.ask(ReportPrinted(ticket="A901"), "kiosk-1")
    later = today.take()
    assert [today.call(1), today.call(2)] == ["A901", later]


@pytest.mark.parametrize(
    ("ticket", "kiosk", "sentence"),
    [
        ("A999", "kiosk-1", "A999 of 'pension' alone, a number it was not lent"),
        ("A001", "kiosk-1", "a number it was not lent"),
        ("B901", "kiosk-1", "a number it was not lent"),
        ("A901", "kiosk-2", "'kiosk-2' gave out A901"),
    ],
)
def test_a_number_that_the_kiosk_was_not_lent_is_refused(ticket: str, kiosk: str, sentence: str):
    today = day()
    borrow(today)
    borrow(today, service="card")
    refused = today.refusal(gave(today, ticket), kiosk)
    assert refused.code is Refusal.NOT_LENT
    assert sentence in refused.reason


def test_a_number_that_was_given_out_twice_is_refused_with_what_to_do():
    today = day()
    borrow(today)
    today.ask(gave(today, "A901"), "kiosk-1")
    refused = today.refusal(gave(today, "A901", ago=0), "kiosk-1")
    assert (refused.code, refused.ticket) == (Refusal.NOT_LENT, "A901")
    assert "two papers bear it" in refused.reason


def test_a_ticket_of_a_day_that_is_over_is_written_down_and_waits_for_nothing():
    today = day()
    borrow(today)
    told = gave(today, "A901", green="elderly")
    today.at = clock("08:00", TUESDAY)
    today.ask(OpenDay(day=TUESDAY))
    borrow(today)
    late = only(TicketReportedLate, today.ask(told, "kiosk-1"))
    assert (late.ticket, late.kiosk, late.day, late.issued_at, late.green) == (
        "A901",
        "kiosk-1",
        MONDAY,
        told.issued_at,
        "elderly",
    )
    assert today.queue.tickets == {}


# --- what is taken back ----------------------------------------------------------------------------------


def test_a_withdrawn_ticket_whose_paper_has_not_come_is_voided():
    today = day()
    issued = today.ask(IssueTicket(service="pension"), "kiosk-1")
    events = today.ask(Withdraw(command_id="c1"), "kiosk-1", issued)
    assert only(TicketVoided, events).reason == "withdrawn: the kiosk gave another number"
    withdrawn = only(CommandWithdrawn, events)
    assert (withdrawn.command_id, withdrawn.ticket) == ("c1", "A001")
    assert withdrawn.issued_at == today.at
    assert kiosk_state(today.queue, "kiosk-1").unprinted == ()


def test_a_ticket_that_a_visitor_holds_stays_though_its_command_is_withdrawn():
    today = day()
    issued = today.ask(IssueTicket(service="pension"), "kiosk-1")
    today.ask(ReportPrinted(ticket="A001"), "kiosk-1")
    assert today.ask(Withdraw(command_id="c1"), "kiosk-1", issued) == (
        CommandWithdrawn(command_id="c1"),
    )
    assert today.call() == "A001"


def test_a_kiosk_withdraws_no_ticket_of_another():
    today = day()
    issued = today.ask(IssueTicket(service="pension"), "kiosk-1")
    assert today.ask(Withdraw(command_id="c1"), "kiosk-2", issued) == (
        CommandWithdrawn(command_id="c1"),
    )


def test_a_withdrawal_that_comes_a_day_late_spares_todays_ticket_of_that_number():
    today = day()
    issued = today.ask(IssueTicket(service="pension"), "kiosk-1")
    today.at = clock("09:00", TUESDAY)
    today.ask(OpenDay(day=TUESDAY))
    assert today.take(printed=False) == "A001"
    assert today.ask(Withdraw(command_id="c1"), "kiosk-1", issued) == (
        CommandWithdrawn(command_id="c1"),
    )


@pytest.mark.parametrize("again", [1, 2])
def test_a_withdrawal_that_comes_again_under_another_id_does_nothing_more(again: int):
    today = day()
    issued = today.ask(IssueTicket(service="pension"), "kiosk-1")
    for _ in range(again):
        today.ask(Withdraw(command_id="c1"), "kiosk-1", issued)
    assert today.ask(Withdraw(command_id="c1"), "kiosk-1", issued) == (
        CommandWithdrawn(command_id="c1"),
    )
