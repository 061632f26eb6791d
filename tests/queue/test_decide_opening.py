"""The laws of hours and quotas: when a ticket can be had, and what a refusal says of when it can be had again."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from broker.messages import (
    AdoptSettings,
    BookAppointment,
    CancelTicket,
    ChangeService,
    EnterTicket,
    IssueTicket,
    IssuingResumed,
    IssuingStopped,
    OpenDay,
    Refusal,
    ResumeIssuing,
    ServiceState,
    StopIssuing,
    VoidTicket,
)
from broker.queue import queue_state
from tests.queue.halls import MINUTE, MONDAY, TUESDAY, TWO, Day, Services, clock, day, text_of

SUNDAY = "2026-11-29"
SATURDAY = "2026-11-28"
HOURS = ("09:00-12:00", "13:30-17:00")
PENSION = IssueTicket(service="pension")


def at_hall(
    pension: Mapping[str, object] | None = None, /, *, at: str = "09:00", **opening: object
) -> Day:
    """A hall with these opening hours; `pension` is what its first service has of its own."""
    services: Services = {"pension": {"prefix": "A", **(pension or {})}, "card": "B"}
    today = day(services=services, opening={"sessions": HOURS, **opening})
    today.at = clock(at)
    return today


def on(today: Day, date: str, at: str = "10:00") -> Day:
    today.at = clock(at, date)
    today.ask(OpenDay(day=date))
    return today


def shown(today: Day, service: str = "pension") -> ServiceState:
    return queue_state(today.queue, today.at).services[service]


def refused_until(today: Day, code: Refusal, again: int, service: str = "pension") -> str:
    """The sentence of a refusal that is told alike to who asks and to the hall's screens."""
    refusal = today.refusal(IssueTicket(service=service), "kiosk-1")
    assert (refusal.code, refusal.again) == (code, again)
    assert (shown(today, service).refused, shown(today, service).again) == (code, again)
    return refusal.reason


# --- opening hours ----------------------------------------------------------------------------------


def test_a_hall_without_sessions_gives_tickets_at_any_hour_of_any_day():
    today = day(opening={"closed_days": (MONDAY,)})
    today.at = clock("23:59")
    assert today.take() == "A001"
    assert on(today, SUNDAY, "03:00").take() == "A001"


@pytest.mark.parametrize("at", ["09:00:00", "11:59:59", "13:30:00", "16:59:58"])
def test_tickets_are_given_from_the_first_to_the_last_second_of_a_session(at: str):
    today = at_hall(at=at)
    assert (shown(today).refused, shown(today).again) == (None, 0)
    assert today.ask(PENSION, "kiosk-1")


@pytest.mark.parametrize(
    ("at", "again"),
    [("08:59:59", "09:00"), ("00:00:00", "09:00"), ("12:00:00", "13:30"), ("13:29:59", "13:30")],
)
def test_outside_its_sessions_a_refusal_says_when_the_next_one_begins(at: str, again: str):
    said = refused_until(at_hall(at=at), Refusal.NOT_OPEN, clock(again))
    assert said == f"no tickets of 'pension' are given now; again from {again}"


def test_after_the_last_session_the_next_day_that_is_open_is_named():
    today = at_hall(at="17:00")
    said = refused_until(today, Refusal.NOT_OPEN, clock("09:00", TUESDAY))
    assert said == "no tickets of 'pension' are given now; again from 2026-11-24 09:00"
    today = on(at_hall(closed_days=("2026-11-30",)), "2026-11-27", "18:00")
    assert "again from 2026-12-01 09:00" in refused_until(
        today, Refusal.NOT_OPEN, clock("09:00", "2026-12-01")
    )


def test_a_day_that_is_no_working_day_is_closed_whatever_the_hour():
    for date in (SATURDAY, SUNDAY):
        refused_until(on(at_hall(), date), Refusal.NOT_OPEN, clock("09:00", "2026-11-30"))


def test_the_halls_own_weekdays_count():
    assert on(at_hall(weekdays=(7,)), SUNDAY).take() == "A001"
    refused_until(at_hall(weekdays=(7,)), Refusal.NOT_OPEN, clock("09:00", SUNDAY))


def test_a_closed_day_is_closed_though_it_is_a_working_day():
    today = at_hall(closed_days=(MONDAY, TUESDAY))
    refused_until(today, Refusal.NOT_OPEN, clock("09:00", "2026-11-25"))


