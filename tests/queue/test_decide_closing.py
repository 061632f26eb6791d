"""The laws of a session's end: it is told once, and who still waits is served on or sent home, as the hall says."""

from __future__ import annotations

import pytest

from broker.messages import (
    AdoptSettings,
    BookAppointment,
    CloseTicket,
    EndSession,
    EnterTicket,
    Event,
    HoldTicket,
    IssueTicket,
    MarkNoShow,
    OpenDay,
    Refusal,
    Serve,
    SessionEnded,
    TicketCancelled,
)
from broker.queue import due, kiosk_state, queue_state
from broker.queue.life import Status
from tests.queue.halls import MINUTE, MONDAY, TUESDAY, TWO, Day, Services, clock, day, text_of

HOURS = ("09:00-12:00", "13:30-17:00")
BOTH = (EndSession(service="pension"), EndSession(service="card"))


def at_hall(at_closing: str = "cancel", **opening: object) -> Day:
    return day(opening={"sessions": HOURS, "at_closing": at_closing, **opening})


def tick(today: Day, at: str, date: str = MONDAY) -> tuple[Event, ...]:
    """What the hub tells itself at this hour."""
    today.at = clock(at, date)
    return tuple(event for command in due(today.queue, today.at) for event in today.ask(command))


def test_the_end_of_the_last_session_is_told_once_for_each_service():
    today = at_hall()
    for at in ("09:00", "12:00", "13:00", "16:59:59"):
        assert tick(today, at) == ()
    assert tick(today, "17:00") == (SessionEnded(service="pension"), SessionEnded(service="card"))
    for at in ("17:00:01", "23:59:59"):
        assert tick(today, at) == ()


def test_each_service_ends_by_its_own_hours():
    services: Services = {"pension": {"prefix": "A", "sessions": ("09:00-11:00",)}, "card": "B"}
    today = day(services=services, opening={"sessions": HOURS})
    assert tick(today, "11:00") == (SessionEnded(service="pension"),)
    assert tick(today, "17:00") == (SessionEnded(service="card"),)


def test_a_hall_that_is_always_open_and_a_day_without_sessions_have_no_end():
    today = day()
    assert tick(today, "23:59") == ()
    assert tick(at_hall(closed_days=(MONDAY,)), "23:59") == ()


def test_where_tickets_are_served_on_everybody_keeps_his_place_and_is_called():
    today = at_hall("serve_on")
    today.at = clock("16:59")
    first, second = today.take(), today.take()
    assert tick(today, "17:00") == (SessionEnded(service="pension"), SessionEnded(service="card"))
    assert [today.call(1), today.call(2)] == [first, second]
    assert today.refuses(IssueTicket(service="pension")) is Refusal.NOT_OPEN


def test_where_they_are_cancelled_all_who_wait_are_missed_or_are_away_are_sent_home():
    today = at_hall()
    today.at = clock("16:50")
    missed, away, serving, waits = today.take(), today.take(), today.take(), today.take()
    unprinted, card = today.take(printed=False), today.take("card")
    today.call(1)
    today.ask(MarkNoShow(counter=1))
    today.call(1)
    today.ask(HoldTicket(counter=1))
    today.call(1)
    today.ask(Serve(counter=1))
    home = (missed, away, waits, unprinted)
    assert tick(today, "17:00") == (
        *(TicketCancelled(ticket=number, reason="the session has ended") for number in home),
        SessionEnded(service="pension", cancelled=home),
        TicketCancelled(ticket=card, reason="the session has ended"),
        SessionEnded(service="card", cancelled=(card,)),
    )
    assert today.queue.tickets[serving].status is Status.SERVING
    assert all(not one.waiting for one in queue_state(today.queue, today.at).services.values())
    assert queue_state(today.queue, today.at).missed == ()
    assert kiosk_state(today.queue, "kiosk-1").unprinted == ()
    assert today.ask(CloseTicket(counter=1))


def test_an_appointment_after_the_end_is_none_any_more():
    today = at_hall("serve_on")
    today.at = clock("16:30")
    today.ask(
        BookAppointment(code="late", service="pension", starts=clock("16:45"), ends=clock("17:00"))
    )
    today.at = clock("17:00")
    wish = IssueTicket(service="pension", appointment="late")
    assert today.refuses(wish, "kiosk-1") is Refusal.NOT_OPEN


def test_a_number_given_by_hand_before_the_end_can_be_entered_after_it():
    today = at_hall("serve_on")
    tick(today, "17:05")
    today.ask(EnterTicket(ticket="X1", service="pension", issued_at=clock("16:40")))
    assert today.call() == "X001"


def test_hours_that_are_lengthened_after_the_end_end_once_more():
    today = at_hall()
    tick(today, "17:00")
    longer = {"sessions": ("09:00-18:00",), "at_closing": "cancel"}
    today.ask(AdoptSettings(text=text_of(TWO, opening=longer)))
    assert tick(today, "17:10") == ()
    ticket = today.take()
    assert tick(today, "18:00") == (
        TicketCancelled(ticket=ticket, reason="the session has ended"),
        SessionEnded(service="pension", cancelled=(ticket,)),
        SessionEnded(service="card"),
    )
    assert tick(today, "18:01") == ()


def test_hours_that_are_shortened_to_before_now_end_at_once():
    today = at_hall()
    today.at = clock("15:00")
    today.ask(AdoptSettings(text=text_of(TWO, opening={"sessions": ("09:00-14:00",)})))
    assert due(today.queue, today.at) == BOTH


@pytest.mark.parametrize("at", ["00:00", "18:00"])
def test_yesterdays_sessions_are_not_ended_today_but_closed_with_their_day(at: str):
    today = at_hall()
    today.at = clock("10:00")
    today.take()
    assert tick(today, at, TUESDAY) == ()
    today.ask(OpenDay(day=TUESDAY))
    assert due(today.queue, today.at) == (BOTH if at == "18:00" else ())


def test_a_hub_that_was_off_at_the_end_tells_it_when_it_is_back():
    today = at_hall()
    today.at = clock("16:59")
    ticket = today.take()
    assert TicketCancelled(ticket=ticket, reason="the session has ended") in tick(today, "17:40")


def test_nothing_waits_into_tomorrow_however_a_session_ended():
    for at_closing in ("serve_on", "cancel"):
        today = at_hall(at_closing)
        today.at = clock("16:59")
        today.take()
        tick(today, "17:00")
        today.at = clock("00:00", TUESDAY) + MINUTE
        today.ask(OpenDay(day=TUESDAY))
        assert today.queue.tickets == {}


@pytest.mark.parametrize("at_closing", ["serve_on", "cancel"])
def test_whom_the_end_of_the_day_sends_home_the_hall_is_told(at_closing: str):
    today = at_hall(at_closing)
    for at, told in (("12:00", False), ("16:59:59", False), ("17:00", at_closing == "cancel")):
        tick(today, at)
        services = queue_state(today.queue, today.at).services
        assert {name: one.sent_home for name, one in services.items()} == dict.fromkeys(
            services, told
        )
