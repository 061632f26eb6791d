"""The laws of what is for the whole hall: in an emergency nothing begins and nothing is lost; a notice stands until withdrawn."""

from __future__ import annotations

import pytest

from broker.messages import (
    BookAppointment,
    CallTicket,
    CloseTicket,
    Command,
    DeclareEmergency,
    EmergencyDeclared,
    EmergencyEnded,
    EmergencyKind,
    EndEmergency,
    HallState,
    IssueTicket,
    NoticePosted,
    OpenDay,
    Phase,
    PostNotice,
    Recall,
    Refusal,
    Serve,
    SettingsAdopted,
)
from broker.queue import Queue, counter_state, hall_state, queue_state
from tests.queue.halls import MINUTE, NINE, TUESDAY, Day, day, text_of

EXIT = "请从最近的出口有序离开"
FIRE = DeclareEmergency(text=EXIT, kind=EmergencyKind.FIRE)
BOSS = "supervisor-1"


def told(today: Day) -> HallState:
    return hall_state(today.queue)


def test_the_whole_hall_is_told_from_the_first_moment_until_a_supervisor_ends_it():
    today = day()
    assert today.ask(FIRE, BOSS) == (
        EmergencyDeclared(text=EXIT, kind=EmergencyKind.FIRE, since=NINE),
    )
    assert told(today) == HallState(emergency=EXIT, since=NINE)
    today.later(MINUTE)
    assert today.ask(EndEmergency(outcome="a false alarm"), BOSS) == (
        EmergencyEnded(outcome="a false alarm"),
    )
    assert told(today) == HallState()


def test_without_a_sentence_it_is_the_halls_phrase():
    today = day()
    today.ask(DeclareEmergency(text="  "), BOSS)
    assert told(today).emergency == today.queue.hall.phrases.emergency


def test_declared_again_it_tells_something_new_and_has_begun_when_it_did():
    today = day()
    today.ask(FIRE, BOSS)
    today.later(MINUTE)
    assert today.refuses(FIRE, BOSS) is Refusal.ALREADY_SO
    today.ask(DeclareEmergency(text="请留在原处"), BOSS)
    assert told(today) == HallState(emergency="请留在原处", since=NINE)


def test_what_is_not_on_cannot_be_ended():
    assert day().refuses(EndEmergency(), BOSS) is Refusal.ALREADY_SO


@pytest.mark.parametrize(
    ("begins", "sender"),
    [
        (IssueTicket(service="pension"), "kiosk-1"),
        (IssueTicket(service="pension", green="elderly"), "kiosk-1"),
        (IssueTicket(service="pension", appointment="P1"), "kiosk-1"),
        (CallTicket(counter=1, ticket="A001", reason="an infant"), BOSS),
    ],
)
def test_nothing_begins_while_it_is_on_and_everything_again_once_it_is_over(
    begins: Command, sender: str
):
    today = day()
    booking = BookAppointment(code="P1", service="pension", starts=NINE, ends=NINE + MINUTE)
    today.ask(booking, "guide-1")
    today.take()
    today.ask(FIRE, BOSS)
    assert today.refuses(begins, sender) is Refusal.EMERGENCY
    today.ask(EndEmergency(), BOSS)
    today.ask(begins, sender)


def test_nobody_is_called_or_recalled_and_what_is_under_way_can_be_ended():
    today = day()
    for _ in range(3):
        today.take()
    assert today.call(1) == "A001"
    assert today.call(2) == "A002"
    today.ask(Serve(counter=1))
    today.later(MINUTE)
    today.ask(FIRE, BOSS)
    assert counter_state(today.queue, 1).phase is Phase.SERVING
    assert counter_state(today.queue, 2).call is not None
    assert today.refuses(Recall(counter=2)) is Refusal.EMERGENCY
    today.ask(CloseTicket(counter=1))
    from_now = today.queue.tickets["A003"]
    assert today.refuses(CallTicket(counter=1, ticket="A003", reason="x")) is Refusal.EMERGENCY
    today.ask(EndEmergency(), BOSS)
    assert today.call(1) == from_now.number


def test_every_kiosk_sees_why_no_service_has_a_ticket():
    today = day()
    today.ask(FIRE, BOSS)
    refused = {state.refused for state in queue_state(today.queue, today.at).services.values()}
    assert refused == {Refusal.EMERGENCY}


def test_a_notice_stands_until_another_takes_its_place_or_it_is_withdrawn():
    today = day()
    assert today.ask(PostNotice(text=" 下午停电 "), BOSS) == (
        NoticePosted(text="下午停电", since=NINE),
    )
    assert told(today) == HallState(notice="下午停电", since=NINE)
    today.later(MINUTE)
    assert today.refuses(PostNotice(text="下午停电"), BOSS) is Refusal.ALREADY_SO
    today.ask(PostNotice(text="明日停电"), BOSS)
    assert told(today) == HallState(notice="明日停电", since=NINE + MINUTE)
    today.ask(PostNotice(text=""), BOSS)
    assert told(today) == HallState()
    assert today.refuses(PostNotice(text=" "), BOSS) is Refusal.ALREADY_SO


def test_an_emergency_leaves_the_notice_and_its_time_goes_first():
    today = day()
    today.ask(PostNotice(text="下午停电"), BOSS)
    today.later(MINUTE)
    today.ask(FIRE, BOSS)
    assert told(today) == HallState(emergency=EXIT, notice="下午停电", since=NINE + MINUTE)
    today.ask(EndEmergency(), BOSS)
    assert told(today) == HallState(notice="下午停电", since=NINE)


def test_both_go_on_over_midnight_and_with_new_settings():
    today = day()
    today.ask(PostNotice(text="下午停电"), BOSS)
    today.ask(FIRE, BOSS)
    before = told(today)
    today.queue.apply(SettingsAdopted(text=text_of(number_digits=4)), today.at)
    assert told(today) == before
    *_, opened = today.ask(OpenDay(day=TUESDAY))
    # What a hub knows that starts with this day.
    fresh = Queue(today.queue.hall)
    fresh.apply(opened, today.at)
    assert told(today) == hall_state(fresh) == before