def test_a_week_end_that_is_worked_for_a_holiday_is_open():
    today = on(at_hall(open_days=(SATURDAY,)), SATURDAY)
    assert today.take() == "A001"
    today.at = clock("18:00", SATURDAY)
    refused_until(today, Refusal.NOT_OPEN, clock("09:00", "2026-11-30"))


def test_a_services_own_sessions_count_for_it_and_the_halls_for_the_others():
    today = at_hall({"sessions": ("10:00-11:00",)}, at="09:30")
    refused_until(today, Refusal.NOT_OPEN, clock("10:00"))
    assert today.take("card") == "B001"
    today.at = clock("10:30")
    assert today.take("pension") == "A001"


def test_a_hall_that_opens_no_day_within_a_year_says_so():
    today = at_hall(weekdays=())
    assert "on any day within a year" in refused_until(today, Refusal.NOT_OPEN, 0)


def test_a_session_may_last_until_midnight():
    today = at_hall({"sessions": ("18:00-24:00",)}, at="23:59:59")
    assert today.ask(PENSION, "kiosk-1")
    refused_until(on(today, TUESDAY, "00:00:00"), Refusal.NOT_OPEN, clock("18:00", TUESDAY))


def test_the_hour_is_that_of_the_halls_own_time_zone():
    text = text_of(opening={"sessions": HOURS}).replace(
        'name = "测试大厅"', 'name = "测试大厅"\ntimezone = "Asia/Urumqi"'
    )
    today = day()
    today.ask(AdoptSettings(text=text))
    today.at = clock("10:59:59")  # 08:59:59 there
    refused_until(today, Refusal.NOT_OPEN, clock("11:00"))
    today.at = clock("11:00")
    assert today.ask(PENSION, "kiosk-1")


# --- the last ticket --------------------------------------------------------------------------------


@pytest.mark.parametrize(("last", "again"), [("11:45", "13:30"), ("16:45", "")])
def test_the_last_ticket_is_given_so_long_before_each_session_ends(last: str, again: str):
    today = at_hall({"last_ticket_min": 15})
    today.at = clock(last) - 1000
    assert today.ask(PENSION, "kiosk-1")
    today.at = clock(last)
    then = clock(again) if again else clock("09:00", TUESDAY)
    said = refused_until(today, Refusal.LAST_TICKET_GIVEN, then)
    assert "the last ticket of 'pension' is given 15 minutes before the end; again from " in said
    assert today.take("card") == "B001"


# --- quotas -----------------------------------------------------------------------------------------


def test_a_service_gives_as_many_tickets_a_day_as_its_quota():
    today = at_hall({"quota_day": 2})
    assert [today.take(), today.take(), today.take("card")] == ["A001", "A002", "B001"]
    said = refused_until(today, Refusal.QUOTA_OF_DAY, clock("09:00", TUESDAY))
    assert said == (
        "all 2 tickets of 'pension' are given out for today; again from 2026-11-24 09:00"
    )
    assert on(today, TUESDAY).take() == "A001"


def test_a_quota_counts_tickets_not_visits_and_one_that_is_cancelled_or_served_stays_taken():
    today = at_hall({"quota_day": 2})
    today.ask(CancelTicket(ticket=today.take()))
    today.take()
    today.call()
    assert today.refuses(PENSION) is Refusal.QUOTA_OF_DAY


def test_a_number_whose_paper_never_came_gives_its_place_back():
    today = at_hall({"quota_day": 1, "quota_slot": 1})
    lost = today.take(printed=False)
    assert today.refuses(PENSION) is Refusal.QUOTA_OF_DAY
    today.ask(VoidTicket(ticket=lost, reason="jam"), "kiosk-1")
    assert today.take() == "A002"
    assert today.refuses(PENSION) is Refusal.QUOTA_OF_DAY


def test_a_slot_has_its_own_quota_and_a_refusal_names_the_next_one():
    today = at_hall({"quota_slot": 2, "slot_min": 20}, at="09:05")
    assert [today.take(), today.take()] == ["A001", "A002"]
    said = refused_until(today, Refusal.QUOTA_OF_SLOT, clock("09:20"))
    assert said == "all 2 tickets of 'pension' for now are given out; again from 09:20"
    today.at = clock("09:20")
    assert today.take() == "A003"


