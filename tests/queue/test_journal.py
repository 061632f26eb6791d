"""The laws of the journal: durable, whole or not at all, and no row altered, removed or slipped in unseen."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from importlib.resources import files
from pathlib import Path

import pytest

from broker.database import open_database
from broker.journal import GENESIS, Journal, JournalFault, Record
from broker.messages import (
    CommandRefused,
    DayClosed,
    DayOpened,
    Event,
    IssueTicket,
    OpenCounter,
    Refusal,
    ReportPrinted,
    SettingsAdopted,
    TicketIssued,
    TicketPrinted,
)
from broker.queue import Queue
from broker.reports.days import Days
from tests.queue.halls import MONDAY, NINE, TUESDAY, hall_of, picture
from tests.queue.ports import TEXT, hub_in, kinds, seen_on_disk

ISSUED = TicketIssued(ticket="A001", service="pension", kiosk="kiosk-1", issued_at=NINE, ahead=0)
PRINTED = TicketPrinted(ticket="A001")


def record(event: Event, command_id: str = "", *, day: str = MONDAY, at: int = NINE) -> Record:
    return Record(event=event, at=at, day=day, command_id=command_id, sender="kiosk-1")


# --- durable -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("schema", ["journal", "outbox"])
def test_what_is_written_survives_the_plug(tmp_path: Path, schema: str):
    with closing(open_database(tmp_path / "new.db", schema)) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert db.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL


def test_what_is_written_is_on_the_disk_and_not_only_in_this_program(
    journal: Journal, path: Path, tmp_path: Path
):
    journal.write([record(ISSUED, "c1")])
    after_the_cut = shutil.copytree(path.parent, tmp_path / "after")
    with closing(Journal(after_the_cut / path.name)) as found:
        assert found.answer("c1") == (ISSUED,)
        assert found.verify() == ""


def size_of_log(path: Path) -> int:
    return path.with_name(path.name + "-wal").stat().st_size


def test_with_room_made_its_log_has_its_full_size_from_the_start(journal: Journal, path: Path):
    journal.make_room()
    size = size_of_log(path)
    assert size > 1000 * 4096
    journal.write([record(ISSUED, "c1")] * 99)
    assert size_of_log(path) == size
    assert [row.seq for row in journal.rows()] == [*range(1, 100)]
    assert journal.verify() == ""


def test_a_disk_that_is_nearly_full_gets_no_such_room(
    journal: Journal, path: Path, monkeypatch: pytest.MonkeyPatch
):
    size = size_of_log(path)
    few = shutil.disk_usage(path.parent)._replace(free=50_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: few)
    journal.make_room()
    assert size_of_log(path) == size


def test_a_torn_commit_is_as_if_it_had_never_been(journal: Journal, path: Path, tmp_path: Path):
    journal.write([record(ISSUED, "c1")])
    journal.write([record(PRINTED, "c2"), record(PRINTED, "c3")])
    after_the_cut = shutil.copytree(path.parent, tmp_path / "after")
    log = after_the_cut / f"{path.name}-wal"
    log.write_bytes(log.read_bytes()[:-1000])  # the last page never reached the disk
    with closing(Journal(after_the_cut / path.name)) as found:
        assert found.answer("c1") == (ISSUED,)
        assert (found.answer("c2"), found.answer("c3")) == ((), ())
        assert found.verify() == ""


def test_a_journal_opened_again_goes_on_where_it_was(journal: Journal, path: Path):
    journal.write([record(ISSUED, "c1", at=NINE + 7)])
    head = journal.head
    with closing(Journal(path)) as again:
        assert (again.seq, again.last_at, again.head) == (1, NINE + 7, head)
        again.write([record(PRINTED, "c2")])
        assert again.verify() == ""


def test_an_empty_journal_is_whole(journal: Journal):
    assert (journal.seq, journal.last_at, journal.head) == (0, 0, GENESIS)
    assert journal.verify() == ""
    assert list(journal.replay()) == []


# --- whole or not at all ---------------------------------------------------------------------------------------


def test_a_batch_is_written_whole_or_not_at_all(journal: Journal, path: Path):
    journal.write([record(ISSUED, "c1")])
    before = (journal.seq, journal.head, journal.last_at)
    # The second row of the batch breaks against a row that another program has slipped in.
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("INSERT INTO event VALUES (3, '', 0, '', NULL, '', '', x'00')")
    with pytest.raises(JournalFault, match=r"journal.db: the journal cannot be written: UNIQUE"):
        journal.write([record(PRINTED, "c2"), record(PRINTED, "c3")])
    assert (journal.seq, journal.head, journal.last_at) == before
    assert journal.answer("c2") == ()
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("DELETE FROM event WHERE seq = 3")
    journal.write([record(PRINTED, "c2"), record(PRINTED, "c3")])
    assert journal.verify() == ""


def test_a_journal_that_another_program_holds_is_a_fault_and_then_none(
    journal: Journal, path: Path
):
    journal._db.execute("PRAGMA busy_timeout = 0")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalFault, match="database is locked"):
            journal.write([record(ISSUED, "c1")])
        other.execute("ROLLBACK")
    journal.write([record(ISSUED, "c1")])
    assert seen_on_disk(path) == [("TicketIssued", "c1")]


def test_a_place_where_no_journal_can_be_is_a_fault_that_names_it(tmp_path: Path):
    (tmp_path / "var").write_text("a file where the folder should be")
    with pytest.raises(JournalFault, match=r"var/journal\.db: the journal cannot be opened"):
        Journal(tmp_path / "var" / "journal.db")


def test_a_file_that_is_no_journal_is_a_fault(path: Path):
    path.parent.mkdir()
    path.write_bytes(b"this is no database, whatever its name says\n" * 40)
    with pytest.raises(JournalFault, match="file is not a database"):
        Journal(path)


# --- answers ---------------------------------------------------------------------------------------------------


def test_an_answer_is_all_events_of_its_command_in_their_order(journal: Journal):
    refused = CommandRefused(code=Refusal.NOBODY_WAITING, reason="nobody waits")
    journal.write(
        [record(ISSUED, "c1"), record(refused, "c2"), record(PRINTED, "c1"), record(ISSUED)]
    )
    assert journal.answer("c1") == (ISSUED, PRINTED)
    assert journal.answer("c2") == (refused,)
    assert journal.answer("c3") == ()


def test_what_the_hub_told_itself_answers_nobody(journal: Journal):
    journal.write([record(DayOpened(day=MONDAY))])
    assert journal.answer("") == ()


# --- replay ------------------------------------------------------------------------------------------------------


def test_replay_gives_the_newest_day_led_by_the_settings_it_began_with(journal: Journal):
    old, yesterday, today = (SettingsAdopted(text=text) for text in ("old", "yesterday", "today"))
    for event, day in (
        (old, ""),
        (yesterday, ""),
        (DayOpened(day=MONDAY), MONDAY),
        (ISSUED, MONDAY),
        (DayClosed(day=MONDAY), MONDAY),
        (DayOpened(day=TUESDAY), TUESDAY),
        (PRINTED, TUESDAY),
        (today, TUESDAY),
    ):
        journal.write([record(event, day=day)])
    assert [event for event, _ in journal.replay()] == [
        yesterday,
        DayOpened(day=TUESDAY),
        PRINTED,
        today,
    ]


def test_settings_adopted_in_the_middle_of_a_past_day_rule_the_next_one(journal: Journal):
    first, second = SettingsAdopted(text="first"), SettingsAdopted(text="second")
    for event in (
        first,
        DayOpened(day=MONDAY),
        second,
        DayClosed(day=MONDAY),
        DayOpened(day=TUESDAY),
    ):
        journal.write([record(event)])
    assert [event for event, _ in journal.replay()] == [second, DayOpened(day=TUESDAY)]


def test_a_journal_whose_first_day_never_opened_replays_its_settings(journal: Journal):
    settings = SettingsAdopted(text="first")
    journal.write([record(settings)])
    assert [event for event, _ in journal.replay()] == [settings]


def test_replay_gives_each_event_its_own_time(journal: Journal):
    journal.write([record(DayOpened(day=MONDAY), at=NINE), record(ISSUED, at=NINE + 5)])
    assert [at for _, at in journal.replay()] == [NINE, NINE + 5]


def test_the_replay_of_a_day_is_the_queue_as_it_stands(tmp_path: Path):
    with hub_in(tmp_path) as hub:
        hub.hands.pass_(24 * 3600)
        hub.ask("kiosk-1", IssueTicket(service="card"))
        hub.coordinator.tick()
        hub.ask("panel-1", OpenCounter(counter=1))
        hub.ask("kiosk-1", IssueTicket(service="pension"))
        hub.ask("kiosk-1", ReportPrinted(ticket="A001"))
        events = list(hub.journal.replay())
        assert kinds([event for event, _ in events][:2]) == ["SettingsAdopted", "DayOpened"]
        queue = Queue(hall_of(TEXT))
        for event, at in events:
            queue.apply(event, at)
        assert picture(queue) == picture(hub.coordinator.queue)


# --- schemas -----------------------------------------------------------------------------------------------------


def newest(schema: str) -> int:
    return sum(
        step.name.endswith(".sql") for step in files("broker").joinpath("schema", schema).iterdir()
    )


@pytest.mark.parametrize("schema", ["journal", "outbox"])
def test_a_new_database_has_the_newest_schema(tmp_path: Path, schema: str):
    with closing(open_database(tmp_path / "new.db", schema)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (newest(schema),)


def test_a_journal_in_which_no_older_software_can_work_is_refused_and_left_as_it_is(
    journal: Journal, path: Path
):
    journal.write([record(ISSUED)])
    journal._db.execute("PRAGMA user_version = 99")
    journal._db.execute("PRAGMA application_id = 99")
    with pytest.raises(JournalFault, match="has schema 99, this software knows"):
        Journal(path)
    assert seen_on_disk(path) == [("TicketIssued", "")]


def test_a_schema_step_that_breaks_leaves_the_version_before_it(path: Path):
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE event (seq INTEGER)")  # in the way of 0001.sql
    with pytest.raises(JournalFault, match="already exists"):
        Journal(path)
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("PRAGMA user_version").fetchone() == (0,)
        assert other.execute("SELECT name FROM sqlite_schema").fetchall() == [("event",)]


def test_a_start_and_a_report_find_their_day_without_reading_the_years_before_it(
    journal: Journal, path: Path
):
    opened = DayOpened(day=MONDAY, last_call=0, secret="", appointments=(), paces={})
    journal.write([record(SettingsAdopted(text=TEXT)), record(opened), record(ISSUED)])
    asked: list[str] = []
    journal._db.set_trace_callback(asked.append)
    assert [event for event, _ in journal.replay()] == [SettingsAdopted(text=TEXT), opened, ISSUED]
    with closing(Days(path)) as days:
        days._db.set_trace_callback(asked.append)
        assert [event for event, _ in days.events(MONDAY)][1:] == [opened, ISSUED]
    marks = [query for query in asked if "max(seq)" in query]
    assert len(marks) == 3
    for query in marks:
        plan = [row[3] for row in journal._db.execute(f"EXPLAIN QUERY PLAN {query}")]
        assert any("INDEX event_marks" in step for step in plan), plan
