"""The laws of who is next: order of arrival, the green channel, and that nobody starves."""

from __future__ import annotations

import pytest

from broker.messages import CallNext, CloseTicket, MarkNoShow, Refusal, TicketCalled, Transfer
from tests.queue.halls import SECOND, Day, Window, day, only


def rules_of(today: Day, calls: int, counter: int = 1) -> list[tuple[str, str]]:
    """Call so often, each visitor a no-show, and say who was chosen by which rule."""
    chosen = []
    for _ in range(calls):
        called = today.called(counter)
        chosen.append((called.ticket, called.rule))
        today.ask(MarkNoShow(counter=counter))
    return chosen


def test_a_service_is_called_in_order_of_arrival():
    today = day()
    taken = [today.take() for _ in range(4)]
    assert rules_of(today, 4) == [(ticket, "arrival") for ticket in taken]


def test_a_comprehensive_counter_calls_all_its_services_in_one_order_of_arrival():
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


def test_two_counters_never_get_the_same_ticket():
    today = day()
    taken = [today.take(), today.take()]
    assert [today.call(1), today.call(2)] == taken


def test_a_green_counter_calls_the_green_channel_first_however_long_it_is():
    today = day(Window(green=True), green_in_a_row=2)
    normal = today.take()
    greens = [today.take(green="elderly") for _ in range(5)]
    assert rules_of(today, 6) == [
        *((ticket, "green_counter") for ticket in greens),
        (normal, "arrival"),
    ]


@pytest.mark.parametrize("most", [1, 2, 3, 20])
def test_a_shared_counter_calls_at_most_k_green_tickets_while_somebody_else_waits(most: int):
    today = day(Window(), green_in_a_row=most)
    normals = [today.take() for _ in range(2)]
    greens = [today.take(green="elderly") for _ in range(2 * most + 1)]
    assert rules_of(today, 2 * most + 3) == [
        *((ticket, "green_first") for ticket in greens[:most]),
        (normals[0], "after_green"),
        *((ticket, "green_first") for ticket in greens[most : 2 * most]),
        (normals[1], "after_green"),
        (greens[-1], "green_only"),
    ]


def test_green_tickets_that_made_nobody_wait_do_not_count_against_the_green_channel():
    today = day(Window(), green_in_a_row=1)
    for _ in range(3):
        today.take(green="elderly")
    assert [rule for _, rule in rules_of(today, 3)] == ["green_only"] * 3
    today.take()
    green = today.take(green="elderly")
    assert rules_of(today, 1) == [(green, "green_first")]


def test_each_counter_counts_its_own_green_calls():
    today = day(Window(), Window(), green_in_a_row=1)
    today.take()
    for _ in range(3):
        today.take(green="elderly")
    assert [rule for _, rule in rules_of(today, 1, counter=1)] == ["green_first"]
    assert [rule for _, rule in rules_of(today, 1, counter=2)] == ["green_first"]
    assert [rule for _, rule in rules_of(today, 1, counter=1)] == ["after_green"]


def test_green_tickets_are_called_in_order_of_arrival_over_all_services():
    today = day(Window(green=True))
    taken = [today.take(service, green="elderly") for service in ("card", "pension", "card")]
    assert [ticket for ticket, _ in rules_of(today, 3)] == taken


def test_a_call_says_among_how_many_it_chose():
    today = day(Window(services=("pension",)), Window())
    for service, green in (("pension", ""), ("pension", "elderly"), ("card", ""), ("pension", "")):
        today.take(service, green)
    today.take("pension", printed=False)
    assert today.called(1).candidates == 3
    assert today.called(2).candidates == 3


def test_calls_are_counted_over_the_whole_hall():
    today = day()
    for _ in range(3):
        today.take()
    calls = []
    for counter in (1, 2, 1):
        calls.append(today.called(counter).call)
        today.ask(MarkNoShow(counter=counter))
    assert calls == [1, 2, 3]


def test_a_ticket_sent_to_a_counter_waits_for_it_among_its_own_by_arrival():
    today = day(Window(services=("pension",)), Window(services=("card",)))
    sent = today.take("pension")
    later = today.take("card")
    today.call(1)
    today.ask(Transfer(counter=1, to_counter=2))
    assert [ticket for ticket, _ in rules_of(today, 2, counter=2)] == [sent, later]


def test_the_same_halls_in_the_same_state_choose_the_same_ticket():
    first, second = day(), day()
    for today in (first, second):
        for service, green in (("card", ""), ("pension", "elderly"), ("pension", "")):
            today.take(service, green)
    called = [only(TicketCalled, today.ask(CallNext(counter=1))) for today in (first, second)]
    assert called[0] == called[1]


def test_closing_a_ticket_does_not_change_whose_turn_it_is():
    today = day(Window(serve_key=False), green_in_a_row=1)
    today.take()
    for _ in range(2):
        today.take(green="elderly")
    assert today.called().rule == "green_first"
    today.ask(CloseTicket(counter=1))
    assert today.called().rule == "after_green"
