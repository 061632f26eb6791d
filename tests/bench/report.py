"""The bench's outcome for people (a table) and for programs (bench.json)."""

from __future__ import annotations

import os
import platform
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from tests.bench.row import Figure, Row

__all__ = ["catalogue", "table", "write"]

HEADS = ("row", "figure", "measured", "limit", "verdict")


def table(figures: Sequence[Figure]) -> str:
    """One line for each figure, and below what lies behind them."""
    lines = [
        (
            figure.row.name,
            figure.row.what,
            "-" if figure.value is None else f"{figure.value:.4g} {figure.row.unit}".rstrip(),
            _limit(figure.row),
            figure.verdict.value,
        )
        for figure in figures
    ]
    notes = dict.fromkeys(figure.note for figure in figures if figure.note)
    return "\n".join([*_columns([HEADS, *lines]), *(f"  {note}" for note in notes)])


def catalogue(rows: Sequence[Row]) -> str:
    """The rows that there are."""
    return "\n".join(_columns([(row.name, row.what, _limit(row)) for row in rows]))


def _limit(row: Row) -> str:
    return f"{'>=' if row.at_least else '<='} {row.limit:g} {row.unit}".rstrip()


def _columns(lines: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (
            cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)
        )
        yield "  ".join(cells).rstrip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def write(figures: Sequence[Figure], path: Path) -> None:
    """Write the figures with all their runs, and the machine they were taken on."""
    outcome = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cpus": os.cpu_count(),
        "rows": [
            {
                "name": figure.row.name,
                "what": figure.row.what,
                "unit": figure.row.unit,
                "value": figure.value,
                "limit": figure.row.limit,
                "limit_is": "least" if figure.row.at_least else "most",
                "over": figure.row.over,
                "runs": figure.runs,
                "verdict": figure.verdict,
                "note": figure.note,
            }
            for figure in figures
        ],
    }
    path.write_bytes(msgspec.json.format(msgspec.json.encode(outcome), indent=2) + b"\n")
