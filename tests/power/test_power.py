"""The laws of a power cut: whatever was written, half written or only on its way, what was said stays true.

Recorded from real processes call by call, and cut at every one of them: with all writes on the disk, with the last
one torn, and with those that no sync had made sure kept or lost at random.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from shutil import rmtree

import pytest

from broker.journal import Journal
from broker.outbox import Outbox
from tests.power.recorded import Disk, Op, Said, Sync, Write, record
from tests.queue.ports import hub_in

pytestmark = pytest.mark.needs("strace")

Cut = Callable[[Disk, Random], dict[str, bytes]]
CUTS: dict[str, Cut] = {
    "every write at rest": lambda disk, _: disk.everything(),
    "the last write torn": lambda disk, random: disk.torn(random),
    "unsynced writes lost": lambda disk, random: disk.lost(random),
}


@pytest.fixture(scope="module")
def hub_run(tmp_path_factory: pytest.TempPathFactory) -> list[Op]:
    return _recorded("tests.power.hub_at_work", tmp_path_factory.mktemp("hub") / "data")


@pytest.fixture(scope="module")
def board_run(tmp_path_factory: pytest.TempPathFactory) -> list[Op]:
    return _recorded("tests.power.board_at_work", tmp_path_factory.mktemp("board") / "data")


def _recorded(module: str, folder: Path) -> list[Op]:
    folder.mkdir()
    run = record(module, folder)
    writes = {op.file for op in run if isinstance(op, Write)}
    assert {name for name in writes if name.endswith(".db")}, "no checkpoint was recorded"
    assert {name for name in writes if name.endswith("-wal")}
    assert sum(isinstance(op, Sync) for op in run) > 50
    return run


def _cuts(run: list[Op], cut: Cut, folder: Path) -> Iterator[tuple[int, list[str]]]:
    """The folder as each cut would leave it, and what had been said by then."""
    disk, random, said = Disk(), Random(2388), []
    for number, op in enumerate(run):
        disk.take(op)
        if isinstance(op, Said):
            said.append(op.line)
            continue
        rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, content in cut(disk, random).items():
            (folder / name).write_bytes(content)
        yield number, said


@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS)
def test_the_journal_opens_whole_and_has_every_answer_that_was_given(
    hub_run: list[Op], cut: Cut, tmp_path: Path
):
    tried = 0
    for _, said in _cuts(hub_run, cut, tmp_path / "cut"):
        with closing(Journal(tmp_path / "cut" / "journal.db")) as journal:
            assert journal.verify() == ""
            for command_id in " ".join(said).split():
                assert journal.answer(command_id), f"{command_id} was answered, and is lost"
        tried += 1
    assert tried > 200


def test_the_hub_goes_on_after_each_cut(hub_run: list[Op], tmp_path: Path):
    for number, said in _cuts(hub_run, CUTS["unsynced writes lost"], tmp_path / "cut"):
        if number % 10:
            continue
        with hub_in(tmp_path / "cut") as hub:
            numbers = list(hub.coordinator.queue.tickets)
            assert numbers == [f"B{n:03d}" for n in range(1, len(numbers) + 1)]
            assert hub.coordinator.queue.day, said


@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS)
def test_an_outbox_has_all_that_was_kept_and_not_dropped_and_no_mark_goes_back(
    board_run: list[Op], cut: Cut, tmp_path: Path
):
    tried = 0
    for _, said in _cuts(board_run, cut, tmp_path / "cut"):
        kept = {word[5:] for word in said if word.startswith("kept ")}
        dropping = {word[9:] for word in said if word.startswith("dropping ")}
        marked = max((int(word[7:]) for word in said if word.startswith("marked ")), default=-1)
        outbox = Outbox(tmp_path / "cut" / "outbox.db")
        try:
            assert kept - dropping <= {request.command_id for request in outbox.waiting()}
            assert outbox.marks().get("call", -1) >= marked
        finally:
            outbox.close()
        tried += 1
    assert tried > 200
