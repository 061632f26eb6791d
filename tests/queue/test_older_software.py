"""Forward and back: what newer software wrote, the older one that is gone back to still opens, reads and goes on with."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Event as Happened

import msgspec
import pytest

from broker import database
from broker.database import Step, steps_of
from broker.journal import Journal, JournalFault, Record
from broker.messages import Rate, Request, SettingsAdopted, TicketIssued
from broker.messages.words import Message
from broker.outbox import Outbox
from tests.power.board_at_work import request
from tests.queue.halls import MONDAY, NINE
from tests.queue.ports import TEXT

ISSUED = TicketIssued(ticket="A001", service="pension", kiosk="kiosk-1", issued_at=NINE, ahead=0)
Newer = Callable[..., None]


class TicketStamped(Message, frozen=True):
    """An event that only newer software knows."""

    ticket: str


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Newer]:
    """Let this software be a newer one, by a step more; called without any, the older one is back."""
    known = {schema: steps_of(schema) for schema in ("journal", "outbox")}

    def become(sql: str = "", opens_for: int = 0) -> None:
        def steps(schema: str) -> tuple[Step, ...]:
            mine = known[schema]
            more = Step(len(mine) + 1, sql, opens_for or len(mine))
            return (*mine, more) if sql else mine

        monkeypatch.setattr(database, "steps_of", steps)

    yield become
    become()


WIDER = {
    "journal": "ALTER TABLE event ADD COLUMN note TEXT NOT NULL DEFAULT '';"
    " CREATE TABLE contact (seq INTEGER PRIMARY KEY) STRICT; CREATE INDEX event_by_day ON event (day);",
    "outbox": "ALTER TABLE asked ADD COLUMN at INTEGER NOT NULL DEFAULT 0; ALTER TABLE mark ADD COLUMN why TEXT;"
    " ALTER TABLE remembered ADD COLUMN at INTEGER;",
}


def test_an_older_release_goes_on_in_the_journal_that_a_newer_one_widened(
    tmp_path: Path, newer: Newer
):
    path = tmp_path / "journal.db"
    with closing(Journal(path)) as journal:
        journal.write([_record(SettingsAdopted(text=TEXT)), _record(ISSUED, "c1")])
    newer(WIDER["journal"])
    with closing(Journal(path)) as journal:
        journal.write([_record(ISSUED, "c2")])
        head = journal.head
    newer()
    with closing(Journal(path)) as journal:
        assert journal.head == head
        assert [journal.answer(one) for one in ("c1", "c2")] == [(ISSUED,), (ISSUED,)]
        journal.write([_record(ISSUED, "c3")])
        assert len(list(journal.replay())) == 4
    newer(WIDER["journal"])
    with closing(Journal(path)) as journal:
        assert journal.verify() == ""
        assert journal.answer("c3") == (ISSUED,)
    assert [file.name for file in tmp_path.glob("*.schema-*")] == []


def test_an_older_release_goes_on_in_the_outbox_that_a_newer_one_widened(
    tmp_path: Path, newer: Newer
):
    path = tmp_path / "outbox.db"
    newer(WIDER["outbox"])
    _keep(path, request(1))
    newer()
    _keep(path, request(2))
    newer(WIDER["outbox"])
    with closing(Outbox(path)) as outbox:
        assert outbox.waiting() == (request(1), request(2))
        assert outbox.marks() == {"call": 7}
        assert outbox.remembered() == {"newest": "x"}


def test_before_a_step_that_no_older_release_can_work_in_a_copy_is_kept(
    tmp_path: Path, newer: Newer
):
    path = tmp_path / "journal.db"
    with closing(Journal(path)) as journal:
        journal.write([_record(ISSUED, "c1")])
    newer("ALTER TABLE event RENAME COLUMN sender TO asker;", opens_for=2)
    with closing(database.open_database(path, "journal")):
        pass
    newer()
    with pytest.raises(JournalFault, match="has schema 2, this software knows 1"):
        Journal(path)
    copy = tmp_path / "journal.db.schema-1"
    assert copy.stat().st_mode & 0o777 == 0o600
    with closing(Journal(copy)) as journal:
        assert journal.answer("c1") == (ISSUED,)
        assert journal.verify() == ""


def test_a_copy_that_cannot_be_kept_stops_the_step(tmp_path: Path, newer: Newer):
    path = tmp_path / "journal.db"
    Journal(path).close()
    (tmp_path / "journal.db.schema-1").mkdir()
    newer("ALTER TABLE event RENAME COLUMN sender TO asker;", opens_for=2)
    with pytest.raises(JournalFault):
        Journal(path)
    newer()
    Journal(path).close()


@pytest.mark.parametrize("schema", ["journal", "outbox"])
def test_the_release_before_this_one_can_work_in_every_schema_of_this_one(schema: str):
    for step in steps_of(schema)[1:]:
        assert step.opens_for < step.number, (
            f"{schema}/{step.number:04}.sql must say for which older schema it opens (`-- opens for 1`) and keep to it:"
            " a release that is gone back to has to find its tables and columns"
        )


def test_events_of_newer_software_are_passed_over_and_stay_in_the_chain(tmp_path: Path):
    with closing(Journal(tmp_path / "journal.db")) as journal:
        stamped: list[Record] = [_record(TicketStamped(ticket="A001"), "c2")]  # type: ignore[arg-type]  # that is the point
        journal.write([_record(ISSUED, "c1"), *stamped])
        assert [event for event, _ in journal.replay()] == [ISSUED]
        assert journal.verify() == ""
        with pytest.raises(JournalFault, match="newer software answered c2"):
            journal.answer("c2")


def test_requests_of_newer_software_wait_until_it_is_back(tmp_path: Path):
    path = tmp_path / "outbox.db"
    _keep(path, request(1))
    unknown = msgspec.json.encode(request(2)).replace(b'"Rate"', b'"Applaud"')
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO asked (command_id, request) VALUES ('r2', ?)", (unknown,))
    with closing(Outbox(path)) as outbox:
        assert outbox.waiting() == (request(1),)
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT count(*) FROM asked").fetchone() == (2,)


def _record(event: SettingsAdopted | TicketIssued, command_id: str = "") -> Record:
    return Record(event=event, at=NINE, day=MONDAY, command_id=command_id, sender="kiosk-1")


def _keep(path: Path, one: Request) -> None:
    assert isinstance(one.command, Rate)
    safe = Happened()
    with closing(Outbox(path)) as outbox:
        outbox.mark("call", 7, lambda: None)
        outbox.remember("newest", "x")
        outbox.keep(one, safe.set)
        assert safe.wait(60)
