"""The laws of a visitor who did not come: void, kept, moved back, back in by a guide or by the ticket's own code."""

from __future__ import annotations

import pytest

from broker.messages import (
    AdoptSettings,
    BookAppointment,
    CallNext,
    CallTicket,
    ChangeService,
    CloseTicket,
    IssueTicket,
    LapseMissed,
    MarkNoShow,
    NoShowMarked,
    Refusal,
    ReturnTicket,
    Serve,
    TicketReturned,
    TicketVoided,
    Transfer,
)
from broker.queue import due, queue_state
from broker.queue.life import Status
from tests.queue.halls import MINUTE, SECOND, Day, Window, day, only, text_of


def missed(mode: str = "guide", *, others: int = 0, **more: int) -> tuple[Day, str]:
    """Somebody was called and did not come; so many others wait behind."""
    today = day(secret="of the day", no_show={"mode": mode, **more})
    ticket = today.take()
    for _ in range(others):
        today.take()
    today.call()
    today.ask(MarkNoShow(counter=1))
    return today, ticket


def code(today: Day, ticket: str) -> str:
    return today.queue.tickets[ticket].code


def check_in(today: Day, ticket: str) -> tuple[object, ...]:
    return today.ask(ReturnTicket(ticket=ticket, code=code(today, ticket)), "kiosk-2")


def calls(today: Day, number: int) -> list[str]:
    """Call so often, and nobody comes."""
    called = []
    for _ in range(number):
        called.append(today.call())
        today.ask(MarkNoShow(counter=1))
    return called


def serves(today: Day, number: int) -> list[str]:
    """Call so often, and everybody comes."""
    called = []
    for _ in range(number):
        called.append(today.call())
        today.ask(Serve(counter=1))
        today.ask(CloseTicket(counter=1))
    return called


# --- void ----------------------------------------------------------------------------------------------


def test_where_the_hall_says_so_a_missed_number_is_void_at_once():
    today = day(no_show={"mode": "void"})
    ticket = today.take()
    today.call()
    assert [type(event) for event in today.ask(MarkNoShow(counter=1))] == [
        NoShowMarked,
        TicketVoided,
    ]
    assert today.queue.tickets[ticket].status is Status.VOIDED
    assert queue_state(today.queue, today.at).missed == ()
    assert today.refuses(ReturnTicket(ticket=ticket), "guide-1") is Refusal.WRONG_STATE


@pytest.mark.parametrize("mode", ["calls", "minutes", "back", "guide"])
@pytest.mark.parametrize("times", [1, 2, 3])
def test_after_so_many_no_shows_a_number_is_void_in_every_mode(mode: str, times: int):
    today = day(no_show={"mode": mode, "times": times, "keep": 9})
    ticket = today.take()
    for time in range(1, times + 1):
        assert today.call() == ticket
        events = today.ask(MarkNoShow(counter=1))
        assert any(isinstance(event, TicketVoided) for event in events) == (time == times)
        if time < times and mode != "back":
            today.ask(ReturnTicket(ticket=ticket), "guide-1")
    assert today.queue.tickets[ticket].status is Status.VOIDED


# --- back in by a guide, or at a kiosk by the ticket's code ------------------------------------------------


@pytest.mark.parametrize("mode", ["calls", "minutes", "guide"])
def test_a_guide_brings_a_missed_visitor_back_to_the_old_place(mode: str):
    today, ticket = missed(mode, others=2)
    today.ask(ReturnTicket(ticket=ticket), "guide-1")
    assert queue_state(today.queue, today.at).missed == ()
    assert serves(today, 3) == [ticket, "A002", "A003"]


@pytest.mark.parametrize("mode", ["calls", "minutes"])
def test_a_missed_visitor_checks_in_at_any_kiosk_by_the_code_on_the_paper(mode: str):
    today, ticket = missed(mode)
    (returned,) = check_in(today, ticket)
    assert isinstance(returned, TicketReturned)
    assert today.call() == ticket


