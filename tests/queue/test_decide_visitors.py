"""The laws of what visitors and guides may do with a ticket: cancel it, or change its service."""

from __future__ import annotations

import pytest

from broker.messages import (
    CallNext,
    CancelTicket,
    ChangeService,
    HoldTicket,
    IssueTicket,
    MarkNoShow,
    Refusal,
    ReportPrinted,
    ReprintOrdered,
    ReturnTicket,
    ServiceChanged,
    StopIssuing,
    TicketCancelled,
    Transfer,
)
from broker.queue import kiosk_state, queue_state
from broker.queue.life import Status
from tests.queue.halls import Day, Window, day

CARD_ONLY = (Window(services=("pension",)), Window(services=("card",)))


def hall(*windows: Window) -> Day:
    return day(*(windows or CARD_ONLY), secret="of the day")


def code(today: Day, ticket: str) -> str:
    return today.queue.tickets[ticket].code


# --- cancel ----------------------------------------------------------------------------------------------


def test_a_visitor_who_goes_cancels_by_the_code_on_the_paper():
    today = hall()
    ticket, second = today.take(), today.take()
    cancels = CancelTicket(ticket=ticket, code=code(today, ticket), reason="no time")
    wrong = CancelTicket(ticket=ticket, code=code(today, second))
    assert today.refuses(wrong, "kiosk-1") is Refusal.WRONG_CODE
    assert today.ask(cancels, "kiosk-1") == (TicketCancelled(ticket=ticket, reason="no time"),)
    assert today.refuses(cancels, "kiosk-1") is Refusal.WRONG_STATE
    assert today.call(1) == second
    assert today.queue.tickets[ticket].status is Status.CANCELLED


@pytest.mark.parametrize("away", [MarkNoShow(counter=1), HoldTicket(counter=1)])
def test_who_was_missed_or_is_on_hold_may_cancel_too(away: MarkNoShow | HoldTicket):
    today = hall()
    ticket = today.take()
    today.call(1)
    assert today.refuses(CancelTicket(ticket=ticket), "guide-1") is Refusal.WRONG_STATE
    today.ask(away)
    today.ask(CancelTicket(ticket=ticket), "guide-1")
    assert (today.queue.missed, today.queue.held) == ({}, {})
    assert today.refuses(ReturnTicket(ticket=ticket), "guide-1") is Refusal.WRONG_STATE


def test_a_cancelled_ticket_of_one_counters_own_line_is_not_called():
    today = hall(Window(), Window())
    ticket = today.take()
    today.call(1)
    today.ask(Transfer(counter=1, to_counter=2))
    today.ask(CancelTicket(ticket=ticket), "guide-1")
    assert today.refuses(CallNext(counter=2)) is Refusal.NOBODY_WAITING


def test_a_ticket_cancelled_before_its_paper_came_is_owed_no_more():
    today = hall()
    ticket = today.take(printed=False)
    today.ask(CancelTicket(ticket=ticket), "guide-1")
    assert kiosk_state(today.queue, "kiosk-1").unprinted == ()
    assert today.refuses(ReportPrinted(ticket=ticket), "kiosk-1") is Refusal.ALREADY_SO


# --- change of service -------------------------------------------------------------------------------------


def test_a_change_of_service_keeps_number_place_and_class():
    today = hall()
    walk_in, green = today.take("card"), today.take("pension", green="elderly")
    ours, later = today.take("pension"), today.take("card")
    for ticket in (ours, green):
        today.ask(ChangeService(ticket=ticket, to_service="card"), "guide-1")
    shown = queue_state(today.queue, today.at).services
    assert (shown["pension"].waiting, shown["card"].waiting) == (0, 4)
    called = []
    for _ in range(4):
        called.append(today.call(2))
        today.ask(MarkNoShow(counter=2))
    assert called == [green, walk_in, ours, later]


