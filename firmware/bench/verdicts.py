"""What a try found out, step by step, and the report of it; reads no clock and asks nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["By", "PartTried", "Verdict", "report", "told"]


class By(StrEnum):
    """Who knows: the machine by itself, or a person who was asked."""

    MACHINE = "seen by the machine"
    PERSON = "asked of the person"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One step and how it went; `why` says what was found instead, or what one should know besides."""

    step: str
    passed: bool
    by: By = By.MACHINE
    why: str = ""


@dataclass(frozen=True, slots=True)
class PartTried:
    """A part, its settings as they stand in hall.toml, and its verdicts."""

    name: str
    settings: str
    verdicts: tuple[Verdict, ...]


def told(verdict: Verdict) -> str:
    """A verdict as one line.

    >>> told(Verdict("the lamp 'next' lights up", False, By.PERSON))
    "FAILED  the lamp 'next' lights up (asked of the person)"
    """
    word = "passed" if verdict.passed else "FAILED"
    why = f": {verdict.why}" if verdict.why else ""
    return f"{word}  {verdict.step} ({verdict.by}){why}"


def report(head: Mapping[str, str], parts: tuple[PartTried, ...], *, finished: bool) -> str:
    """The whole try as text: where and when it was, then every part's verdicts, then the result."""
    return "\n".join(_lines(head, parts, finished=finished)) + "\n"


def _lines(
    head: Mapping[str, str], parts: tuple[PartTried, ...], *, finished: bool
) -> Iterator[str]:
    yield "Jiaohao hardware test"
    width = max(map(len, head))
    for name, value in head.items():
        yield f"{name:<{width}}  {value}"
    for part in parts:
        yield ""
        yield f"{part.name} = {part.settings}"
        for verdict in part.verdicts:
            yield f"  {told(verdict)}"
    yield ""
    verdicts = [verdict for part in parts for verdict in part.verdicts]
    passed = sum(verdict.passed for verdict in verdicts)
    yield f"result: {passed} of {len(verdicts)} steps passed"
    if not finished:
        yield "NOT FINISHED: the test was broken off; what is not named above was not tried"
