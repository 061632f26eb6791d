"""How a unit starts: as a command that there is, of the release that the link leads to, and of no other."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from firmware.onboard import releases
from firmware.onboard.__main__ import main
from firmware.onboard.launching import COUNTING, UNITS, count_attempt, launch_of
from firmware.onboard.manifest import ReleaseFault
from firmware.onboard.state import read_state
from tests.setup.bundles import Board

EVERY = [unit for units in UNITS.values() for unit in units]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def board(tmp_path: Path) -> Board:
    found = Board(tmp_path / "board")
    places = found.places
    releases.begin(places, releases.install(found.bundle(1).path, places))
    places.settings.mkdir()
    (places.settings / "hall.toml").write_text("")
    places.identity.mkdir()
    (places.identity / "name").write_text("counter-1\n")
    places.hub.write_text(json.dumps({"host": "10.0.0.9", "server_name": "hub.hall", "port": 8883}))
    return found


@pytest.mark.parametrize("unit", EVERY)
def test_every_unit_is_a_command_that_there_is_with_words_that_it_knows(board: Board, unit: str):
    launch = launch_of(board.places, unit)
    # The suite itself in place of the board's release, which is of a few lines; its hall.toml is empty.
    environment = {**os.environ, **launch.environment, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        launch.argv, check=False, capture_output=True, text=True, env=environment, cwd=board.folder
    )
    assert run.returncode == 1, run.stderr
    assert str(board.places.home) in run.stderr


@pytest.mark.parametrize("unit", EVERY)
def test_a_unit_reads_the_release_itself_and_not_the_link(board: Board, unit: str):
    launch = launch_of(board.places, unit)
    name = board.places.current.resolve().name
    assert launch.environment["PYTHONPATH"] == str(board.places.releases / name / "site-packages")
    assert launch.environment["JIAOHAO_RELEASE"] == name
    assert launch.environment["JIAOHAO_RUN"] == str(board.places.run)


def test_the_program_becomes_the_command_of_the_unit(board: Board):
    program = board.folder / "onboard.pyz"
    program.write_bytes((board.places.current / "onboard.pyz").read_bytes())
    # As the program is started, but for where its places are.
    start = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1]);"
        " from firmware.onboard.__main__ import main; from firmware.onboard.places import Places;"
        " home = Path(sys.argv[2]);"
        " sys.exit(main(['launch', 'broker'], Places(home / 'home', home / 'boot', home / 'run')))"
    )
    run = subprocess.run(
        [sys.executable, "-I", "-c", start, str(program), str(board.folder)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert (run.stdout, run.stderr, run.returncode) == ("counter 1\n", "", 0)


def test_only_the_unit_that_counts_uses_up_an_attempt(
    board: Board, capsys: pytest.CaptureFixture[str]
):
    places = board.places
    newer = releases.install(board.bundle(2).path, places)
    releases.flip(places, newer, 1000.0)
    for unit in EVERY:
        before = read_state(places).attempts_left
        assert main(["attempt", unit], places) == 0
        assert newer in capsys.readouterr().out
        assert before - read_state(places).attempts_left == (unit in COUNTING)


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EROFS])
def test_a_disk_that_cannot_be_written_stops_no_board(
    board: Board, monkeypatch: pytest.MonkeyPatch, fault: int
):
    newer = releases.install(board.bundle(2).path, board.places)
    releases.flip(board.places, newer, 1000.0)

    def broken(*_: object) -> None:
        raise OSError(fault, os.strerror(fault))

    monkeypatch.setattr(releases, "write_state", broken)
    assert count_attempt(board.places, "board") == newer


def test_without_a_release_nothing_is_started_and_it_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    empty = Board(tmp_path / "empty")
    for words in (["attempt", "board"], ["launch", "board"]):
        assert main(words, empty.places) == 1
        assert "no whole release" in capsys.readouterr().err
    with pytest.raises(ReleaseFault, match="no whole release"):
        launch_of(empty.places, "board")


def test_a_unit_that_there_is_not_is_refused(board: Board):
    with pytest.raises(ReleaseFault, match="no unit 'kiosk'"):
        launch_of(board.places, "kiosk")