def test_the_kiosk_at_which_the_service_is_changed_owes_the_new_paper():
    today = hall()
    ticket = today.take("pension", kiosk="kiosk-1")
    change = ChangeService(ticket=ticket, to_service="card", code=code(today, ticket))
    assert today.ask(change, "kiosk-2") == (
        ServiceChanged(ticket=ticket, to_service="card"),
        ReprintOrdered(ticket=ticket, kiosk="kiosk-2", copy=1),
    )
    (owed,) = kiosk_state(today.queue, "kiosk-2").unprinted
    assert (owed.ticket, owed.service, owed.copy) == (ticket, "card", 1)
    assert today.call(2) == ticket  # the number is in the visitor's hand already


def test_a_guide_changes_the_service_with_a_new_paper_from_a_kiosk_or_without():
    today = hall()
    without, with_ = today.take(), today.take()
    assert today.ask(ChangeService(ticket=without, to_service="card"), "guide-1") == (
        ServiceChanged(ticket=without, to_service="card"),
    )
    asked = ChangeService(ticket=with_, to_service="card", kiosk="kiosk-2")
    assert len(today.ask(asked, "guide-1")) == 2
    nowhere = ChangeService(ticket=with_, to_service="pension", kiosk="panel-1")
    assert today.refuses(nowhere, "guide-1") is Refusal.UNKNOWN_KIOSK


@pytest.mark.parametrize(
    ("to", "why"),
    [("pension", Refusal.ALREADY_SO), ("visa", Refusal.UNKNOWN_SERVICE)],
)
def test_a_change_that_leads_nowhere_is_refused(to: str, why: Refusal):
    today = hall()
    asked = ChangeService(ticket=today.take(), to_service=to)
    assert today.refuses(asked, "guide-1") is why


def test_only_who_waits_with_paper_in_hand_changes_the_service():
    today = hall()
    ticket, unprinted = today.take(), today.take(printed=False)
    asked = ChangeService(ticket=unprinted, to_service="card")
    assert today.refuses(asked, "guide-1") is Refusal.WRONG_STATE
    wrong = ChangeService(ticket=ticket, to_service="card", code="AAAAAA")
    assert today.refuses(wrong, "kiosk-1") is Refusal.WRONG_CODE
    today.call(1)
    asked = ChangeService(ticket=ticket, to_service="card")
    assert today.refuses(asked, "guide-1") is Refusal.WRONG_STATE


def test_who_was_sent_to_one_counter_and_changes_the_service_waits_for_any_that_serves_it():
    today = hall(Window(), Window(), Window(services=("card",)))
    ticket = today.take()
    today.call(1)
    today.ask(Transfer(counter=1, to_counter=2))
    today.ask(ChangeService(ticket=ticket, to_service="card"), "guide-1")
    assert today.call(3) == ticket


def test_a_visitor_does_not_get_round_a_quota_by_changing_the_service_but_a_guide_may():
    services = {"pension": "A", "card": {"prefix": "B", "quota_day": 1}}
    today = day(services=services, secret="of the day")
    changes = [
        ChangeService(ticket=ticket, to_service="card", code=code(today, ticket))
        for ticket in (today.take("pension"), today.take("pension"))
    ]
    today.ask(changes[0], "kiosk-1")
    assert today.refuses(changes[1], "kiosk-1") is Refusal.QUOTA_OF_DAY
    assert today.refuses(IssueTicket(service="card"), "kiosk-1") is Refusal.QUOTA_OF_DAY
    today.ask(changes[1], "guide-1")


def test_nor_round_an_early_closing():
    today = hall()
    ticket = today.take("pension")
    today.ask(StopIssuing(services=("card",), reason="full"), "supervisor-1")
    change = ChangeService(ticket=ticket, to_service="card", code=code(today, ticket))
    assert today.refuses(change, "kiosk-1") is Refusal.ISSUING_STOPPED
    today.ask(change, "guide-1")
