"""The laws of a hold: who fetches a paper comes back to this counter, or to any, and has not lost the place."""

from __future__ import annotations

import pytest

from broker.messages import (
    CallNext,
    CloseTicket,
    HoldTicket,
    Phase,
    Refusal,
    ReturnTicket,
    Serve,
    TicketHeld,
    TicketReturned,
    Transfer,
)
from broker.queue import counter_state, queue_state
from broker.queue.life import Status
from tests.queue.halls import MINUTE, Day, day


def held(*, anywhere: bool = False, serving: bool = True) -> tuple[Day, str]:
    today = day(secret="of the day", next_while_serving="close")
    ticket = today.take()
    today.call(1)
    if serving:
        today.ask(Serve(counter=1))
    today.ask(HoldTicket(counter=1, anywhere=anywhere, reason="a copy"))
    return today, ticket


@pytest.mark.parametrize("serving", [False, True])
def test_a_hold_frees_the_counter_and_the_ticket_waits_for_nobody(serving: bool):
    today, ticket = held(serving=serving)
    assert today.told[-1][0] == TicketHeld(ticket=ticket, counter=1, to_counter=1, reason="a copy")
    assert today.queue.tickets[ticket].status is Status.HELD
    assert counter_state(today.queue, 1).phase is Phase.IDLE
    assert queue_state(today.queue, today.at).services["pension"].waiting == 0
    assert today.refuses(CallNext(counter=1)) is Refusal.NOBODY_WAITING


def test_a_counter_shows_who_is_on_hold_there_the_longest_first():
    today = day()
    taken = [today.take() for _ in range(3)]
    for counter in (1, 2, 1):
        today.call(counter)
        today.ask(HoldTicket(counter=counter, anywhere=counter == 2))
    assert counter_state(today.queue, 1).held == (taken[0], taken[2])
    assert counter_state(today.queue, 2).held == (taken[1],)
    today.ask(ReturnTicket(ticket=taken[0]), "panel-1")
    assert counter_state(today.queue, 1).held == (taken[2],)


def test_who_comes_back_from_a_hold_is_called_next_and_at_that_counter_alone():
    today, ticket = held()
    later = today.take()
    assert today.ask(ReturnTicket(ticket=ticket), "panel-1") == (
        TicketReturned(ticket=ticket, place=today.queue.tickets[ticket].place, to_counter=1),
    )
    assert today.call(2) == later
    assert today.call(1) == ticket


def test_where_the_clerk_said_so_any_counter_may_go_on():
    today, ticket = held(anywhere=True)
    today.take()
    today.ask(ReturnTicket(ticket=ticket), "panel-1")
    assert today.call(2) == ticket


def test_a_panel_returns_only_who_is_on_hold_at_its_own_counter():
    today, ticket = held(anywhere=True)
    assert today.refuses(ReturnTicket(ticket=ticket), "panel-2") is Refusal.NOT_YOURS
    today.ask(ReturnTicket(ticket=ticket), "panel-1")


@pytest.mark.parametrize("mode", ["void", "calls", "minutes", "back", "guide"])
def test_a_kiosk_returns_who_is_on_hold_by_the_code_whatever_becomes_of_no_shows(mode: str):
    today = day(secret="of the day", no_show={"mode": mode, "behind": 3, "keep": 1})
    ticket, _ = today.take(), today.take()
    today.call(1)
    today.ask(HoldTicket(counter=1, anywhere=True))
    today.call(2)
    today.later(2 * MINUTE)
    today.take()
    code = today.queue.tickets[ticket].code
    wrong = ReturnTicket(ticket=ticket, code="AAAAAA")
    assert today.refuses(wrong, "kiosk-1") is Refusal.WRONG_CODE
    today.ask(ReturnTicket(ticket=ticket, code=code.lower()), "kiosk-1")
    assert today.call(1) == ticket


def test_a_guide_returns_who_is_on_hold():
    today, ticket = held()
    today.ask(ReturnTicket(ticket=ticket), "guide-1")
    assert today.call(1) == ticket


def test_time_on_hold_is_no_service():
    today = day()
    today.take()
    for busy in (4 * MINUTE, 2 * MINUTE):
        today.call(1)
        today.ask(Serve(counter=1))
        today.later(busy)
        if busy == 4 * MINUTE:
            today.ask(HoldTicket(counter=1))
            today.later(60 * MINUTE)
            today.ask(ReturnTicket(ticket="A001"), "panel-1")
    today.ask(CloseTicket(counter=1))
    assert today.queue.paces["pension"].mean == 3 * MINUTE


def test_the_counter_that_put_a_visitor_on_hold_took_him_first():
    today, ticket = held(anywhere=True)
    today.ask(ReturnTicket(ticket=ticket), "panel-1")
    today.call(2)
    today.ask(Serve(counter=2))
    assert today.queue.tickets[ticket].first_counter == 1


def test_who_is_on_hold_can_be_neither_served_nor_sent_on():
    today, _ = held()
    assert today.refuses(CloseTicket(counter=1)) is Refusal.NOT_SERVING
    assert today.refuses(Transfer(counter=1, to_service="card")) is Refusal.NOTHING_CALLED


def test_a_counter_without_a_ticket_holds_nobody():
    assert day().refuses(HoldTicket(counter=1)) is Refusal.NOTHING_CALLED
