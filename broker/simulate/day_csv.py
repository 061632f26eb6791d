"""DAY.csv: the real arrivals of a day, one visitor a line; every mistake with file, line and column."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from typing import TypeVar

from broker.loading import SettingsFault, read
from broker.sheet import unclosed_quote
from broker.simulate import cells
from broker.simulate.profile import Appointments
from broker.simulate.scenario import Scenario
from broker.simulate.visitor import MINUTE_MS, Lots, Visitor, midnight
from broker.wrong_values import meant

__all__ = ["NEEDED", "OPTIONAL", "read_day"]

T = TypeVar("T")

NEEDED = ("arrives", "service")
OPTIONAL = ("class", "appointment", "service_min", "no_show")
COLUMNS = (*NEEDED, *OPTIONAL)
CELL = re.compile(r'\s*(?:"(?:[^"]|"")*"|[^,]*)')
MOST_SHOWN = 20


@dataclass(slots=True)
class _Sheet:
    """Where we are: `line` counts from 1; `faults` are sentences with their places."""

    name: str
    header: list[str]
    text: str
    line: int = 1
    row: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def cell(self, column: str, meaning: Callable[[str], T]) -> T | None:
        """A cell's value; an absent one is read as an empty one. None if it is wrong, which is noted."""
        place = self.header.index(column) if column in self.header else len(self.row)
        try:
            return meaning(self.row[place].strip() if place < len(self.row) else "")
        except cells.Wrong as wrong:
            self.wrong(place, f"{column}: {wrong}")
            return None

    def wrong(self, place: int, sentence: str) -> None:
        starts = list(_starts(self.text))
        column = (starts[place] if place < len(starts) else len(self.text)) + 1
        self.faults.append(f"{self.name}:{self.line}:{column}: {sentence}")


def _starts(text: str) -> Iterator[int]:
    """Where each cell of a line begins."""
    at = 0
    while at <= len(text) and (cell := CELL.match(text, at)):
        yield at
        at = cell.end() + 1


def read_day(path: Path, scenario: Scenario, day: date, rng: Random) -> list[Visitor]:
    """The visitors of a file; what it leaves open is drawn by the scenario's profile. Raises SettingsFault."""
    first, *lines = read(path).splitlines() or [""]
    sheet = _Sheet(str(path), [name.strip() for name in next(csv.reader([first]), [])], first)
    _check_header(sheet)
    visitors = [] if sheet.faults else list(_visitors(sheet, lines, scenario, day, rng))
    if not visitors and not sheet.faults:
        sheet.faults.append(f"{path}:2:1: nobody comes: there is no line below the header")
    if sheet.faults:
        more = len(sheet.faults) - MOST_SHOWN
        rest = (f"{path}: and {more} more",) if more > 0 else ()
        raise SettingsFault((*sheet.faults[:MOST_SHOWN], *rest))
    return visitors


def _check_header(sheet: _Sheet) -> None:
    for place, name in enumerate(sheet.header):
        if name not in COLUMNS:
            sheet.wrong(place, f"unknown column {name!r}{meant(name, COLUMNS)}")
        elif name in sheet.header[:place]:
            sheet.wrong(place, f"the column {name!r} stands here twice")
    for name in NEEDED:
        if name not in sheet.header:
            sheet.wrong(len(sheet.header), f"the column {name!r} is missing")


def _visitors(
    sheet: _Sheet, lines: list[str], scenario: Scenario, day: date, rng: Random
) -> Iterator[Visitor]:
    hall, lots = scenario.hall, Lots(scenario.profile)
    services = [service.id for service in scenario.profile.services]
    slot_ms = (scenario.profile.appointments or Appointments(share=0)).slot_min * MINUTE_MS
    begins, before = midnight(day, hall.hall.timezone), 0
    for line, text in enumerate(lines, start=2):
        if not text.strip(" ,\t"):
            continue
        faults = len(sheet.faults)
        sheet.line, sheet.text = line, text
        if unclosed := unclosed_quote(sheet.name, line, text):
            sheet.faults.append(unclosed)
            continue
        sheet.row = next(csv.reader([text]))
        if len(sheet.row) > len(sheet.header):
            columns = len(sheet.header)
            sheet.wrong(columns, f"there are {len(sheet.row)} cells under {columns} columns")
        arrives = sheet.cell("arrives", partial(cells.time_after, before=before))
        before = before if arrives is None else arrives
        service = sheet.cell(
            "service", lambda cell: cells.known(cell, services, "service of the profile")
        )
        green = sheet.cell(
            "class",
            lambda cell: (
                cell and cells.known(cell, hall.priority_class, "priority class of the hall")
            ),
        )
        slot = sheet.cell("appointment", lambda cell: cells.slot(cell, hall))
        minutes = sheet.cell("service_min", cells.minutes)
        no_show = sheet.cell("no_show", cells.answer)
        if len(sheet.faults) > faults or arrives is None or service is None:
            continue
        yield lots.visitor(
            rng,
            service,
            begins + arrives,
            (0, 0) if slot is None else (begins + slot, begins + slot + slot_ms),
            green=green,
            service_ms=None if minutes is None else round(minutes * MINUTE_MS),
            no_show=no_show,
        )
