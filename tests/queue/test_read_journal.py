"""`jiaohao journal`: what was written down, in words, and a verdict that can be wrong only if the chain is."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from broker.journal import Journal, Record
from broker.messages import DayOpened, TicketPrinted
from broker.read_journal import main

AT = 1_795_466_622_047


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with closing(Journal(tmp_path / "journal.db")) as journal:
        journal.write([Record(DayOpened(day="2026-11-23"), AT, "2026-11-23")])
        journal.write([Record(TicketPrinted(ticket="A001"), AT, "2026-11-24", "id", "kiosk-1")])
    return tmp_path


def test_every_event_is_a_line_with_who_asked_for_it(
    data: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["--data", str(data)]) == 0
    first, second, verdict = capsys.readouterr().out.splitlines()
    assert "hub" in first
    assert "DayOpened" in first
    assert "kiosk-1" in second
    assert "A001" in second
    assert "all 2 rows are as they were written" in verdict


def test_one_day_may_be_asked_for(data: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["--data", str(data), "--day", "2026-11-24"]) == 0
    assert "DayOpened" not in capsys.readouterr().out


def test_an_altered_row_is_named(data: Path, capsys: pytest.CaptureFixture[str]):
    with closing(sqlite3.connect(data / "journal.db")) as db, db:
        db.execute("UPDATE event SET body = replace(body, 'A001', 'A002')")
    assert main(["--data", str(data), "--verify"]) == 1
    assert "row 2 of 2026-11-24 was altered" in capsys.readouterr().out


def test_where_there_is_no_journal_none_is_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["--data", str(tmp_path)]) == 1
    assert "there is no journal" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
