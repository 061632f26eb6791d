"""The laws of a disk that fails: not now, nothing changed, and later all is well."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from broker.coordinator import Coordinator
from broker.journal import JournalFault
from broker.messages import (
    CallNext,
    IssueTicket,
    OpenCounter,
    PauseCounter,
    Request,
    TicketIssued,
)
from tests.queue.halls import MONDAY, TUESDAY, Window, hall_of, picture, text_of
from tests.queue.ports import Hub, hub_in, kinds, ready, seen_on_disk


def test_without_a_journal_nothing_happens_and_every_command_is_told_so(hub: Hub):
    ready(hub)
    before, rows = picture(hub.coordinator.queue), seen_on_disk(hub.path)
    hub.journal.broken = True
    requests = [
        hub.request("panel-1", CallNext(counter=1)),
        hub.request("kiosk-1", IssueTicket(service="card")),
        hub.request("panel-2", CallNext(counter=2)),
    ]
    answers = hub.coordinator.handle(requests)
    assert [answer.events for answer in answers] == [(), (), ()]
    assert all("the disk is gone" in answer.not_now for answer in answers)
    assert picture(hub.coordinator.queue) == before
    assert hub.coordinator.take_changed() == []
    assert seen_on_disk(hub.path) == rows
    assert hub.coordinator.problems() == ("the journal cannot be written: the disk is gone",)


def test_once_the_disk_is_back_the_same_command_is_done_and_the_problem_is_over(hub: Hub):
    ready(hub)
    request = hub.request("panel-1", CallNext(counter=1))
    hub.journal.broken = True
    hub.coordinator.handle([request, request])
    hub.journal.broken = False
    (answer,) = hub.coordinator.handle([request])
    assert kinds(answer.events) == ["TicketCalled"]
    assert hub.coordinator.problems() == ()


def test_what_was_answered_before_the_disk_failed_is_answered_still(hub: Hub):
    ready(hub)
    known = hub.request("panel-1", CallNext(counter=1))
    first = hub.coordinator.handle([known])
    hub.journal.broken = True
    new = hub.request("kiosk-1", IssueTicket(service="card"))
    answers = hub.coordinator.handle([known, new])
    assert answers[0] == first[0]
    assert answers[1].not_now


def test_no_number_is_lost_or_given_twice_over_a_failing_disk(hub: Hub):
    issued = []
    for broken in (False, True, True, False, True, False):
        hub.journal.broken = broken
        answer = hub.ask("kiosk-1", IssueTicket(service="pension"))
        issued += [event.ticket for event in answer.events if isinstance(event, TicketIssued)]
    assert issued == ["A001", "A002", "A003"]


def test_a_commit_that_went_through_though_it_was_reported_as_failed_is_found_again(hub: Hub):
    hub.journal.lying = True
    request = hub.request("kiosk-1", IssueTicket(service="pension"))
    (answer,) = hub.coordinator.handle([request])
    assert answer.not_now
    hub.journal.lying = False
    (answer,) = hub.coordinator.handle([request])
    assert [getattr(event, "ticket", "") for event in answer.events] == ["A001"]
    (issued,) = hub.ask("kiosk-1", IssueTicket(service="pension")).events
    assert isinstance(issued, TicketIssued)
    assert issued.ticket == "A002"
    assert hub.journal.verify() == ""


def test_a_disk_that_can_neither_be_written_nor_read_says_not_now_and_gives_no_number_twice(
    hub: Hub,
):
    ready(hub)
    hub.journal.broken = hub.journal.unreadable = True
    request = hub.request("kiosk-1", IssueTicket(service="pension"))
    (answer,) = hub.coordinator.handle([request])
    assert answer.not_now
    hub.journal.broken = hub.journal.unreadable = False
    (answer,) = hub.coordinator.handle([request])
    assert [getattr(event, "ticket", "") for event in answer.events] == ["A003"]


def test_a_full_disk_says_not_now_and_room_on_it_makes_it_work_again(hub: Hub):
    ready(hub)
    (pages,) = hub.journal._db.execute("PRAGMA page_count").fetchone()
    hub.journal._db.execute(f"PRAGMA max_page_count = {pages}")
    pause = PauseCounter(counter=1, reason="满" * 4000)
    before = picture(hub.coordinator.queue)
    answer = hub.ask("panel-1", pause)
    assert answer.events == ()
    assert "database or disk is full" in answer.not_now
    assert "see that its disk has room" in answer.not_now
    assert picture(hub.coordinator.queue) == before
    hub.journal._db.execute("PRAGMA max_page_count = 1000000")
    assert kinds(hub.ask("panel-1", pause).events) == ["CounterPaused"]
    assert hub.coordinator.problems() == ()
    assert hub.journal.verify() == ""


def test_a_day_that_cannot_be_written_is_opened_as_soon_as_it_can(hub: Hub):
    hub.hands.pass_(24 * 3600)
    hub.journal.broken = True
    hub.coordinator.tick()
    assert hub.coordinator.queue.day == MONDAY
    hub.journal.broken = False
    hub.coordinator.tick()
    assert hub.coordinator.queue.day == TUESDAY


def test_a_coordinator_that_cannot_write_does_not_start(tmp_path: Path):
    with hub_in(tmp_path) as hub:
        hub.text = text_of((Window(),))
        hub.journal.broken = True
        coordinator = Coordinator(hall_of(hub.text), hub.text, hub.journal, hub.hands.clock())
        with pytest.raises(JournalFault, match="the disk is gone"):
            coordinator.start()


def test_no_number_that_a_device_sends_can_stop_the_hub(hub: Hub):
    hub.ask("panel-1", OpenCounter(counter=1))
    wire = '{"command_id":"x","device":"panel-1","command":{"type":"PauseCounter","counter":1,"minutes":%s}}'
    with suppress(msgspec.DecodeError):
        request = msgspec.json.decode(wire % ("1" + "0" * 4298), type=Request)
        assert len(hub.coordinator.handle([request])) == 1
