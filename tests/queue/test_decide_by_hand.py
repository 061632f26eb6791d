"""The laws of numbers written by hand in an outage: entered afterwards, with their time, they keep their place."""

from __future__ import annotations

from typing import Any

import pytest

from broker.messages import (
    AdoptSettings,
    EnterTicket,
    MarkNoShow,
    OpenDay,
    Refusal,
    TicketIssued,
)
from broker.queue import kiosk_state, queue_state
from tests.queue.halls import MINUTE, SECOND, TUESDAY, TWO, Day, Services, clock, day, only, text_of

NINE_THIRTY = clock("09:30")


def today_at(at: str = "10:00", **rules: Any) -> Day:
    today = day(**rules)
    today.at = clock(at)
    return today


def by_hand(
    number: str, given: str = "09:30", service: str = "pension", green: str = ""
) -> EnterTicket:
    return EnterTicket(ticket=number, service=service, issued_at=clock(given), green=green)


def test_a_number_written_by_hand_is_entered_with_its_time_and_waits_at_once():
    today = today_at()
    (event,) = today.ask(by_hand("X001", green="elderly"), "guide-1")
    assert event == TicketIssued(
        ticket="X001",
        service="pension",
        kiosk="",
        issued_at=NINE_THIRTY,
        ahead=0,
        green="elderly",
        by_hand=True,
    )
    assert queue_state(today.queue, today.at).services["pension"].waiting == 1
    assert kiosk_state(today.queue, "").unprinted == ()
    assert today.call() == "X001"


def test_it_keeps_the_place_of_its_time_among_all_others():
    today = today_at("09:20")
    before = today.take()
    today.at = clock("09:40")
    after = today.take()
    today.at = clock("10:00")
    for number, given in (("X2", "09:35"), ("X1", "09:30"), ("X3", "09:50")):
        today.ask(by_hand(number, given), "guide-1")
    called = []
    for _ in range(5):
        called.append(today.call())
        today.ask(MarkNoShow(counter=1))
    assert called == [before, "X001", "X002", after, "X003"]


def test_those_of_the_same_minute_are_called_in_the_order_they_were_entered():
    today = today_at()
    for number in ("X1", "X2"):
        today.ask(by_hand(number))
    assert [today.call(1), today.call(2)] == ["X001", "X002"]


def test_a_number_is_the_same_however_many_noughts_somebody_wrote_before_it():
    today = today_at()
    assert only(TicketIssued, today.ask(by_hand("X7"))).ticket == "X007"
    for same in ("X7", "X07", "X007", "X0007"):
        assert today.refuses(by_hand(same)) is Refusal.ALREADY_SO
    assert only(TicketIssued, today.ask(by_hand("X1234"))).ticket == "X1234"


def test_it_has_as_many_digits_as_the_halls_other_numbers():
    today = today_at(number_digits=4)
    assert only(TicketIssued, today.ask(by_hand("X7"))).ticket == "X0007"
    today.ask(AdoptSettings(text=text_of(TWO, number_digits=3)))
    assert today.refuses(by_hand("X7")) is Refusal.ALREADY_SO


@pytest.mark.parametrize(
    "number", ["A001", "X", "X0", "X0000", "X12345", "X1a", "x1", "XX1", " X1", "X-1", "X１"]
)
def test_only_the_prefix_of_the_hand_and_up_to_four_digits_are_such_a_number(number: str):
    refusal = today_at().refusal(by_hand(number))
    assert refusal.code is Refusal.BAD_MESSAGE
    assert refusal.reason.startswith("a number written by hand is X and one to four digits, not ")


def test_the_prefix_of_the_hand_is_the_halls_own():
    today = today_at(hand_prefix="H")
    assert today.refuses(by_hand("X1")) is Refusal.BAD_MESSAGE
    assert only(TicketIssued, today.ask(by_hand("H1"))).ticket == "H001"


@pytest.mark.parametrize("ms", [clock("10:00") + 1, clock("00:00") - 1, 0, clock("09:30", TUESDAY)])
def test_it_was_given_earlier_today(ms: int):
    wish = EnterTicket(ticket="X1", service="pension", issued_at=ms)
    assert today_at().refuses(wish) is Refusal.BAD_MESSAGE


def test_its_service_and_class_are_the_halls():
    today = today_at()
    assert today.refuses(by_hand("X1", service="visa")) is Refusal.UNKNOWN_SERVICE
    assert today.refuses(by_hand("X1", green="vip")) is Refusal.UNKNOWN_CLASS


def test_numbers_by_hand_and_of_the_machine_never_meet_though_their_prefixes_change_hands():
    today = today_at()
    numbers = [today.take(), today.take()]
    numbers += [only(TicketIssued, today.ask(by_hand(f"X{n}"))).ticket for n in (1, 3)]
    swapped = text_of(TWO, {"pension": "X", "card": "B"}, hand_prefix="A")
    today.ask(AdoptSettings(text=swapped))
    assert today.refuses(by_hand("A2")) is Refusal.ALREADY_SO
    numbers.append(only(TicketIssued, today.ask(by_hand("A3"))).ticket)
    numbers += [today.take(), today.take()]
    assert numbers == ["A001", "A002", "X001", "X003", "A003", "X004", "X005"]


def test_numbers_by_hand_begin_anew_each_day():
    today = today_at()
    today.ask(by_hand("X1"))
    today.at = clock("09:00", TUESDAY)
    today.ask(OpenDay(day=TUESDAY))
    assert today.ask(EnterTicket(ticket="X1", service="pension", issued_at=today.at - SECOND))


def test_a_number_by_hand_can_be_entered_whatever_is_closed_or_given_out_by_now():
    services: Services = {"pension": {"prefix": "A", "quota_day": 1}, "card": "B"}
    today = day(services=services, opening={"sessions": ("09:00-10:00",)})
    today.take()
    today.at = clock("10:30") + 5 * MINUTE
    today.ask(by_hand("X1"))
    assert [today.call(1), today.call(2)] == ["A001", "X001"]
