"""Reads hall.toml, and says in words what is wrong with it: file, line, column, and the likely meaning of a misspelt key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import msgspec

from broker.disagreements import disagreements
from broker.settings import Hall
from broker.wrong_values import Problem, Steps, wrong

__all__ = [
    "Problem",
    "SettingsFault",
    "check",
    "convert",
    "load",
    "locate",
    "not_toml",
    "not_utf8",
    "parse",
    "read",
]

T = TypeVar("T")


class SettingsFault(ValueError):
    """hall.toml cannot be used; `lines` says everything that is wrong, one sentence a line."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def read(path: Path) -> str:
    """The text of a settings file. Raises SettingsFault."""
    try:
        # -sig: some editors put a byte order mark first, which is no TOML.
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as fault:
        raise SettingsFault((not_utf8(path, fault),)) from fault
    except OSError as fault:
        raise SettingsFault((f"{path}: cannot be read: {fault.strerror}",)) from fault


def not_utf8(path: Path, fault: UnicodeDecodeError) -> str:
    """Where a file stops being UTF-8: most often a spreadsheet wrote it in the computer's own encoding."""
    before = fault.object[: fault.start]
    line, last = before.count(b"\n") + 1, before[before.rfind(b"\n") + 1 :]
    column = len(last.decode(errors="replace").removeprefix("\ufeff")) + 1
    return f"{path}:{line}:{column}: this is not UTF-8; save the file as UTF-8 (a spreadsheet: as “CSV UTF-8”)"


def load(path: Path) -> Hall:
    """The hall that a file describes. Raises SettingsFault."""
    return parse(read(path), str(path))


def parse(text: str, name: str = "hall.toml") -> Hall:
    """The hall that a text describes. Raises SettingsFault."""
    hall, problems = check(text, name)
    if hall is None or problems:
        raise SettingsFault(problems)
    return hall


def check(text: str, name: str = "hall.toml") -> tuple[Hall | None, tuple[str, ...]]:
    """The hall, if its tables can be read at all, and every problem as `file:line:column: sentence`."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        return None, (not_toml(str(fault), text, name),)
    except RecursionError:
        return None, (
            f"{name}: this is not TOML that anybody meant: brackets in brackets without end",
        )
    hall, problems = convert(raw, Hall)
    if hall is not None:
        problems = [*disagreements(hall)]
    return hall, locate(problems, text, name)


def not_toml(sentence: str, text: str, name: str) -> str:
    sentence, _, place = sentence.removesuffix(")").partition(" (at ")
    line, column = re.findall(r"\d+", place) or (
        text.count("\n") + 1,
        len(text) - text.rfind("\n"),
    )
    return f"{name}:{line}:{column}: this is not TOML: {sentence}"


def convert(raw: object, wanted: type[T], steps: Steps = ()) -> tuple[T | None, list[Problem]]:
    """`raw`, which stands at `steps` of its file, as `wanted`; or every problem on the way there."""
    problems = list(wrong(raw, wanted, steps))
    return (None, problems) if problems else (msgspec.convert(raw, wanted), [])


def locate(problems: Iterable[Problem], text: str, name: str) -> tuple[str, ...]:
    """Problems as `file:line:column: sentence`, in the order of the text."""
    problems = list(problems)
    if not problems:
        return ()
    from broker.toml_lines import places  # a parser that only a fault needs

    where = places(text)

    def place(steps: Steps) -> tuple[int, int]:
        while steps not in where:
            steps = steps[:-1]
        return where[steps]

    found = sorted((place(problem.steps), problem.sentence) for problem in problems)
    return tuple(f"{name}:{line}:{column}: {sentence}" for (line, column), sentence in found)
