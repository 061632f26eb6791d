"""The laws of who is next: order of arrival, the green channel, appointments, and that nobody starves."""

from __future__ import annotations

import pytest

from broker.messages import (
    BookAppointment,
    CallNext,
    CancelTicket,
    CloseTicket,
    MarkNoShow,
    Refusal,
    Rule,
    TicketCalled,
    Transfer,
)
from tests.queue.halls import MINUTE, SECOND, Day, Window, day, only


def rules_of(today: Day, calls: int, counter: int = 1) -> list[tuple[str, str]]:
    """Call so often, each visitor a no-show, and say who was chosen by which rule."""
    chosen = []
    for _ in range(calls):
        called = today.called(counter)
        chosen.append((called.ticket, called.rule))
        today.ask(MarkNoShow(counter=counter))
    return chosen


def book(today: Day, code: str, in_minutes: int = 0, service: str = "pension") -> str:
    starts = today.at + in_minutes * MINUTE
    today.ask(BookAppointment(code=code, service=service, starts=starts, ends=starts + 10 * MINUTE))
    return code


# --- order of arrival ------------------------------------------------------------------------------------


def test_a_service_is_called_in_order_of_arrival():
    today = day()
    taken = [today.take() for _ in range(4)]
    assert rules_of(today, 4) == [(ticket, Rule.ARRIVAL) for ticket in taken]


def test_a_counter_of_several_services_calls_them_in_one_order_of_arrival():
    today = day()
    taken = [today.take(service) for service in ("card", "pension", "pension", "card", "pension")]
    assert [ticket for ticket, _ in rules_of(today, 5)] == taken


def test_tickets_of_the_same_moment_are_called_in_the_order_of_their_issue():
    today = day()
    taken = []
    for service in ("card", "pension", "card", "pension"):
        today.at -= SECOND  # `take` comes a second later: the same millisecond for all
        taken.append(today.take(service))
    assert [ticket for ticket, _ in rules_of(today, 4)] == taken == ["B001", "A001", "B002", "A002"]


def test_a_counter_calls_only_its_own_services():
    today = day(Window(services=("pension",)), Window(services=("card",)))
    today.take("card")
    assert today.refuses(CallNext(counter=1)) is Refusal.NOBODY_WAITING
    assert today.call(2) == "B001"


def test_comprehensive_counters_serve_every_service_without_a_zone_in_one_order_of_arrival():
    services = {"pension": "A", "card": "B", "appeal": {"prefix": "C", "zone": "annex"}}
    both = Window(services=(), comprehensive=True)
    today = day(both, both, Window(services=("appeal",), zone="annex"), services=services)
    taken = [today.take(service) for service in ("card", "appeal", "pension", "card")]
    assert [today.call(1), today.call(2)] == [taken[0], taken[2]]
    today.ask(MarkNoShow(counter=1))
    assert today.call(1) == taken[3]
    today.ask(MarkNoShow(counter=1))
    assert today.refuses(CallNext(counter=1)) is Refusal.NOBODY_WAITING
    assert today.call(3) == taken[1]


def test_two_counters_never_get_the_same_ticket():
    today = day()
    taken = [today.take(), today.take()]
    assert [today.call(1), today.call(2)] == taken


def test_a_ticket_sent_to_a_counter_waits_for_it_among_its_own_by_arrival():
    today = day(Window(services=("pension",)), Window(services=("card",)))
    sent = today.take("pension")
    later = today.take("card")
    today.call(1)
    today.ask(Transfer(counter=1, to_counter=2))
    assert [ticket for ticket, _ in rules_of(today, 2, counter=2)] == [sent, later]


# --- the green channel -----------------------------------------------------------------------------------


def test_a_green_counter_calls_the_green_channel_first_however_long_it_is():
    today = day(Window(green=True), Window(), priority_in_a_row=2)
    normal = today.take()
    greens = [today.take(green="elderly") for _ in range(5)]
    assert rules_of(today, 6) == [
        *((ticket, Rule.GREEN_COUNTER) for ticket in greens),
        (normal, Rule.ARRIVAL),
    ]


