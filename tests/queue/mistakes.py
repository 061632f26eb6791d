"""The sample hall with one thing written otherwise, and what is said of it."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from broker.loading import check
from firmware.check import main

SAMPLE = files("broker").joinpath("halls", "sample.toml").read_text(encoding="utf-8")
CATALOGUE = files("broker").joinpath("halls", "sample-catalogue.toml").read_text(encoding="utf-8")

Lines = tuple[str, ...]


def changed(old: str, new: str) -> str:
    """The sample hall with one thing written otherwise."""
    assert old in SAMPLE, f"the sample hall no longer has {old!r}: write this test anew"
    return SAMPLE.replace(old, new, 1)


def place_of(text: str, part: str, nth: int = 1) -> str:
    """Where a part of a text stands for the nth time, as `line:column` from 1."""
    at = -1
    for _ in range(nth):
        at = text.index(part, at + 1)
    line_start = text.rfind("\n", 0, at) + 1
    return f"{text.count(chr(10), 0, at) + 1}:{at - line_start + 1}"


def problems(text: str) -> Lines:
    return check(text, "hall.toml")[1]


def told(text: str, where: str, sentence: str, nth: int = 1) -> None:
    """There is one problem, it stands where `where` begins, and this is the whole of its sentence."""
    assert problems(text) == (f"hall.toml:{place_of(text, where, nth)}: {sentence}",)


def checked(path: Path, text: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, Lines]:
    """Exit status and lines of `jiaohao check`, hardware included."""
    file = path / "hall.toml"
    file.write_text(text, encoding="utf-8")
    (path / "sample-catalogue.toml").write_text(CATALOGUE, encoding="utf-8")
    status = main([str(file)])
    return status, tuple(capsys.readouterr().out.replace(f"{file}", "hall.toml").splitlines())
