"""The laws of a power cut: whatever was written, half written or only on its way, what was said stays true.

Recorded from real processes call by call, and cut at every one of them: with all writes on the disk, with the last
one torn, and with those that no sync had made sure kept, torn or lost at random.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from shutil import rmtree
from tempfile import TemporaryDirectory

import pytest

from broker.journal import Journal, JournalFault
from tests.power import board_at_work, hub_at_work
from tests.power.laws import LAWS, journal, outbox
from tests.power.recorded import Disk, Op, Said, Sync, Unlink, Write, record
from tests.power.write_log import SECTOR
from tests.queue.ports import hub_in

Cut = Callable[[Disk, Random], dict[str, bytes]]
CUTS: dict[str, Cut] = {
    "every write at rest": lambda disk, _: disk.everything(),
    "the last write torn": lambda disk, random: disk.torn(random),
    "unsynced writes lost": lambda disk, random: disk.lost(random),
    "unsynced writes lost or torn": lambda disk, random: disk.scattered(random),
}
MODULES = {"journal": "tests.power.hub_at_work", "outbox": "tests.power.board_at_work"}


@pytest.fixture(scope="module", params=MODULES)
def run(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, list[Op]]:
    """Which law it is under, and what it did."""
    folder = tmp_path_factory.mktemp(request.param) / "data"
    folder.mkdir()
    done = record(MODULES[request.param], folder)
    writes = {op.file for op in done if isinstance(op, Write)}
    assert {name for name in writes if name.endswith(".db")}, "no checkpoint was recorded"
    assert {name for name in writes if name.endswith("-wal")}
    assert sum(isinstance(op, Sync) for op in done) > 50
    assert any(isinstance(op, Unlink) and op.file.endswith("-wal") for op in done), "no restart"
    return request.param, done


@pytest.fixture
def left() -> Iterator[Path]:
    """A folder in memory where there is one: the cuts are made already, and a look syncs for nobody."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder) / "cut"


def _cuts(done: list[Op], cut: Cut, folder: Path) -> Iterator[list[str]]:
    """The folder as each cut would leave it, and what had been said by then."""
    disk, random = Disk(), Random(2388)
    said: list[str] = []
    for op in done:
        disk.take(op)
        if isinstance(op, Said):
            said.append(op.line)
            continue
        rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, content in cut(disk, random).items():
            (folder / name).write_bytes(content)
        yield said


@pytest.mark.needs("strace")
@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS)
def test_it_opens_whole_by_itself_and_has_all_that_was_said(
    run: tuple[str, list[Op]], cut: Cut, left: Path
):
    law, done = run
    tried = 0
    for said in _cuts(done, cut, left):
        found = LAWS[law](left, said)
        assert found.is_good, f"{tried}: {found}"
        tried += 1
    assert tried > 200


@pytest.fixture
def hub_lines(tmp_path: Path) -> list[str]:
    said: list[str] = []
    hub_at_work.work(tmp_path / "whole", said.append, 12, 12)
    # The room that was made stands free at its end, where nothing could be missed.
    with closing(sqlite3.connect(tmp_path / "whole" / "journal.db")) as db:
        db.execute("VACUUM")
    return said


def test_a_journal_whose_synced_end_is_gone_is_refused(hub_lines: list[str], tmp_path: Path):
    """What no power cut does, but a dying card may: it is never taken for a shorter day."""
    whole = (tmp_path / "whole" / "journal.db").read_bytes()
    for size in range(SECTOR, len(whole), SECTOR):
        torn = tmp_path / f"{size}"
        torn.mkdir()
        (torn / "journal.db").write_bytes(whole[:size])
        with pytest.raises(JournalFault, match=r"journal\.db"), hub_in(torn):
            pass


def test_rows_of_nothing_are_told_and_never_verified(hub_lines: list[str], tmp_path: Path):
    whole = tmp_path / "whole" / "journal.db"
    whole.write_bytes(whole.read_bytes()[:-SECTOR])
    with closing(Journal(whole)) as damaged:
        assert damaged.verify()


def test_an_outbox_whose_synced_end_is_gone_is_never_taken_for_a_shorter_one(tmp_path: Path):
    said: list[str] = []
    board_at_work.work(tmp_path / "whole", said.append, 40, 12)
    whole = (tmp_path / "whole" / "outbox.db").read_bytes()
    for size in range(SECTOR, len(whole), SECTOR):
        torn = tmp_path / f"{size}"
        torn.mkdir()
        (torn / "outbox.db").write_bytes(whole[:size])
        found = outbox(torn, said)
        assert found.opened or not found.lost


def test_a_lost_or_altered_answer_is_found_missing(hub_lines: list[str], tmp_path: Path):
    assert journal(tmp_path / "whole", hub_lines).is_good
    first, *_ = hub_lines
    altered = f"{first[:-1]}{'0' if first[-1] != '0' else '1'}"
    for line in ("never=000000000000", altered):
        assert journal(tmp_path / "whole", [*hub_lines, line]).lost == (line,)


def test_a_lost_request_and_marks_that_went_back_are_found_missing(tmp_path: Path):
    said: list[str] = []
    board_at_work.work(tmp_path / "whole", said.append, 40, 12)
    assert outbox(tmp_path / "whole", said).is_good
    later = [*said, "kept 40", "marked 40"]
    assert outbox(tmp_path / "whole", later).lost == ("kept 40", "remembered 40", "marked 40")


@pytest.mark.needs("strace")
def test_the_same_run_without_its_syncs_would_lose_what_it_said(
    run: tuple[str, list[Op]], left: Path
):
    """That these laws can be broken at all."""
    law, done = run
    never_synced: list[Op] = [op for op in done if not isinstance(op, Sync)]
    lost = CUTS["unsynced writes lost"]
    assert not all(LAWS[law](left, said).is_good for said in _cuts(never_synced, lost, left))
