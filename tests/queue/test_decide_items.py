"""The laws of what a visitor came for: what they chose and for whom goes with the ticket, and what the paper told them is kept."""

from __future__ import annotations

import msgspec
import pytest

from broker.messages import (
    AloneCommand,
    BorrowBlock,
    CallNext,
    ChangeService,
    IssueTicket,
    ReportIssuedAlone,
    ReportPrinted,
    Serve,
    TicketIssued,
    TicketPrinted,
    Transfer,
    Version,
)
from broker.queue import counter_state, kiosk_state
from tests.queue.halls import MONDAY, Day, day, only

WISH = IssueTicket(service="pension", item="pension-claim", agent=True, english=True)


def came(today: Day) -> str:
    """Who chose what they came for, with paper."""
    number = only(TicketIssued, today.ask(WISH, "kiosk-1")).ticket
    today.ask(ReportPrinted(ticket=number), "kiosk-1")
    return number


def at_counter(today: Day) -> tuple[str, bool]:
    state = counter_state(today.queue, 1)
    return state.item, state.agent


def test_item_agent_and_language_go_from_the_wish_to_the_paper_that_is_owed():
    today = day()
    issued = only(TicketIssued, today.ask(WISH, "kiosk-1"))
    assert (issued.item, issued.agent, issued.english) == ("pension-claim", True, True)
    (owed,) = kiosk_state(today.queue, "kiosk-1").unprinted
    assert (owed.item, owed.agent, owed.english) == ("pension-claim", True, True)


def test_the_counter_shows_what_is_served_while_it_has_the_ticket():
    today = day()
    assert at_counter(today) == ("", False)
    came(today)
    assert at_counter(today) == ("", False)
    today.ask(CallNext(counter=1))
    assert at_counter(today) == ("pension-claim", True)


def test_a_kiosk_alone_tells_them_later():
    today = day()
    asked: list[tuple[AloneCommand, str]] = [(BorrowBlock(service="pension"), "kiosk-1")]
    alone = ReportIssuedAlone(
        ticket="A901",
        service="pension",
        day=MONDAY,
        issued_at=today.at,
        item="pension-claim",
        agent=True,
        english=True,
    )
    asked.append((alone, "kiosk-1"))
    for command, kiosk in asked:
        events = today.ask(command, kiosk)
    issued = only(TicketIssued, events)
    assert (issued.item, issued.agent, issued.english) == ("pension-claim", True, True)


@pytest.mark.parametrize("by_visitor", [True, False])
def test_with_another_service_the_item_is_no_longer_what_it_is_about(by_visitor: bool):
    today = day()
    number = came(today)
    if by_visitor:
        today.ask(ChangeService(ticket=number, to_service="card"), "guide-1")
    else:
        today.ask(CallNext(counter=1))
        today.ask(Serve(counter=1))
        today.ask(Transfer(counter=1, to_service="card"))
    ticket = today.queue.tickets[number]
    assert (ticket.service, ticket.item, ticket.agent) == ("card", "", True)


def test_to_another_counter_of_the_same_service_it_stays():
    today = day()
    number = came(today)
    today.ask(CallNext(counter=1))
    today.ask(Serve(counter=1))
    today.ask(Transfer(counter=1, to_counter=2))
    assert today.queue.tickets[number].item == "pension-claim"


def test_what_the_paper_told_stands_in_the_journal_with_its_versions():
    today = day()
    number = only(TicketIssued, today.ask(WISH, "kiosk-1")).ticket
    told = (Version("pension-claim", 3), Version("pension-stop", 1))
    printed = today.ask(ReportPrinted(ticket=number, items=told), "kiosk-1")
    assert printed == (TicketPrinted(ticket=number, items=told),)


def test_rows_from_before_say_nothing_of_it_and_new_ones_no_more_than_is_so():
    before = b'{"type":"TicketPrinted","ticket":"A001"}'
    printed = msgspec.json.decode(before, type=TicketPrinted)
    assert printed == TicketPrinted(ticket="A001")
    assert msgspec.json.encode(printed) == before
