"""The laws of who serves what: comprehensive counters (综合窗口) everything general, special zones their own."""

from __future__ import annotations

from broker.messages import CallNext, IssueTicket, Refusal, TicketIssued
from broker.queue import queue_state
from tests.queue.halls import TWO, Services, Window, day, hall_of, only, text_of

WITH_TAX: Services = {
    "pension": "A",
    "card": "B",
    "tax": {"prefix": "T", "zone": "annex"},
}
COMPREHENSIVE = Window(services=(), comprehensive=True)
TAX = Window(services=("tax",), zone="annex")


def test_a_counter_serves_the_services_it_names():
    served = hall_of(text_of((Window(services=("pension",)), *TWO))).served
    assert served == {1: {"pension"}, 2: {"pension", "card"}, 3: {"pension", "card"}}


def test_a_comprehensive_counter_serves_every_service_that_has_no_zone_of_its_own():
    hall = hall_of(text_of((COMPREHENSIVE, TAX), WITH_TAX))
    assert hall.served == {1: {"pension", "card"}, 2: {"tax"}}
    assert [hall.counters_for(name) for name in WITH_TAX] == [(1,), (1,), (2,)]


def test_all_comprehensive_counters_serve_the_same_whatever_else_they_name():
    hall = hall_of(text_of((COMPREHENSIVE, Window(services=("card",), comprehensive=True))))
    assert hall.served[1] == hall.served[2] == {"pension", "card"}


def test_a_special_zone_may_serve_general_services_too():
    both = Window(services=("tax", "card"), zone="annex")
    assert hall_of(text_of((COMPREHENSIVE, both), WITH_TAX)).served[2] == {"tax", "card"}


def test_comprehensive_counters_call_all_general_services_in_one_order_of_arrival():
    today = day(COMPREHENSIVE, COMPREHENSIVE, COMPREHENSIVE, TAX, services=WITH_TAX)
    taken = [today.take(service) for service in ("card", "tax", "pension", "card")]
    assert [today.call(number) for number in (1, 2, 3)] == ["B001", "A001", "B002"]
    assert taken[1] == "T001"


def test_a_special_service_waits_for_its_own_zone():
    today = day(COMPREHENSIVE, TAX, services=WITH_TAX)
    today.take("tax")
    assert today.refuses(CallNext(counter=1)) is Refusal.NOBODY_WAITING
    today.take("card")
    assert today.call(2) == "T001"
    assert today.call(1) == "B001"


def test_ahead_and_the_counters_that_are_open_are_counted_for_each_service_by_itself():
    today = day(COMPREHENSIVE, TAX, services=WITH_TAX)
    today.take("card")
    assert only(TicketIssued, today.ask(IssueTicket(service="tax"), "kiosk-1")).ahead == 0
    counters = {n: one.counters for n, one in queue_state(today.queue, today.at).services.items()}
    assert counters == {"pension": 1, "card": 1, "tax": 1}