def test_a_wrong_code_brings_nobody_back():
    today, ticket = missed("minutes")
    for wrong in ("", "AAAAAA"):
        assert (
            today.refuses(ReturnTicket(ticket=ticket, code=wrong), "kiosk-1") is Refusal.WRONG_CODE
        )


def test_where_only_guides_bring_back_a_kiosk_does_not():
    today, ticket = missed("guide")
    asks = ReturnTicket(ticket=ticket, code=code(today, ticket))
    assert today.refuses(asks, "kiosk-1") is Refusal.STAFF_ONLY


def test_a_panel_does_not_bring_back_who_was_missed():
    today, ticket = missed("minutes")
    assert today.refuses(ReturnTicket(ticket=ticket), "panel-1") is Refusal.NOT_YOURS


def test_who_is_waiting_called_or_served_cannot_come_back():
    today, ticket = missed("minutes")
    check_in(today, ticket)
    again = ReturnTicket(ticket=ticket)
    assert today.refuses(again, "guide-1") is Refusal.WRONG_STATE
    today.call()
    assert today.refuses(again, "guide-1") is Refusal.WRONG_STATE


def test_missed_numbers_are_shown_the_newest_first_and_at_most_twenty():
    today = day()
    taken = [today.take() for _ in range(22)]
    calls(today, 22)
    assert queue_state(today.queue, today.at).missed == tuple(reversed(taken))[:20]


# --- how long a number is kept -----------------------------------------------------------------------------


def test_a_number_is_kept_for_so_many_calls_of_its_service():
    today, ticket = missed("calls", others=4, keep=3)
    today.take("card")
    called = [today.call(), only(NoShowMarked, today.ask(MarkNoShow(counter=1))).ticket]
    assert called == ["A002", "A002"]
    calls(today, 1)
    assert due(today.queue, today.at) == ()
    assert today.call() == "A004"
    assert due(today.queue, today.at) == (LapseMissed(ticket=ticket),)


def test_calls_of_another_service_do_not_count():
    today, _ = missed("calls", keep=1)
    today.take("card")
    assert today.call() == "B001"
    assert due(today.queue, today.at) == ()


def test_a_number_is_kept_for_so_many_minutes():
    today, ticket = missed("minutes", keep=5)
    today.later(5 * MINUTE - 1)
    assert due(today.queue, today.at) == ()
    today.later(1)
    assert due(today.queue, today.at) == (LapseMissed(ticket=ticket),)


@pytest.mark.parametrize("mode", ["calls", "minutes"])
def test_a_number_that_was_kept_long_enough_is_void_and_too_late_at_a_kiosk(mode: str):
    today, ticket = missed(mode, keep=1, others=1)
    today.later(MINUTE)
    today.call()
    late = ReturnTicket(ticket=ticket, code=code(today, ticket))
    assert today.refuses(late, "kiosk-1") is Refusal.TOO_LATE
    (lapse,) = (c for c in due(today.queue, today.at) if isinstance(c, LapseMissed))
    (voided,) = today.ask(lapse)
    assert isinstance(voided, TicketVoided)
    assert queue_state(today.queue, today.at).missed == ()
    assert today.ask(lapse) == ()


def test_who_came_back_in_time_does_not_lapse():
    today, ticket = missed("minutes", keep=5)
    check_in(today, ticket)
    today.later(6 * MINUTE)
    assert due(today.queue, today.at) == ()
    assert today.ask(LapseMissed(ticket=ticket)) == ()
    assert today.call() == ticket


def test_a_guide_may_still_bring_back_who_is_late_but_not_void_yet():
    today, ticket = missed("minutes", keep=1)
    today.later(MINUTE)
    today.ask(ReturnTicket(ticket=ticket), "guide-1")
    assert today.call() == ticket


