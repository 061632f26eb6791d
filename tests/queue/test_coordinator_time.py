"""The laws of the coordinator's time: stale presses, midnights, clocks that jump, and starting where it was."""

from __future__ import annotations

from broker.journal import Record
from broker.messages import (
    CallNext,
    ClockStepped,
    CloseTicket,
    CounterStatus,
    DayClosed,
    DayOpened,
    Event,
    IssueTicket,
    OpenCounter,
    RatingLapsed,
    Refusal,
    ReportPrinted,
    Serve,
    SettingsAdopted,
    TicketCalled,
)
from broker.queue import Queue
from tests.queue.halls import MONDAY, TUESDAY, Window, hall_of, picture, text_of
from tests.queue.ports import SECRET, TEXT, Hands, Hub, kinds, ready, refusal, seen_on_disk


def test_a_press_that_waited_out_an_outage_is_refused_as_stale(hub: Hub):
    ready(hub)
    now = hub.coordinator.now()
    late = hub.request("panel-1", CallNext(counter=1), expires=now - 1)
    (answer,) = hub.coordinator.handle([late])
    assert refusal(answer) is Refusal.STALE
    just = hub.request("panel-1", CallNext(counter=1), expires=now)
    (answer,) = hub.coordinator.handle([just])
    assert kinds(answer.events) == ["TicketCalled"]


def test_a_command_without_an_expiry_never_goes_stale(hub: Hub):
    request = hub.request("kiosk-1", IssueTicket(service="pension"))
    hub.hands.pass_(3600)
    assert kinds(hub.coordinator.handle([request])[0].events) == ["TicketIssued"]


def test_a_new_day_begins_at_the_halls_own_midnight(hub: Hub):
    hub.ask("kiosk-1", IssueTicket(service="pension"))
    hub.hands.pass_(15 * 3600 - 1)
    hub.coordinator.tick()
    assert hub.coordinator.queue.day == MONDAY
    hub.coordinator.take_changed()
    hub.hands.pass_(1)
    hub.coordinator.tick()
    assert hub.coordinator.take_changed() == [
        DayClosed(day=MONDAY, settled=("A001",)),
        DayOpened(day=TUESDAY, secret=SECRET),
    ]


def test_a_hub_that_was_off_over_midnight_opens_the_new_day_when_it_starts(hub: Hub):
    ready(hub)
    hub.hands.pass_(24 * 3600)
    hub.restart()
    assert hub.coordinator.queue.day == TUESDAY
    assert hub.coordinator.queue.tickets == {}
    assert hub.coordinator.queue.desks[1].status is CounterStatus.CLOSED


def test_a_question_lapses_by_itself_once(hub: Hub):
    ready(hub)
    for command in (CallNext(counter=1), Serve(counter=1), CloseTicket(counter=1)):
        hub.ask("panel-1", command)
    hub.coordinator.take_changed()
    hub.hands.pass_(19)
    hub.coordinator.tick()
    assert hub.coordinator.take_changed() == []
    hub.hands.pass_(1)
    hub.coordinator.tick()
    hub.coordinator.tick()
    assert hub.coordinator.take_changed() == [RatingLapsed(ticket="A001", counter=1)]


def test_an_idle_hub_writes_nothing(hub: Hub):
    rows = seen_on_disk(hub.path)
    for _ in range(100):
        hub.hands.pass_(1)
        hub.coordinator.tick()
    assert seen_on_disk(hub.path) == rows


def steps(events: list[Event]) -> list[int]:
    return [event.by_ms for event in events if isinstance(event, ClockStepped)]


def test_a_clock_set_back_does_not_set_the_halls_time_back_and_the_technician_is_told(hub: Hub):
    ready(hub)
    before = hub.coordinator.now()
    hub.hands.jump(-3600)
    hub.hands.pass_(1)
    hub.coordinator.tick()
    assert hub.coordinator.now() == before + 1000
    assert steps(hub.coordinator.take_changed()) == [-3_600_000]
    (problem,) = hub.coordinator.problems()
    assert "set back by 3600 s" in problem
    for _ in range(5):
        hub.hands.pass_(1)
        hub.coordinator.tick()
    assert hub.coordinator.take_changed() == []  # it is told once
    hub.hands.jump(3600)
    hub.coordinator.tick()
    assert hub.coordinator.problems() == ()