@pytest.mark.parametrize(("at", "again"), [("11:50", "13:30"), ("16:45", "09:00")])
def test_the_slot_after_the_last_of_a_session_is_in_the_next_session(at: str, again: str):
    today = at_hall({"quota_slot": 1, "last_ticket_min": 5}, at=at)
    today.take()
    date = MONDAY if again == "13:30" else TUESDAY
    refused_until(today, Refusal.QUOTA_OF_SLOT, clock(again, date))


def test_a_paper_that_never_came_gives_back_the_place_of_its_own_slot():
    today = at_hall({"quota_slot": 1, "slot_min": 30}, at="09:29")
    lost = today.take(printed=False)
    today.at = clock("09:30")
    today.take()
    today.ask(VoidTicket(ticket=lost, reason="jam"), "kiosk-1")
    assert today.refuses(PENSION) is Refusal.QUOTA_OF_SLOT


def test_a_quota_is_for_walk_ins_only():
    today = at_hall({"quota_day": 1, "quota_slot": 1})
    booking = BookAppointment(
        code="kept", service="pension", starts=today.at, ends=today.at + 30 * MINUTE
    )
    today.ask(booking)
    assert today.take() == "A001"
    assert today.take(appointment="kept") == "A002"
    today.ask(EnterTicket(ticket="X1", service="pension", issued_at=clock("08:30")))
    assert today.refuses(PENSION) is Refusal.QUOTA_OF_DAY
    today = at_hall({"quota_day": 1})
    today.ask(booking)
    today.take(appointment="kept")
    assert today.take() == "A002"


def test_new_settings_count_what_was_given_before_them():
    today = at_hall()
    today.take()
    services: Services = {"pension": {"prefix": "A", "quota_day": 2}, "card": "B"}
    today.ask(AdoptSettings(text=text_of(TWO, services)))
    today.take()
    assert today.refuses(PENSION) is Refusal.QUOTA_OF_DAY


def test_a_kiosk_lets_nobody_round_a_quota_by_changing_the_service():
    today = at_hall({"quota_day": 1})
    today.queue.secret = "secret"
    today.take()
    ticket = today.queue.tickets[today.take("card")]
    change = ChangeService(ticket=ticket.number, to_service="pension", code=ticket.code)
    assert today.refuses(change, "kiosk-1") is Refusal.QUOTA_OF_DAY


# --- early closing ----------------------------------------------------------------------------------


def test_a_supervisor_stops_the_tickets_of_a_service_and_lets_them_go_on():
    today = at_hall()
    stop = StopIssuing(services=("pension",), reason="the counters are full")
    assert today.ask(stop, "supervisor-1") == (
        IssuingStopped(services=("pension",), reason="the counters are full"),
    )
    said = refused_until(today, Refusal.ISSUING_STOPPED, 0)
    assert said == "no more tickets of 'pension' are given: the counters are full"
    assert today.take("card") == "B001"
    assert today.ask(ResumeIssuing(), "supervisor-1") == (IssuingResumed(services=("pension",)),)
    assert today.take() == "A001"


def test_a_stop_without_services_is_one_of_all_and_names_only_those_that_were_not_stopped():
    today = at_hall()
    today.ask(StopIssuing(services=("card", "card")))
    assert today.ask(StopIssuing()) == (IssuingStopped(services=("pension",)),)
    assert today.refuses(PENSION) is Refusal.ISSUING_STOPPED
    assert today.ask(ResumeIssuing()) == (IssuingResumed(services=("pension", "card")),)


def test_what_is_so_already_or_is_no_service_is_neither_stopped_nor_resumed():
    today = at_hall()
    assert today.refuses(ResumeIssuing()) is Refusal.ALREADY_SO
    today.ask(StopIssuing(services=("card",)))
    assert today.refuses(StopIssuing(services=("card",))) is Refusal.ALREADY_SO
    assert today.refuses(StopIssuing(services=("visa",))) is Refusal.UNKNOWN_SERVICE


def test_a_stop_is_for_those_with_an_appointment_too_but_nobody_who_waits_is_sent_away():
    today = at_hall()
    waits = today.take()
    booking = BookAppointment(
        code="kept", service="pension", starts=today.at, ends=today.at + 30 * MINUTE
    )
    today.ask(booking)
    today.ask(StopIssuing())
    wish = IssueTicket(service="pension", appointment="kept")
    assert today.refuses(wish) is Refusal.ISSUING_STOPPED
    assert today.call() == waits


def test_a_stop_ends_with_the_day():
    today = at_hall()
    today.ask(StopIssuing())
    assert on(today, TUESDAY).take() == "A001"
