"""The laws of a power cut in an update: wherever it comes, a whole release runs, and no decision that was told is forgotten."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from shutil import rmtree
from tempfile import TemporaryDirectory

import pytest

from tests.power.laws import release
from tests.power.recorded_tree import Call, Tree, record_tree

CUTS = 3  # after each call, each with its own luck


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> list[Call]:
    done = record_tree("tests.power.release_at_work", tmp_path_factory.mktemp("release") / "home")
    kinds = {call[0] for call in done}
    assert kinds >= {"opened", "write", "sync", "folder", "rename", "link", "gone", "said"}
    assert sum(call[0] == "said" and call[1].startswith("flipped") for call in done) >= 5
    return done


@pytest.fixture
def left() -> Iterator[Path]:
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder) / "home"


def found_after_cuts(done: Sequence[Call], left: Path, seed: int) -> Iterator[str]:
    """What is wrong after a cut, for each cut that leaves something wrong."""
    tree, said = Tree(), list[str]()
    for number, call in enumerate(done):
        if call[0] == "said":
            said.append(call[1])
        if not tree.take(call):
            continue
        for cut in range(CUTS):
            rmtree(left, ignore_errors=True)
            tree.left(Random(f"{seed} {number} {cut}"), left)
            found = release(left, said)
            if not found.is_good:
                yield f"after call {number} {call[:2]}: {found}"


@pytest.mark.needs("strace")
def test_wherever_it_comes_a_whole_release_runs(run: list[Call], left: Path):
    assert list(found_after_cuts(run, left, 2388)) == []


@pytest.mark.needs("strace")
@pytest.mark.parametrize("careless", ["sync", "sync of files", "sync of folders"])
def test_an_updater_without_its_syncs_would_be_found_out(
    run: list[Call], left: Path, careless: str
):
    folders = {call[1] for call in run if call[0] == "folder"} | {""}
    done = [
        call
        for call in run
        if call[0] != "sync"
        or (careless == "sync of files" and call[1] in folders)
        or (careless == "sync of folders" and call[1] not in folders)
    ]
    assert next(found_after_cuts(done, left, 2388), "")
