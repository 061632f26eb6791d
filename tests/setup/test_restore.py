"""The laws of `jiaohao restore`: to the last answered command, else to the last good backup; which, is said; nothing newer is lost."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from broker.backup import cli, restore
from broker.backup.contents import verified
from broker.backup.marks import HALF_DONE, refuse_half_done, to_note
from broker.clock import HubClock
from broker.coordinator import Coordinator
from broker.journal import Journal
from broker.loading import parse
from broker.messages import IssueTicket, JournalRestored, Request, RestoredFrom, TicketIssued
from tests.processes import REPOSITORY
from tests.setup.hubs import NOW, HubFolder, answers_in, files_in


@pytest.fixture
def old(tmp_path: Path) -> HubFolder:
    old = HubFolder(tmp_path / "old")
    old.give(4)
    return old


@pytest.fixture
def stick(old: HubFolder, tmp_path: Path) -> Path:
    """A backup of four tickets; after it the hall went on."""
    place = tmp_path / "stick"
    assert cli.main(["--hall", str(old.hall), "--data", str(old.data), "--to", str(place)]) == 0
    old.give(3)
    return place


@pytest.fixture
def new(tmp_path: Path) -> Path:
    return tmp_path / "new" / "var"


def run(new: Path, *sources: Path, more: tuple[str, ...] = ()) -> int:
    words = [word for source in sources for word in ("--from", str(source))]
    return restore.main([*words, "--data", str(new), *more])


def start(data: Path) -> Coordinator:
    """As the hub starts on a restored folder."""
    refuse_half_done(data)
    text = (data.parent / "settings" / "hall.toml").read_text(encoding="utf-8")
    journal = Journal(data / "journal.db")
    hub = Coordinator(
        parse(text), text, journal, HubClock(lambda: NOW, lambda: NOW, journal.last_at)
    )
    hub.start()
    assert hub.note(to_note(data))
    return hub


def next_number(hub: Coordinator) -> str:
    request = Request(command_id="new", device="kiosk-1", command=IssueTicket(service="pension"))
    (answer,) = hub.handle([request])
    (event,) = answer.events
    assert isinstance(event, TicketIssued)
    return event.ticket


# --- from the old card -------------------------------------------------------------------------------------


def test_from_the_old_card_every_answered_command_is_there(
    old: HubFolder, stick: Path, new: Path, capsys: pytest.CaptureFixture[str]
):
    assert run(new, old.home, stick) == 0
    assert "Nothing is missing" in capsys.readouterr().out
    answered = {name: answer for name, (_, answer) in old.answered.items()}
    assert answers_in(new, old.answered) == answered
    hub = start(new)
    assert hub.handle([request for request, _ in old.answered.values()]) == list(answered.values())
    assert next_number(hub) == "A008"


@pytest.mark.parametrize("inside", ["", "var"])
def test_the_card_may_be_named_by_any_of_its_folders(old: HubFolder, new: Path, inside: str):
    assert run(new, old.home / inside) == 0
    assert verified(new / "journal.db") == verified(old.data / "journal.db")


def test_everything_else_of_the_hub_comes_along_for_its_owner_alone(old: HubFolder, new: Path):
    before = files_in(old.data)
    assert run(new, old.home) == 0
    after = files_in(new)
    for name in before:
        if name.startswith(("ca/", "desk/")) or name == "pins.json":
            assert after[name] == before[name]
            assert (new / name).stat().st_mode & 0o077 == 0
    assert "card.key" not in after
    assert files_in(new.parent / "settings") == files_in(old.settings)
    assert {name: files_in(old.data)[name] for name in before} == before, "the card is only read"


def killed(old: HubFolder, torn: bytes) -> Path:
    """The card of a hub that lost its power: the newest rows are in the log alone, whose end may be torn."""
    image = old.home.parent / "image"
    journal = Journal(old.data / "journal.db")
    text = old.hall.read_text(encoding="utf-8")
    hub = Coordinator(
        parse(text), text, journal, HubClock(lambda: NOW, lambda: NOW, journal.last_at)
    )
    request = Request(command_id="last", device="kiosk-1", command=IssueTicket(service="card"))
    (answer,) = hub.handle([request])
    old.answered["last"] = (request, answer)
    shutil.copytree(old.home, image)
    journal.close()
    with (image / "var" / "journal.db-wal").open("ab") as log:
        log.write(torn)
    return image


@pytest.mark.parametrize("torn", [b"", b"\0" * 4096, b"half a frame" * 11])
def test_what_stood_in_the_log_alone_is_there_and_its_torn_end_is_not(
    old: HubFolder, new: Path, torn: bytes
):
    image = killed(old, torn)
    assert (image / "var" / "journal.db-wal").stat().st_size > len(torn)
    assert run(new, image) == 0
    assert answers_in(new, old.answered) == {n: answer for n, (_, answer) in old.answered.items()}


def test_a_card_whose_settings_cannot_be_read_gives_those_in_its_journal(
    old: HubFolder, new: Path, capsys: pytest.CaptureFixture[str]
):
    text = old.hall.read_text(encoding="utf-8")
    shutil.rmtree(old.settings)
    assert run(new, old.home) == 0
    assert "the one in the journal is taken" in capsys.readouterr().out
    assert (new.parent / "settings" / "hall.toml").read_text(encoding="utf-8") == text


# --- from a backup -----------------------------------------------------------------------------------------


def damage(old: HubFolder) -> None:
    """The rows of the journal are gone."""
    path = old.data / "journal.db"
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\0" * (path.stat().st_size - 4096))


def test_an_index_that_a_dying_card_spoilt_is_made_anew_from_the_rows(old: HubFolder, new: Path):
    """Else a repeated command would not find its first answer."""
    with closing(sqlite3.connect(old.data / "journal.db")) as db:
        (page,) = db.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'event_by_command'"
        ).fetchone()
        empty = b"\x0a" + bytes(4) + b"\x10\x00" + bytes(4089)
    with (old.data / "journal.db").open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(empty)
    assert answers_in(old.data, old.answered) == {}, "the damage is one"
    assert run(new, old.home) == 0
    assert answers_in(new, old.answered) == {n: answer for n, (_, answer) in old.answered.items()}


def test_of_a_card_that_cannot_be_read_the_last_good_backup_is_taken_and_what_is_missing_said(
    old: HubFolder, stick: Path, new: Path, capsys: pytest.CaptureFixture[str]
):
    damage(old)
    assert run(new, old.home, stick) == 0
    said = capsys.readouterr().out
    assert f"the card at {old.data} cannot be used" in said
    assert "What was done after that is missing" in said
    assert "8001" in said
    hub = start(new)
    assert next_number(hub) == "A8001"
    note = [e for e, _ in hub._journal.replay() if isinstance(e, JournalRestored)]
    assert [(one.source, one.whole) for one in note] == [(RestoredFrom.BACKUP, False)]


def test_it_is_written_down_once_however_often_the_hub_starts(stick: Path, new: Path):
    assert run(new, stick) == 0
    for _ in range(3):
        hub = start(new)
        hub._journal.close()
    with closing(Journal(new / "journal.db")) as journal:
        assert [row.kind for row in journal.rows()].count("JournalRestored") == 1
        assert journal.verify() == ""


def test_a_damaged_backup_is_passed_over_for_the_one_before(
    old: HubFolder, stick: Path, new: Path, capsys: pytest.CaptureFixture[str]
):
    later = stick / "jiaohao-sample-20990101T000000Z-99.backup"
    later.write_bytes(next(stick.glob("*.backup")).read_bytes()[:-40])
    assert run(new, stick) == 0
    assert "no whole backup" in capsys.readouterr().out
    assert verified(new / "journal.db")[0] < verified(old.data / "journal.db")[0]


def test_a_card_that_is_older_than_the_backup_is_not_taken_for_the_last_word(
    old: HubFolder, stick: Path, new: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    ancient = HubFolder(tmp_path / "ancient")
    ancient.give(1)
    assert run(new, ancient.home, stick) == 0
    assert "from the backup" in capsys.readouterr().out


def test_the_technician_may_say_where_numbers_go_on(stick: Path, new: Path):
    assert run(new, stick, more=("--numbers-from", "301")) == 0
    assert next_number(start(new)) == "A301"


# --- what is refused ---------------------------------------------------------------------------------------


def test_a_journal_that_went_further_is_not_thrown_away_without_force_and_kept_with_it(
    old: HubFolder, stick: Path, new: Path, capsys: pytest.CaptureFixture[str]
):
    assert run(new, old.home) == 0
    before = verified(new / "journal.db")
    assert run(new, stick) == 1
    assert "that are not in what is to be restored" in capsys.readouterr().err
    assert verified(new / "journal.db") == before
    refuse_half_done(new)
    assert run(new, stick, more=("--force",)) == 0
    (aside,) = new.glob("before-restore-*/journal.db")
    assert verified(aside) == before


def test_an_older_one_of_the_same_hall_gives_way(old: HubFolder, stick: Path, new: Path):
    assert run(new, stick) == 0
    assert run(new, old.home) == 0
    assert verified(new / "journal.db") == verified(old.data / "journal.db")


def test_what_a_fresh_hub_told_itself_gives_way(old: HubFolder, new: Path):
    fresh = HubFolder(new.parent)
    fresh.give(0)
    assert run(new, old.home) == 0
    assert verified(new / "journal.db") == verified(old.data / "journal.db")


def test_nothing_usable_is_a_sentence_and_leaves_everything_as_it_was(
    new: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "empty").mkdir()
    assert run(new, tmp_path / "empty", tmp_path / "nowhere") == 1
    said = capsys.readouterr()
    assert "neither a journal nor a backup" in said.out
    assert "nothing was restored" in said.err
    assert not (new / "journal.db").exists()
    refuse_half_done(new)


def test_under_a_coordinator_that_runs_nothing_is_restored(
    old: HubFolder, new: Path, capsys: pytest.CaptureFixture[str]
):
    from broker.lock import hold

    with hold(new / "coordinator.lock", "a coordinator"):
        assert run(new, old.home) == 1
    assert "a coordinator runs on" in capsys.readouterr().err


def test_a_clock_that_is_behind_the_last_event_is_a_sentence(
    old: HubFolder, new: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("broker.backup.restore.time.time_ns", lambda: int((NOW - 3600) * 1e9))
    assert run(new, old.home) == 1
    assert "set the clock" in capsys.readouterr().err
    assert run(new, old.home, more=("--force",)) == 0


# --- cut short ---------------------------------------------------------------------------------------------


def moves(old: HubFolder, new: Path, monkeypatch: pytest.MonkeyPatch, upto: int) -> bool:
    """Restore, but the power fails before the `upto`th file moves; whether it did."""
    real, count = shutil.move, 0

    def cut(path: Path, to: Path) -> None:
        nonlocal count
        count += 1
        if count > upto:
            raise OSError("the power is gone")
        real(path, to)

    monkeypatch.setattr("broker.backup.restore.shutil.move", cut)
    ended = run(new, old.home)
    monkeypatch.setattr("broker.backup.restore.shutil.move", real)
    return ended == 1


def test_cut_short_anywhere_no_coordinator_takes_it_for_whole_and_a_second_run_does_it(
    old: HubFolder, new: Path, monkeypatch: pytest.MonkeyPatch
):
    for upto in range(20):
        if not moves(old, new, monkeypatch, upto):
            break
        with pytest.raises(OSError, match="was cut short"):
            refuse_half_done(new)
    else:
        raise AssertionError("it never came to its end")
    assert upto > 4
    assert not (new / HALF_DONE).exists()
    assert answers_in(new, old.answered) == {n: answer for n, (_, answer) in old.answered.items()}


def test_the_coordinator_itself_refuses_a_half_done_folder(
    old: HubFolder, new: Path, monkeypatch: pytest.MonkeyPatch
):
    assert moves(old, new, monkeypatch, 2)
    words = ["-m", "broker.hub", "--hall", str(old.hall), "--data", str(new)]
    ran = subprocess.run(
        [sys.executable, *words], cwd=REPOSITORY, capture_output=True, timeout=60, check=False
    )
    assert ran.returncode == 1
    assert b"was cut short: run the same `jiaohao restore` again" in ran.stderr
    assert not (new / "journal.db").exists()


def test_a_sealed_backup_comes_back_with_its_passphrase_alone(
    old: HubFolder, new: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    key, place = tmp_path / "key", tmp_path / "sealed"
    key.write_text("correct horse battery", encoding="utf-8")
    key.chmod(0o600)
    words = ["--hall", str(old.hall), "--data", str(old.data), "--to", str(place)]
    sealed = ("--passphrase-file", str(key))
    assert cli.main([*words, *sealed]) == 0
    assert run(new, place) == 1
    assert "name the file of its passphrase" in capsys.readouterr().out
    assert run(new, place, more=sealed) == 0
    with closing(sqlite3.connect(new / "journal.db")) as db:
        assert db.execute("SELECT count(*) FROM event").fetchone() == (
            verified(old.data / "journal.db")[0],
        )


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_what_root_restores_belongs_to_whom_the_folder_does(old: HubFolder, new: Path):
    new.parent.mkdir()
    os.chown(new.parent, 1234, 1234)
    assert run(new, old.home) == 0
    for path in (new, *new.rglob("*")):
        assert (path.stat().st_uid, path.stat().st_gid) == (1234, 1234), path
