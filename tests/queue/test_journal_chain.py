"""The laws of the chain: no row is altered, removed, moved or slipped in unseen."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from broker.journal import Journal, Record
from broker.messages import (
    Event,
    PrintFailed,
    TicketIssued,
    TicketPrinted,
)
from tests.queue.halls import MONDAY, NINE

ISSUED = TicketIssued(ticket="A001", service="pension", kiosk="kiosk-1", issued_at=NINE, ahead=0)
PRINTED = TicketPrinted(ticket="A001")


def record(event: Event, command_id: str = "", *, day: str = MONDAY, at: int = NINE) -> Record:
    return Record(event=event, at=at, day=day, command_id=command_id, sender="kiosk-1")


@pytest.fixture
def written(journal: Journal) -> Journal:
    for number in range(1, 6):
        journal.write([record(TicketPrinted(ticket=f"A{number:03}"), f"c{number}")])
    assert journal.verify() == ""
    return journal


@pytest.mark.parametrize(
    "change",
    [
        "body = replace(body, 'A003', 'A009')",
        "at = at + 1",
        "day = '2026-11-22'",
        "kind = 'TicketVoided'",
        "sender = 'kiosk-2'",
        "command_id = 'c9'",
        "command_id = NULL",
        "hash = zeroblob(32)",
    ],
)
def test_an_altered_row_shows(written: Journal, change: str):
    written._db.execute(f"UPDATE event SET {change} WHERE seq = 3")
    assert (
        written.verify()
        == f"row 3 of {'2026-11-22' if 'day' in change else MONDAY} was altered after it was written, or the row before it"
    )


@pytest.mark.parametrize("gone", [1, 3, 4])
def test_a_removed_row_shows(written: Journal, gone: int):
    written._db.execute("DELETE FROM event WHERE seq = ?", (gone,))
    assert (
        written.verify() == f"row {gone} is missing from the journal: the next one is {gone + 1}"
        or ("altered" in written.verify() and f"row {gone + 1} " in written.verify())
    )


def test_rows_moved_up_to_hide_a_removed_one_show(written: Journal):
    written._db.execute("DELETE FROM event WHERE seq = 3")
    written._db.execute("UPDATE event SET seq = seq - 1 WHERE seq > 3")
    assert written.verify().startswith("row 3 of")


def test_a_row_slipped_in_shows(written: Journal):
    written._db.execute("UPDATE event SET seq = 6 WHERE seq = 5")
    written._db.execute(
        "INSERT INTO event SELECT 5, day, at, kind, 'c9', sender, body, hash FROM event WHERE seq = 4"
    )
    assert written.verify().startswith("row 5 of")


def test_a_row_added_at_the_end_by_another_hand_shows(written: Journal):
    written._db.execute(
        "INSERT INTO event SELECT 6, day, at, kind, 'c9', sender, body, hash FROM event WHERE seq = 5"
    )
    assert written.verify().startswith("row 6 of")


def test_two_rows_exchanged_show(written: Journal):
    written._db.executescript(
        "UPDATE event SET seq = 99 WHERE seq = 2;"
        "UPDATE event SET seq = 2 WHERE seq = 3;"
        "UPDATE event SET seq = 3 WHERE seq = 99;"
    )
    assert written.verify().startswith("row 2 of")


def test_rows_cut_off_at_the_end_show_against_the_head_that_was_anchored_elsewhere(
    written: Journal, path: Path
):
    anchored = written.head
    written._db.execute("DELETE FROM event WHERE seq = 5")
    with closing(Journal(path)) as cut:
        assert cut.verify() == ""
        assert cut.head != anchored


def test_the_same_events_make_the_same_head_and_others_another(tmp_path: Path):
    heads = []
    for name, event in (("a", PRINTED), ("b", PRINTED), ("c", ISSUED)):
        with closing(Journal(tmp_path / name)) as journal:
            journal.write([record(event)])
            heads.append(journal.head)
    assert heads[0] == heads[1] != heads[2]


def test_the_seal_of_a_row_is_the_same_in_every_version_of_python_and_of_this_software(
    tmp_path: Path,
):
    failed = PrintFailed(
        ticket="A001", reason="缺纸 \U000323b1"
    )  # a sign that not every Unicode table has
    with closing(Journal(tmp_path / "journal.db")) as journal:
        journal.write([record(failed)])
        seal = "73ce7fa8213c0f25b41cf0c416fb5ad0dde919987dc38ed615de164357bffebe"
        assert journal.head.hex() == seal