@pytest.mark.parametrize("most", [1, 2, 3, 20])
def test_a_shared_counter_passes_over_the_others_at_most_k_times_in_a_row(most: int):
    today = day(Window(), priority_in_a_row=most)
    normals = [today.take() for _ in range(2)]
    greens = [today.take(green="elderly") for _ in range(2 * most + 1)]
    assert rules_of(today, 2 * most + 3) == [
        *((ticket, Rule.GREEN_FIRST) for ticket in greens[:most]),
        (normals[0], Rule.AFTER_PRIORITY),
        *((ticket, Rule.GREEN_FIRST) for ticket in greens[most : 2 * most]),
        (normals[1], Rule.AFTER_PRIORITY),
        (greens[-1], Rule.GREEN_ONLY),
    ]


def test_green_calls_that_passed_over_nobody_do_not_count():
    today = day(Window(), priority_in_a_row=1)
    for _ in range(3):
        today.take(green="elderly")
    assert [rule for _, rule in rules_of(today, 3)] == [Rule.GREEN_ONLY] * 3
    today.take()
    green = today.take(green="elderly")
    assert rules_of(today, 1) == [(green, Rule.GREEN_FIRST)]


def test_when_those_who_were_passed_over_have_gone_the_count_begins_anew():
    today = day(Window(), priority_in_a_row=1)
    gone = today.take()
    for _ in range(3):
        today.take(green="elderly")
    assert rules_of(today, 1)[0][1] == Rule.GREEN_FIRST
    today.ask(CancelTicket(ticket=gone), "guide-1")
    called = today.called()
    assert (called.rule, called.passed) == (Rule.GREEN_ONLY, 0)
    today.ask(MarkNoShow(counter=1))
    today.take()
    assert rules_of(today, 1)[0][1] == Rule.GREEN_FIRST


def test_each_counter_counts_its_own_calls():
    today = day(Window(), Window(), priority_in_a_row=1)
    today.take()
    for _ in range(3):
        today.take(green="elderly")
    assert [rule for _, rule in rules_of(today, 1, counter=1)] == [Rule.GREEN_FIRST]
    assert [rule for _, rule in rules_of(today, 1, counter=2)] == [Rule.GREEN_FIRST]
    assert [rule for _, rule in rules_of(today, 1, counter=1)] == [Rule.AFTER_PRIORITY]


def test_green_tickets_are_called_in_order_of_arrival_over_all_services():
    today = day(Window(green=True), Window())
    taken = [today.take(service, green="elderly") for service in ("card", "pension", "card")]
    assert [ticket for ticket, _ in rules_of(today, 3)] == taken


def test_closing_a_ticket_does_not_change_whose_turn_it_is():
    today = day(Window(serve_key=False), priority_in_a_row=1)
    today.take()
    for _ in range(2):
        today.take(green="elderly")
    assert today.called().rule == Rule.GREEN_FIRST
    today.ask(CloseTicket(counter=1))
    assert today.called().rule == Rule.AFTER_PRIORITY


# --- appointments ----------------------------------------------------------------------------------------


def test_an_appointment_goes_ahead_of_walk_ins_in_its_slot_and_behind_the_green_channel():
    today = day(priority_in_a_row=20)
    walk_in = today.take()
    booked = today.take(appointment=book(today, "P1"))
    green = today.take(green="elderly")
    alone = today.take(appointment=book(today, "P2"))
    assert rules_of(today, 4) == [
        (green, Rule.GREEN_FIRST),
        (booked, Rule.APPOINTMENT_FIRST),
        (alone, Rule.APPOINTMENT_FIRST),
        (walk_in, Rule.ARRIVAL),
    ]


def test_appointments_are_called_in_the_order_of_their_times_not_of_their_coming():
    today = day()
    book(today, "late", 2)
    book(today, "soon", 1)
    late, soon = today.take(appointment="late"), today.take(appointment="soon")
    today.later(3 * MINUTE)
    assert rules_of(today, 2) == [(soon, Rule.APPOINTMENT_ONLY), (late, Rule.APPOINTMENT_ONLY)]


