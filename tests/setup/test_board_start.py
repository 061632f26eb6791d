"""The laws of a board's start: what is wrong in hall.toml is said as `jiaohao check` says it, and nothing starts."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

from broker.loading import SettingsFault
from firmware import board, check
from hal_mocks.virtual_hall import board as virtual_board
from hal_mocks.virtual_hall import demo

SAMPLE = files("broker").joinpath("halls", "sample.toml").read_text(encoding="utf-8")
MISTAKES = [
    ("recall_limit = 3", "recall_limit = -3", "'recall_limit' must be at least 0, not -3"),
    ("very_satisfied = 4", "very_satisfied = 40", "'very_satisfied' must be at most 27, not 40"),
    ("next = 17", "nxet = 17", "'nxet' is no lamp of a panel; did you mean 'next'?"),
    ("lamps = { remind = 8 }", "lamps = { remind = 4 }", "pin 4 of board 'counter-1' is used twice"),
    ('card = "6K"', 'card = "7K"', "'7K' is no 'card'; known here are: 5K, 6K"),
]  # fmt: skip

Main = Callable[[list[str]], int]


def started(main: Main, hall: Path, name: str = "counter-1") -> int:
    arguments = ["--hall", str(hall), "--data", str(hall.parent / "var")]
    if main is not demo.main:
        arguments += ["--board", name, "--broker", "127.0.0.1:1"]
    return main(arguments)


@pytest.mark.parametrize("main", [board.main, virtual_board.main, demo.main])
@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_its_place_as_check_tells_it_and_nothing_starts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], main: Main, mistake: tuple[str, str, str]
):
    right, wrong, sentence = mistake
    hall = tmp_path / "hall.toml"
    assert right in SAMPLE
    hall.write_text(SAMPLE.replace(right, wrong, 1), encoding="utf-8")
    assert check.main([str(hall)]) == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert started(main, hall) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[-1] == line
    assert line.startswith(f"{hall}:")
    assert sentence in line
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize("main", [board.main, virtual_board.main])
def test_a_board_that_the_hall_does_not_have_is_named_with_its_likely_meaning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], main: Main
):
    hall = tmp_path / "hall.toml"
    hall.write_text(SAMPLE, encoding="utf-8")
    assert started(main, hall, "conter-1") == 1
    assert f"{hall}: there is no board 'conter-1'; did you mean" in capsys.readouterr().err


@pytest.mark.parametrize("main", [board.main, virtual_board.main, demo.main])
def test_a_file_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], main: Main
):
    assert started(main, tmp_path / "hall.toml") == 1
    assert f"{tmp_path}/hall.toml: cannot be read: " in capsys.readouterr().err


def test_a_board_minds_its_own_hardware_alone(tmp_path: Path):
    hall = tmp_path / "hall.toml"
    hall.write_text(SAMPLE.replace("next = 17", "nxet = 17", 1), encoding="utf-8")
    assert check.load(hall, "kiosk-1").hall.id == "sample"
    with pytest.raises(SettingsFault, match="'nxet'"):
        check.load(hall, "counter-1")
