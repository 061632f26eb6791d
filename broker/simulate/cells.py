"""What one cell of a DAY.csv means; where it stands is not known here."""

from __future__ import annotations

import re
from collections.abc import Iterable

from broker.settings import Hall
from broker.simulate.visitor import MINUTE_MS, SECOND_MS
from broker.wrong_values import meant

__all__ = ["Wrong", "answer", "known", "minutes", "slot", "time", "time_after"]

CLOCK = re.compile(r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?")
ANSWERS = {"": None, "yes": True, "no": False, "1": True, "0": False}
LONGEST_MIN = 24 * 60


class Wrong(ValueError):
    """What is wrong with a cell."""


def time(cell: str) -> int:
    """The ms since midnight.

    >>> time("08:30:15")
    30615000
    """
    if cell.startswith("-"):
        raise Wrong(f"{cell!r} is negative; a time of day is written as 08:30 or 08:30:15")
    if not CLOCK.fullmatch(cell):
        raise Wrong(f"{cell!r} is no time of day; write it as 08:30 or 08:30:15")
    hours, minutes_, seconds = (int(part) for part in f"{cell}:0".split(":")[:3])
    return (hours * 60 + minutes_) * MINUTE_MS + seconds * SECOND_MS


def time_after(cell: str, before: int) -> int:
    """A time that is no earlier than that of the lines above."""
    at = time(cell)
    if at < before:
        clock = (
            f"{before // 3_600_000:02d}:{before // MINUTE_MS % 60:02d}:{before // 1000 % 60:02d}"
        )
        raise Wrong(f"{cell!r} is earlier than {clock} in the lines above; sort the lines by time")
    return at


def known(cell: str, names: Iterable[str], what: str) -> str:
    names = list(names)
    if cell not in names:
        raise Wrong(f"{cell!r} is no {what}{meant(cell, names)}")
    return cell


def slot(cell: str, hall: Hall) -> int | None:
    """When an appointment begins; None where the cell is empty."""
    if not cell:
        return None
    if not hall.console:
        raise Wrong("nobody could book it: the hall has no console; add [[consoles]] to hall.toml")
    return time(cell)


def minutes(cell: str) -> float | None:
    """None where the cell is empty."""
    if not cell:
        return None
    try:
        found = float(cell)
    except ValueError:
        raise Wrong(f"{cell!r} is no number of minutes; write it as 4.5") from None
    if found < 0:
        raise Wrong(f"{cell} minutes: a service cannot take a negative time")
    # Not `>`: a text "nan" is a number too.
    if not found <= LONGEST_MIN:
        raise Wrong(f"{cell} minutes: a service takes {LONGEST_MIN} minutes at the most")
    return found


def answer(cell: str) -> bool | None:
    """None where the cell is empty."""
    if cell.lower() not in ANSWERS:
        raise Wrong(f"{cell!r} is neither yes nor no")
    return ANSWERS[cell.lower()]