# --- behind others -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("back", "then"), [(1, 1), (2, 2), (3, 3), (50, 3)])
def test_where_the_hall_says_so_a_missed_number_moves_back_so_many_places(back: int, then: int):
    today, ticket = missed("back", others=3, keep=back)
    order = ["A002", "A003", "A004"]
    order.insert(then, ticket)
    assert queue_state(today.queue, today.at).missed == ()
    assert serves(today, 4) == order


@pytest.mark.parametrize("behind", [0, 1, 2, 9])
def test_who_comes_back_waits_behind_as_many_as_the_hall_says(behind: int):
    today, ticket = missed("minutes", others=3, behind=behind)
    check_in(today, ticket)
    order = ["A002", "A003", "A004"]
    order.insert(min(behind, 3), ticket)
    assert serves(today, 4) == order


def test_two_who_come_back_keep_the_order_in_which_they_did():
    today = day(no_show={"mode": "guide", "behind": 1})
    taken = [today.take() for _ in range(4)]
    calls(today, 2)
    for ticket in (taken[1], taken[0]):
        today.ask(ReturnTicket(ticket=ticket), "guide-1")
    assert serves(today, 4) == [taken[2], taken[1], taken[0], taken[3]]


def test_who_comes_back_waits_behind_those_of_the_same_service_and_class_only():
    today = day(no_show={"mode": "guide", "behind": 2})
    ticket = today.take()
    calls(today, 1)
    card, green = today.take("card"), today.take(green="elderly")
    second = today.take()
    later = today.take("card")
    today.ask(ReturnTicket(ticket=ticket), "guide-1")
    assert serves(today, 5) == [green, card, second, ticket, later]


def test_nobody_gets_ahead_by_coming_back():
    today = day(no_show={"mode": "guide", "behind": 1})
    taken = [today.take() for _ in range(3)]
    today.ask(CallTicket(counter=1, ticket=taken[2], reason="a train to catch"), "supervisor-1")
    today.ask(MarkNoShow(counter=1))
    today.ask(ReturnTicket(ticket=taken[2]), "guide-1")
    assert serves(today, 3) == taken


def test_an_appointment_that_was_missed_does_not_wait_behind_those_whose_time_has_not_come():
    today = day(no_show={"mode": "guide", "behind": 3})
    for code_, starts in (("now", today.at), ("later", today.at + 10 * MINUTE)):
        today.ask(
            BookAppointment(code=code_, service="pension", starts=starts, ends=starts + 9 * MINUTE)
        )
    ours, early = today.take(appointment="now"), today.take(appointment="later")
    walk_in = today.take()
    calls(today, 1)
    today.ask(ReturnTicket(ticket=ours), "guide-1")
    assert serves(today, 3) == [ours, walk_in, early]


def test_who_was_missed_at_the_counter_he_was_sent_to_comes_back_to_it():
    today = day()
    ticket = today.take()
    today.call(1)
    today.ask(Transfer(counter=1, to_counter=2))
    today.call(2)
    today.ask(MarkNoShow(counter=2))
    today.ask(ReturnTicket(ticket=ticket), "guide-1")
    assert today.refuses(CallNext(counter=1)) is Refusal.NOBODY_WAITING
    assert today.call(2) == ticket


def test_who_comes_back_counts_among_those_ahead():
    today, ticket = missed("guide")
    assert queue_state(today.queue, today.at).services["pension"].waiting == 0
    today.ask(ReturnTicket(ticket=ticket), "guide-1")
    today.later(SECOND)
    (issued,) = today.ask(IssueTicket(service="pension"), "kiosk-1")
    assert getattr(issued, "ahead", None) == 1


def test_who_waits_for_a_service_that_is_no_more_comes_back_and_changes_to_another():
    today, ticket = missed("guide")
    today.ask(AdoptSettings(text=text_of(services={"visa": "V"}, counters=(Window(("visa",)),))))
    today.ask(ReturnTicket(ticket=ticket), "guide-1")
    assert today.refuses(CallNext(counter=1)) is Refusal.NOBODY_WAITING
    today.ask(ChangeService(ticket=ticket, to_service="visa"), "guide-1")
    assert today.call() == ticket
