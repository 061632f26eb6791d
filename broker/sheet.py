"""A CSV file as rows of named cells, and where each cell stands; what a cell means is not known here."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from broker.loading import SettingsFault, not_utf8
from broker.wrong_values import meant

__all__ = ["Row", "read_sheet", "unclosed_quote"]

CELL = re.compile(r'\s*(?:"(?:[^"]|"")*"[^,]*|[^,]*)')


@dataclass(frozen=True, slots=True)
class Row:
    """One line, counted from 1; `cells` by column, an absent one is empty."""

    file: str
    line: int
    text: str
    columns: tuple[str, ...]
    cells: dict[str, str]

    def wrong(self, column: str, sentence: str) -> str:
        """`file:line:column: sentence`, about a cell."""
        return self.at(self.columns.index(column), f"{column}: {sentence}")

    def at(self, place: int, sentence: str) -> str:
        starts = [start for start, _ in _cells(self.text)]
        column = starts[place] if place < len(starts) else len(self.text)
        return f"{self.file}:{self.line}:{column + 1}: {sentence}"


def read_sheet(path: Path, needed: Collection[str], others: Collection[str] = ()) -> list[Row]:
    """The rows below the header, which names the columns in any order. Raises SettingsFault with all that is wrong."""
    try:
        # -sig: Excel puts a byte order mark first.
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as fault:
        raise SettingsFault((not_utf8(path, fault),)) from fault
    except OSError as fault:
        raise SettingsFault((f"{path}: cannot be read: {fault.strerror}",)) from fault
    header = lines[0] if lines else ""
    columns = tuple(cell for _, cell in _cells(header)) if header else ()
    top = Row(str(path), 1, header, columns, {})
    if problems := list(_wrong_header(top, needed, others)):
        raise SettingsFault(tuple(problems))
    unclosed = [unclosed_quote(str(path), at, text) for at, text in enumerate(lines, start=1)]
    if any(unclosed):
        raise SettingsFault(tuple(filter(None, unclosed)))
    rows = [
        Row(str(path), number, text, columns, _named(columns, text))
        for number, text in enumerate(lines[1:], start=2)
        if text.strip()
    ]
    long = [
        row.at(len(columns), f"there are more cells than the {len(columns)} columns")
        for row in rows
        if sum(1 for _ in _cells(row.text)) > len(columns)
    ]
    if long:
        raise SettingsFault(tuple(long))
    return rows


def unclosed_quote(file: str, line: int, text: str) -> str:
    """What is wrong with a line that a quotation mark leaves open; empty if none does."""
    if text.count('"') % 2 == 0:
        return ""
    column = text.rindex('"') + 1
    return f"{file}:{line}:{column}: this quotation mark is not closed"


def _wrong_header(top: Row, needed: Collection[str], others: Collection[str]) -> Iterator[str]:
    known = (*needed, *others)
    for place, name in enumerate(top.columns):
        if name not in known:
            yield top.at(place, f"unknown column {name!r}{meant(name, known)}")
        elif name in top.columns[:place]:
            yield top.at(place, f"the column {name!r} stands here twice")
    for name in needed:
        if name not in top.columns:
            yield top.at(len(top.columns), f"the column {name!r} is missing")


def _named(columns: tuple[str, ...], text: str) -> dict[str, str]:
    return dict.fromkeys(columns, "") | dict(
        zip(columns, (cell for _, cell in _cells(text)), strict=False)
    )


def _cells(text: str) -> Iterator[tuple[int, str]]:
    """Each cell of a line with where it begins."""
    at = 0
    while match := CELL.match(text, at):
        written = match[0].strip()
        (cell,) = next(csv.reader([written])) if written.startswith('"') else (written,)
        yield match.end() - len(match[0].lstrip()), cell.strip()
        if match.end() >= len(text):
            return
        at = match.end() + 1