def test_a_clock_that_is_only_a_little_off_is_left_alone(hub: Hub):
    hub.coordinator.take_changed()
    for drift in (-3600, -0.5, -0.5, 1.5):  # only the first is a jump
        hub.hands.jump(drift)
        hub.hands.pass_(1)
        hub.coordinator.tick()
    assert steps(hub.coordinator.take_changed()) == [-3_600_000]


def test_a_clock_set_back_over_midnight_does_not_open_yesterday_again(hub: Hub):
    hub.hands.pass_(15 * 3600)
    hub.coordinator.tick()
    assert hub.coordinator.queue.day == TUESDAY
    hub.hands.jump(-7200)
    hub.coordinator.tick()
    assert hub.coordinator.queue.day == TUESDAY


def test_a_clock_set_forward_is_followed_at_once(hub: Hub):
    hub.hands.jump(24 * 3600)
    hub.coordinator.tick()
    assert hub.coordinator.now() == int(hub.hands.wall * 1000)
    assert hub.coordinator.queue.day == TUESDAY
    assert steps(hub.coordinator.take_changed()) == [24 * 3_600_000]
    assert hub.coordinator.problems() == ()


def test_time_does_not_go_back_over_a_restart_with_a_dead_clock_battery(hub: Hub):
    ready(hub)
    before = hub.journal.last_at
    hub.hands = Hands(wall=0.0, monotonic=5.0)
    hub.restart()
    assert hub.coordinator.now() >= before
    hub.coordinator.tick()
    assert hub.coordinator.queue.day == MONDAY
    assert hub.coordinator.problems() != ()


# --- starting ---------------------------------------------------------------------------------------------------


def test_the_first_start_adopts_the_settings_and_opens_the_day(hub: Hub):
    assert hub.coordinator.take_changed() == [
        SettingsAdopted(text=TEXT),
        DayOpened(day=MONDAY, secret=SECRET),
    ]


def test_a_restart_finds_the_hall_as_it_was_and_writes_nothing(hub: Hub):
    ready(hub, tickets=3)
    hub.ask("panel-1", CallNext(counter=1))
    hub.ask("kiosk-1", IssueTicket(service="card"))
    before, rows = picture(hub.coordinator.queue), seen_on_disk(hub.path)
    hub.restart()
    assert picture(hub.coordinator.queue) == before
    assert seen_on_disk(hub.path) == rows


def test_changed_settings_are_adopted_at_the_start_and_leave_who_waits(hub: Hub):
    ready(hub)
    hub.text = text_of((Window(), Window()), recall_limit=0)
    hub.restart()
    assert hub.coordinator.take_changed() == [SettingsAdopted(text=hub.text)]
    assert hub.coordinator.queue.hall.rules.recall_limit == 0
    assert list(hub.coordinator.queue.tickets) == ["A001", "A002"]


def test_a_hub_starts_though_a_counter_whose_pad_was_asking_is_gone_from_the_settings(hub: Hub):
    hub.ask("panel-2", OpenCounter(counter=2))
    hub.ask("kiosk-1", IssueTicket(service="pension"))
    hub.ask("kiosk-1", ReportPrinted(ticket="A001"))
    for command in (CallNext(counter=2), Serve(counter=2), CloseTicket(counter=2)):
        hub.ask("panel-2", command)
    hub.text = text_of((Window(),))
    hub.hands.pass_(60)
    hub.restart()
    assert RatingLapsed(ticket="A001", counter=2) in hub.coordinator.take_changed()


def test_settings_that_an_older_software_adopted_do_not_keep_a_newer_one_from_starting(hub: Hub):
    old = TEXT.replace("[rules]", "[rules]\nvoice_twice = true")
    hub.journal.write([Record(SettingsAdopted(text=old), hub.coordinator.now(), MONDAY)])
    hub.restart()
    assert hub.coordinator.queue.settings_text == TEXT


def test_refusals_are_written_down_and_change_nothing_at_a_replay(hub: Hub):
    ready(hub, tickets=0)
    before = picture(hub.coordinator.queue)
    assert refusal(hub.ask("panel-1", CallNext(counter=1))) is Refusal.NOBODY_WAITING
    assert seen_on_disk(hub.path)[-1][0] == "CommandRefused"
    replayed = Queue(hall_of(TEXT))
    for event, at in hub.journal.replay():
        replayed.apply(event, at)
    assert picture(replayed) == before
    assert not any(isinstance(event, TicketCalled) for event, _ in hub.journal.replay())
