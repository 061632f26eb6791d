"""The sample hall with one thing written otherwise, and what is said of it."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from broker.loading import check
from firmware.check import main

SAMPLE = files("broker").joinpath("halls", "sample.toml").read_text(encoding="utf-8")

Lines = tuple[str, ...]


def changed(old: str, new: str) -> str:
    """The sample hall with one thing written otherwise."""
    assert old in SAMPLE, f"the sample hall no longer has {old!r}: write this test anew"
    return SAMPLE.replace(old, new, 1)


def line_of(text: str, part: str, nth: int = 1) -> int:
    """On which line a part of a text stands for the nth time."""
    lines = [number for number, line in enumerate(text.splitlines(), start=1) if part in line]
    return lines[nth - 1]


def problems(text: str) -> Lines:
    return check(text, "hall.toml")[1]


def told(text: str, where: str, sentence: str, nth: int = 1) -> None:
    """There is one problem, on the line of `where`, and this is the whole of its sentence."""
    assert problems(text) == (f"hall.toml:{line_of(text, where, nth)}: {sentence}",)


def checked(path: Path, text: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, Lines]:
    """Exit status and lines of `jiaohao check`, hardware included."""
    file = path / "hall.toml"
    file.write_text(text, encoding="utf-8")
    status = main([str(file)])
    return status, tuple(capsys.readouterr().out.replace(f"{file}", "hall.toml").splitlines())
