"""The laws of paper: the code that proves whose a ticket is, copies of the same number, and who owes them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from broker.messages import (
    CallNext,
    CancelTicket,
    ChangeService,
    DeviceCommand,
    EnterTicket,
    IssueTicket,
    OpenDay,
    Refusal,
    ReportPrinted,
    Reprint,
    ReprintOrdered,
    ReturnTicket,
    TicketIssued,
    TicketPrinted,
)
from broker.queue import Queue, kiosk_state
from tests.queue.halls import NINE, SECOND, TUESDAY, TWO, Day, day, hall_of, only, picture, text_of

SECRET = "0123456789abcdef" * 4


def issued(today: Day, kiosk: str = "kiosk-1", service: str = "pension") -> TicketIssued:
    """A ticket whose paper came."""
    today.later(SECOND)
    found = only(TicketIssued, today.ask(IssueTicket(service=service), kiosk))
    today.ask(ReportPrinted(ticket=found.ticket), kiosk)
    return found


def owed(today: Day, kiosk: str) -> list[tuple[str, int]]:
    """The papers that a kiosk owes, and which copy of each."""
    return [(one.ticket, one.copy) for one in kiosk_state(today.queue, kiosk).unprinted]


# --- codes ------------------------------------------------------------------------------------------


def test_a_code_is_six_letters_and_digits_that_only_the_number_and_the_days_secret_make():
    one, other = day(secret=SECRET), day(secret=SECRET[::-1])
    codes = [issued(one).code, issued(one).code, issued(other).code]
    assert [issued(day(secret=SECRET)).code, *codes[1:]] == codes
    assert len(set(codes)) == 3
    assert all(len(code) == 6 and code.isalnum() and code == code.upper() for code in codes)


def test_a_code_changes_with_the_day():
    today = day(secret=SECRET)
    first = issued(today)
    today.ask(OpenDay(day=TUESDAY, secret=SECRET[::-1]))
    second = issued(today)
    assert first.ticket == second.ticket
    assert first.code != second.code


def test_a_code_is_as_it_was_after_a_replay():
    today = day(secret=SECRET)
    code = issued(today).code
    again = Queue(hall_of(text_of(TWO)))
    for event, at in today.told:
        again.apply(event, at)
    assert picture(again) == picture(today.queue)
    assert again.tickets["A001"].code == code


ABOUT: dict[str, Callable[[str, str], DeviceCommand]] = {
    "reprint": lambda ticket, code: Reprint(ticket=ticket, code=code),
    "cancel": lambda ticket, code: CancelTicket(ticket=ticket, code=code),
    "change": lambda ticket, code: ChangeService(ticket=ticket, code=code, to_service="card"),
    "return": lambda ticket, code: ReturnTicket(ticket=ticket, code=code),
}


@pytest.mark.parametrize("about", ABOUT.values(), ids=ABOUT)
def test_at_a_kiosk_nobody_touches_a_ticket_without_its_code(
    about: Callable[[str, str], DeviceCommand],
):
    today = day(secret=SECRET)
    mine, other = issued(today), issued(today)
    for code in ("", "AAAAAA", other.code):
        assert today.refuses(about(mine.ticket, code), "kiosk-2") is Refusal.WRONG_CODE
    assert today.refuses(about("A999", mine.code), "kiosk-2") is Refusal.UNKNOWN_TICKET


@pytest.mark.parametrize("about", ABOUT.values(), ids=ABOUT)
def test_a_ticket_of_a_day_without_a_secret_has_no_code_and_no_kiosk_takes_none_for_it(
    about: Callable[[str, str], DeviceCommand],
):
    today = day()
    assert issued(today).code == ""
    assert today.refuses(about("A001", ""), "kiosk-1") is Refusal.WRONG_CODE


def test_a_code_may_be_typed_in_small_letters_and_with_spaces_around():
    today = day(secret=SECRET)
    ticket = issued(today)
    today.ask(CancelTicket(ticket=ticket.ticket, code=f" {ticket.code.lower()} "), "kiosk-2")


def test_staff_see_the_visitor_and_need_no_code():
    today = day(secret=SECRET)
    assert today.ask(CancelTicket(ticket=issued(today).ticket), "guide-1")
    assert today.ask(Reprint(ticket=issued(today).ticket, kiosk="kiosk-2"), "supervisor-1")


# --- copies -----------------------------------------------------------------------------------------


def test_a_reprint_is_one_more_copy_of_the_same_number_and_the_asking_kiosk_owes_it():
    today = day(secret=SECRET)
    ticket = issued(today, "kiosk-1")
    again = Reprint(ticket=ticket.ticket, code=ticket.code)
    assert today.ask(again, "kiosk-2") == (ReprintOrdered(ticket="A001", kiosk="kiosk-2", copy=1),)
    assert (owed(today, "kiosk-1"), owed(today, "kiosk-2")) == ([], [("A001", 1)])
    assert today.refuses(ReportPrinted(ticket="A001"), "kiosk-1") is Refusal.NOT_YOURS
    assert today.ask(ReportPrinted(ticket="A001"), "kiosk-2") == (TicketPrinted(ticket="A001"),)
    assert owed(today, "kiosk-2") == []
    assert today.ask(again, "kiosk-2") == (ReprintOrdered(ticket="A001", kiosk="kiosk-2", copy=2),)


def test_a_copy_says_what_the_first_paper_said():
    today = day(secret=SECRET)
    today.take()
    ticket = issued(today)
    today.take()
    today.later(60 * SECOND)
    today.ask(Reprint(ticket=ticket.ticket), "guide-1")
    (copy,) = kiosk_state(today.queue, "kiosk-1").unprinted
    assert (copy.ticket, copy.code, copy.ahead) == (ticket.ticket, ticket.code, 1)
    assert (copy.issued_at, copy.wait, copy.copy) == (ticket.issued_at, ticket.wait, 1)


def test_a_ticket_keeps_its_place_and_can_be_called_while_a_copy_of_it_is_printed():
    today = day(secret=SECRET)
    first, second = issued(today), issued(today)
    today.ask(Reprint(ticket=first.ticket, code=first.code), "kiosk-1")
    assert [today.call(1), today.call(2)] == [first.ticket, second.ticket]


def test_a_paper_that_never_came_from_one_kiosk_can_come_from_another():
    today = day()
    ticket = today.take(printed=False, kiosk="kiosk-1")
    today.ask(Reprint(ticket=ticket, kiosk="kiosk-2"), "guide-1")
    assert (owed(today, "kiosk-1"), owed(today, "kiosk-2")) == ([], [(ticket, 1)])
    assert today.refuses(CallNext(counter=1)) is Refusal.NOBODY_WAITING
    today.ask(ReportPrinted(ticket=ticket), "kiosk-2")
    assert today.call() == ticket


def test_staff_may_name_a_kiosk_and_without_one_the_tickets_own_prints():
    today = day(secret=SECRET)
    ticket = issued(today, "kiosk-2").ticket
    assert only(ReprintOrdered, today.ask(Reprint(ticket=ticket), "guide-1")).kiosk == "kiosk-2"
    for none in ("pad-1", "kiosk-9", "guide-1"):
        wish = Reprint(ticket=ticket, kiosk=none)
        assert today.refuses(wish, "guide-1") is Refusal.UNKNOWN_KIOSK


def test_a_number_written_by_hand_is_printed_where_somebody_says():
    today = day(secret=SECRET)
    today.ask(EnterTicket(ticket="X1", service="pension", issued_at=NINE), "guide-1")
    refusal = today.refusal(Reprint(ticket="X001"), "guide-1")
    assert refusal.code is Refusal.UNKNOWN_KIOSK
    assert refusal.reason == "X001 was written by hand: name the kiosk to print it"
    today.ask(Reprint(ticket="X001", kiosk="kiosk-1"), "guide-1")
    assert owed(today, "kiosk-1") == [("X001", 1)]
    assert today.call() == "X001"  # its paper is in the visitor's hand already


def test_a_ticket_whose_life_has_ended_is_not_printed_again():
    today = day(secret=SECRET)
    ticket = issued(today)
    today.ask(CancelTicket(ticket=ticket.ticket, code=ticket.code), "kiosk-1")
    again = Reprint(ticket=ticket.ticket, code=ticket.code)
    assert today.refuses(again, "kiosk-1") is Refusal.WRONG_STATE


# --- tickets that staff issue -----------------------------------------------------------------------


def test_a_ticket_that_a_guide_issues_is_printed_by_the_kiosk_the_guide_names():
    today = day()
    wish = IssueTicket(service="pension", green="elderly", kiosk="kiosk-2")
    assert only(TicketIssued, today.ask(wish, "guide-1")).kiosk == "kiosk-2"
    assert owed(today, "kiosk-2") == [("A001", 0)]
    today.ask(ReportPrinted(ticket="A001"), "kiosk-2")
    assert today.call() == "A001"


@pytest.mark.parametrize("kiosk", ["", "guide-1", "panel-1", "kiosk-9"])
def test_a_ticket_that_no_kiosk_would_print_is_not_issued(kiosk: str):
    wish = IssueTicket(service="pension", kiosk=kiosk)
    refusal = day().refusal(wish, "guide-1")
    assert refusal.code is Refusal.UNKNOWN_KIOSK
    assert "name the kiosk that shall print" in refusal.reason
