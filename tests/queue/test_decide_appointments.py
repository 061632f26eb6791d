"""The laws of appointments: booked once, kept in their window, and in their slot ahead of who comes without one."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from broker.messages import (
    Appointment,
    AppointmentBooked,
    AppointmentCancelled,
    BookAppointment,
    CancelAppointment,
    CancelTicket,
    DayOpened,
    IssueTicket,
    OpenDay,
    Refusal,
    Reprint,
    ReprintOrdered,
    TicketIssued,
    VoidTicket,
)
from tests.queue.halls import MINUTE, SECOND, TUESDAY, Day, Services, clock, day, only

TEN = clock("10:00")
KEPT = IssueTicket(service="pension", appointment="K")


def booking(
    code: str = "K", starts: int = TEN, ends: int = 0, service: str = "pension"
) -> BookAppointment:
    """A slot of half an hour, if it is not said otherwise."""
    ends = ends or starts + 30 * MINUTE
    return BookAppointment(code=code, service=service, starts=starts, ends=ends)


def booked(*bookings: BookAppointment, **rules: Any) -> Day:
    today = day(**rules)
    for one in bookings or (booking(),):
        today.ask(one, "guide-1")
    return today


# --- found by a card ----------------------------------------------------------------------------------

CARD, OTHER = "5f" * 32, "0d" * 32
LAID = IssueTicket(service="", person=CARD)


def by_card(*bookings: BookAppointment, **rules: Any) -> Day:
    theirs = (replace(one, person=CARD) for one in bookings or (booking(),))
    return booked(*theirs, appointment_by_card=True, **rules)


def test_who_booked_with_a_card_gets_the_ticket_by_laying_it_on_the_reader():
    today = by_card(booking(service="card"))
    today.at = TEN
    issued = only(TicketIssued, today.ask(LAID, "kiosk-1"))
    assert (issued.service, issued.appointment, issued.slot) == ("card", "K", TEN)
    # Where tickets are not limited by person the ticket says of nobody whose it is.
    assert issued.person == ""


@pytest.mark.parametrize("one_per_person", [True, False])
def test_the_card_laid_a_second_time_leads_to_a_copy(one_per_person: bool):
    today = by_card(one_per_person=one_per_person)
    today.at = TEN
    number = only(TicketIssued, today.ask(LAID, "kiosk-1")).ticket
    refused = today.refusal(LAID, "kiosk-1")
    assert (refused.code, refused.ticket) == (Refusal.HAS_TICKET, number)
    copy = Reprint(ticket=number, person=CARD)
    assert only(ReprintOrdered, today.ask(copy, "kiosk-1")).ticket == number
    foreign = Reprint(ticket=number, person=OTHER)
    assert today.refuses(foreign, "kiosk-1") is Refusal.WRONG_CODE


def test_of_several_the_next_that_is_not_over_is_found_and_never_another_days_or_anothers():
    later, tomorrow = clock("11:00"), clock("10:00", TUESDAY)
    today = by_card(booking(), booking("L", later), booking("T", tomorrow))
    today.at = clock("10:50")
    assert only(TicketIssued, today.ask(LAID, "kiosk-1")).appointment == "L"
    assert today.refuses(LAID, "kiosk-1") is Refusal.HAS_TICKET
    nobody = IssueTicket(service="", person=OTHER)
    assert today.refuses(nobody, "kiosk-1") is Refusal.UNKNOWN_APPOINTMENT


def test_who_comes_too_late_with_the_card_has_a_ticket_as_for_a_walk_in():
    today = by_card()
    today.at = clock("10:50")
    late = only(TicketIssued, today.ask(LAID, "kiosk-1"))
    assert (late.appointment, late.slot) == ("K", 0)


def test_without_the_rule_no_appointment_is_found_by_a_card():
    today = booked(replace(booking(), person=CARD))
    today.at = TEN
    assert today.refuses(LAID, "kiosk-1") is Refusal.UNKNOWN_SERVICE


# --- booking ----------------------------------------------------------------------------------------


def test_an_appointment_is_booked_with_its_code_service_and_window():
    (event,) = day().ask(booking(), "guide-1")
    appointment = Appointment(code="K", service="pension", starts=TEN, ends=TEN + 30 * MINUTE)
    assert event == AppointmentBooked(appointment=appointment)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (booking(service="visa"), Refusal.UNKNOWN_SERVICE),
        (booking(code=""), Refusal.BAD_MESSAGE),
        (booking(ends=TEN), Refusal.BAD_MESSAGE),
        (booking(starts=clock("08:00"), ends=clock("08:59")), Refusal.TOO_LATE),
        (booking(code="taken"), Refusal.ALREADY_SO),
    ],
)
def test_what_cannot_be_kept_is_not_booked(wrong: BookAppointment, code: Refusal):
    assert booked(booking(code="taken")).refuses(wrong, "guide-1") is code


@pytest.mark.parametrize(
    ("starts", "again"),
    [
        (clock("10:00", "2026-11-28"), clock("09:00", "2026-11-30")),
        (clock("17:00"), clock("09:00", TUESDAY)),
        (clock("10:00", "2026-11-26"), clock("09:00", "2026-11-27")),
    ],
)
def test_nobody_is_invited_to_a_closed_hall(starts: int, again: int):
    opening = {"sessions": ("09:00-12:00", "13:30-17:00"), "closed_days": ("2026-11-26",)}
    services: Services = {"pension": {"prefix": "A", "last_ticket_min": 30}, "card": "B"}
    today = day(services=services, opening=opening)
    refusal = today.refusal(booking(starts=starts))
    assert (refusal.code, refusal.again) == (Refusal.NOT_OPEN, again)
    # Before the doors open, at noon, or when no more walk-ins are taken: that is the hall's to say.
    for at in ("08:45", "12:15", "16:45"):
        assert today.ask(booking(code=at, starts=clock(at, TUESDAY)))


def test_an_appointment_that_is_cancelled_is_none():
    today = booked()
    assert today.ask(CancelAppointment(code="K")) == (AppointmentCancelled(code="K"),)
    assert today.refuses(CancelAppointment(code="K")) is Refusal.UNKNOWN_APPOINTMENT
    today.at = TEN
    assert today.refuses(KEPT) is Refusal.UNKNOWN_APPOINTMENT
    assert today.ask(booking())


# --- its ticket -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "slot"),
    [
        (TEN - 15 * MINUTE, TEN),
        (TEN, TEN),
        (TEN + 45 * MINUTE, TEN),
        (TEN + 45 * MINUTE + 1, 0),
    ],
)
def test_an_appointment_counts_from_so_early_to_so_late_and_later_its_visitor_is_a_walk_in(
    at: int, slot: int
):
    today = booked()
    today.at = at
    issued = only(TicketIssued, today.ask(KEPT, "kiosk-1"))
    assert (issued.slot, issued.appointment) == (slot, "K")


def test_who_comes_too_early_is_told_from_when():
    today = booked()
    today.at = TEN - 15 * MINUTE - 1
    refusal = today.refusal(KEPT, "kiosk-1")
    assert (refusal.code, refusal.again) == (Refusal.TOO_EARLY, TEN - 15 * MINUTE)
    assert refusal.reason == "appointment K may take its ticket from 11-23 09:45"


def test_the_window_is_the_halls_own():
    today = booked(appointment_early_min=0, appointment_late_min=0)
    today.at = TEN - 1
    assert today.refuses(KEPT) is Refusal.TOO_EARLY
    today.at = TEN + 30 * MINUTE + 1
    assert only(TicketIssued, today.ask(KEPT)).slot == 0


def test_who_comes_too_late_must_find_a_place_as_any_walk_in():
    today = booked(services={"pension": {"prefix": "A", "quota_day": 1}, "card": "B"})
    today.at = TEN + 50 * MINUTE
    today.take()
    assert today.refuses(KEPT) is Refusal.QUOTA_OF_DAY


def test_in_its_slot_an_appointment_goes_ahead_of_walk_ins_and_before_it_of_nobody():
    today = booked()
    today.at = TEN - 10 * MINUTE
    walk_in, kept, later = today.take(), today.take(appointment="K"), today.take()
    assert today.call(1) == walk_in
    today.at = TEN
    assert today.call(2) == kept
    assert later == "A003"


def test_an_appointment_brings_one_ticket_and_a_second_try_names_it():
    today = booked()
    today.at = TEN
    ticket = today.take(appointment="K")
    refusal = today.refusal(KEPT, "kiosk-1")
    assert (refusal.code, refusal.ticket) == (Refusal.HAS_TICKET, ticket)
    assert today.refuses(CancelAppointment(code="K")) is Refusal.HAS_TICKET
    today.ask(CancelTicket(ticket=ticket))
    assert today.refuses(KEPT) is Refusal.HAS_TICKET


def test_an_appointment_whose_paper_never_came_can_still_be_kept():
    today = booked()
    today.at = TEN
    lost = today.take(appointment="K", printed=False)
    today.ask(VoidTicket(ticket=lost, reason="jam"), "kiosk-1")
    assert today.take(appointment="K") == "A002"


def test_an_appointment_for_another_service_or_that_nobody_knows_brings_nothing():
    today = booked()
    today.at = TEN
    for wish in (
        IssueTicket(service="card", appointment="K"),
        IssueTicket(service="pension", appointment="Q"),
    ):
        assert today.refuses(wish, "kiosk-1") is Refusal.UNKNOWN_APPOINTMENT


def test_a_code_alone_tells_which_service_its_appointment_is_for():
    today = booked(booking(service="card"))
    today.at = TEN
    scanned = IssueTicket(service="", appointment="K")
    issued = only(TicketIssued, today.ask(scanned, "kiosk-1"))
    assert (issued.ticket, issued.service, issued.slot) == ("B001", "card", TEN)
    refusal = today.refusal(scanned, "kiosk-1")
    assert (refusal.code, refusal.ticket) == (Refusal.HAS_TICKET, "B001")
    assert today.refuses(IssueTicket(service=""), "kiosk-1") is Refusal.UNKNOWN_SERVICE


def test_what_is_held_before_a_scanner_and_is_no_appointment_is_not_written_down():
    refusal = booked().refusal(IssueTicket(service="", appointment="secret"), "kiosk-1")
    assert refusal.code is Refusal.UNKNOWN_APPOINTMENT
    assert "secret" not in refusal.reason


def test_its_code_proves_whose_the_ticket_of_an_appointment_is():
    today = booked(booking(), booking("L"))
    today.at = TEN
    mine, others = today.take(appointment="K"), today.take(appointment="L")
    order = today.ask(Reprint(ticket=mine, appointment="K"), "kiosk-1")
    assert only(ReprintOrdered, order).ticket == mine
    for wrong in (Reprint(ticket=others, appointment="K"), Reprint(ticket=mine, appointment="Q")):
        assert today.refuses(wrong, "kiosk-1") is Refusal.WRONG_CODE


def test_before_the_doors_open_an_appointment_takes_its_ticket_and_nobody_else_does():
    today = booked(booking(starts=clock("09:00")), opening={"sessions": ("09:00-12:00",)})
    today.at = clock("08:50")
    assert today.refuses(IssueTicket(service="pension")) is Refusal.NOT_OPEN
    assert today.take(appointment="K") == "A001"


# --- midnight ---------------------------------------------------------------------------------------


def test_appointments_still_to_come_survive_midnight_in_the_days_snapshot():
    today = booked(
        booking("past"),
        booking("kept"),
        booking("cancelled", clock("10:00", TUESDAY)),
        booking("tomorrow", clock("10:00", TUESDAY)),
        booking("over midnight", clock("23:50"), clock("00:20", TUESDAY)),
        booking("kept over midnight", clock("23:50"), clock("00:20", TUESDAY)),
    )
    today.ask(CancelAppointment(code="cancelled"))
    today.at = TEN
    today.take(appointment="kept")
    today.at = clock("23:50")
    today.take(appointment="kept over midnight")
    today.at = clock("00:00", TUESDAY) + SECOND
    opened = only(DayOpened, today.ask(OpenDay(day=TUESDAY)))
    assert [one.code for one in opened.appointments] == ["tomorrow", "over midnight"]
    assert today.take(appointment="over midnight") == "A001"
    today.at = clock("10:00", TUESDAY)
    assert today.take(appointment="tomorrow") == "A002"
    assert today.refuses(CancelAppointment(code="past")) is Refusal.UNKNOWN_APPOINTMENT