def test_before_its_time_an_appointment_is_called_only_when_nobody_else_waits():
    today = day(Window(), priority_in_a_row=1)
    early = today.take(appointment=book(today, "P1", 10))
    walk_ins = [today.take() for _ in range(2)]
    assert [*rules_of(today, 2), *rules_of(today, 1)] == [
        *((ticket, Rule.ARRIVAL) for ticket in walk_ins),
        (early, Rule.ARRIVAL),
    ]


def test_an_appointment_called_before_its_time_has_passed_over_nobody():
    today = day(Window(), priority_in_a_row=1)
    for code in ("P1", "P2"):
        today.take(appointment=book(today, code, 10))
    assert rules_of(today, 1)[0][1] == Rule.ARRIVAL
    today.take()
    green = today.take(green="elderly")
    assert rules_of(today, 1) == [(green, Rule.GREEN_FIRST)]


def test_an_appointment_comes_ahead_from_its_very_time():
    today = day()
    early = today.take(appointment=book(today, "P1", 10))
    walk_ins = [today.take(), today.take()]
    at = today.queue.tickets[early].slot
    today.at = at - SECOND - 1  # `call` comes a second later
    assert rules_of(today, 1) == [(walk_ins[0], Rule.ARRIVAL)]
    today.at = at - SECOND
    assert rules_of(today, 1) == [(early, Rule.APPOINTMENT_FIRST)]


@pytest.mark.parametrize("most", [1, 2, 3])
def test_walk_ins_are_passed_over_k_times_at_most_and_appointments_once_more(most: int):
    today = day(Window(), priority_in_a_row=most)
    walk_in = today.take()
    booked = today.take(appointment=book(today, "P1"))
    greens = [today.take(green="elderly") for _ in range(most + 1)]
    assert rules_of(today, most + 3) == [
        *((ticket, Rule.GREEN_FIRST) for ticket in greens[:most]),
        (walk_in, Rule.AFTER_PRIORITY),
        (booked, Rule.AFTER_PRIORITY),
        (greens[-1], Rule.GREEN_ONLY),
    ]


def test_appointments_too_pass_over_walk_ins_at_most_k_times():
    today = day(Window(), priority_in_a_row=2)
    walk_in = today.take()
    booked = [today.take(appointment=book(today, f"P{n}")) for n in range(3)]
    assert rules_of(today, 4) == [
        *((ticket, Rule.APPOINTMENT_FIRST) for ticket in booked[:2]),
        (walk_in, Rule.AFTER_PRIORITY),
        (booked[2], Rule.APPOINTMENT_ONLY),
    ]


# --- what a call records -----------------------------------------------------------------------------------


def test_a_call_says_among_how_many_it_chose_and_the_place_by_arrival():
    today = day(Window(services=("pension",)), Window())
    for service, green in (("pension", ""), ("pension", "elderly"), ("card", ""), ("pension", "")):
        today.take(service, green)
    today.take("pension", printed=False)
    told = [(c.ticket, c.candidates, c.place) for c in (today.called(1), today.called(2))]
    assert told == [("A002", 3, 2), ("A001", 3, 1)]


def test_a_call_says_how_many_had_gone_ahead_of_those_who_wait():
    today = day(Window(), priority_in_a_row=2)
    today.take()
    for _ in range(4):
        today.take(green="elderly")
    passed = []
    for _ in range(5):
        passed.append(today.called().passed)
        today.ask(MarkNoShow(counter=1))
    assert passed == [0, 1, 2, 0, 0]


def test_calls_are_counted_over_the_whole_hall():
    today = day()
    for _ in range(3):
        today.take()
    calls = []
    for counter in (1, 2, 1):
        calls.append(today.called(counter).call)
        today.ask(MarkNoShow(counter=counter))
    assert calls == [1, 2, 3]


def test_the_same_halls_in_the_same_state_choose_the_same_ticket():
    first, second = day(), day()
    for today in (first, second):
        for service, green in (("card", ""), ("pension", "elderly"), ("pension", "")):
            today.take(service, green)
    called = [only(TicketCalled, today.ask(CallNext(counter=1))) for today in (first, second)]
    assert called[0] == called[1]
