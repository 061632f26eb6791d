"""Reads the catalogue from a workbook, and says of each wrong cell where it stands and what to write; it changes nothing."""

from __future__ import annotations

import warnings
import zipfile
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from broker.catalogue.agreement import disagreements, twice
from broker.catalogue.columns import (
    AGENCY,
    CATALOGUE,
    GROUPS,
    ITEMS,
    MATERIALS,
    NO,
    OWN,
    SHEETS,
    YES,
    Sheet,
)
from broker.catalogue.sheet_rows import Fault, Place, Row, read_rows
from broker.items import Catalogue
from broker.loading import SettingsFault, convert
from broker.settings import Hall
from broker.wrong_values import Problem, Steps, meant

__all__ = ["read"]

COLUMN = {(sheet.title, column.header): column for sheet in SHEETS for column in sheet.columns}
ITEM, USE = COLUMN["材料", "事项编号"], COLUMN["材料", "用途"]
MAY_ACT = COLUMN["事项", "可否代办"]
OF_AGENCY = [column for column in ITEMS.columns if column.steps[0] == "agency" != column.steps[-1]]

Table = dict[str, Any]


class _Found:
    """What a workbook holds, as the TOML file would; where each key of it stands; what is wrong."""

    def __init__(self) -> None:
        self.raw: Table = {"groups": [], "items": []}
        self.where: dict[Steps, Place] = {}
        self.faults: list[Fault] = []


def read(path: Path, hall: Hall) -> Catalogue:
    """The catalogue in a workbook. Raises SettingsFault with everything that is wrong."""
    book = _open(path)
    papers: dict[str, Worksheet] = {paper.title: paper for paper in book.worksheets}
    missing = [sheet.title for sheet in SHEETS if sheet.title not in papers]
    if missing:
        raise SettingsFault(
            tuple(
                f"{path}: the sheet {title} is missing{meant(title, papers)}" for title in missing
            )
        )
    found = _Found()
    _catalogue(_rows(papers, CATALOGUE, found), found)
    for sheet, table in ((GROUPS, "groups"), (ITEMS, "items")):
        for index, row in enumerate(_rows(papers, sheet, found)):
            found.raw[table].append(_table(row, (table, index), found))
    _materials(_rows(papers, MATERIALS, found), found)
    catalogue: Catalogue | None = None
    if not found.faults:
        problems: list[Problem]
        catalogue, problems = convert(found.raw, Catalogue)
        if catalogue is not None:
            problems = [*disagreements(catalogue, hall)]
        found.faults += [(_place(one, found.where), one.sentence) for one in problems]
    if catalogue is None or found.faults:
        raise SettingsFault(tuple(_told(path, papers, one) for one in sorted(found.faults)))
    return catalogue


def _rows(papers: dict[str, Worksheet], sheet: Sheet, found: _Found) -> list[Row]:
    rows, faults = read_rows(papers[sheet.title], sheet)
    found.faults += faults
    return rows


# --- putting together ----------------------------------------------------------------------------------


def _catalogue(rows: list[Row], found: _Found) -> None:
    for row in rows[:1]:
        found.raw |= _table(row, (), found)
    found.faults += [(row.place, "one row is enough here; clear this one") for row in rows[1:]]


def _table(row: Row, here: Steps, found: _Found) -> Table:
    """A row as a table; what stands in no cell is left to its default."""
    table: Table = {}
    found.where[here] = row.place
    may_act = row.values.get(MAY_ACT)  # None: that cell is wrong, and told
    for column, place in row.places.items():
        if column in (ITEM, USE):
            continue
        _mark(found, (*here, *column.steps), place, row.values.get(column))
        if column is MAY_ACT:
            if may_act is not False:
                table.setdefault("agency", {}).setdefault("materials", [])
        elif column in OF_AGENCY and may_act is False:
            if column in row.values:
                told = f"{MAY_ACT.header} says {NO}; write {YES} there, or clear this cell"
                found.faults.append((place, told))
        elif column in row.values:
            inner = table
            for step in column.steps[:-1]:
                inner = inner.setdefault(str(step), {})
            inner[str(column.steps[-1])] = row.values[column]
        elif may_act and column in OF_AGENCY and column.steps[-1] == "scope":
            told = f"must not be empty: {MAY_ACT.header} says {YES} ({column.told})"
            found.faults.append((place, told))
    return table


def _mark(found: _Found, steps: Steps, place: Place, value: object) -> None:
    """Note where a key stands, and each entry of a list that is in one cell."""
    found.where[steps] = place
    for index in range(len(value) if isinstance(value, list) else 0):
        found.where[*steps, index] = place


def _materials(rows: list[Row], found: _Found) -> None:
    """Each row goes to its item, in the order of the rows."""
    ids = [item.get("id") or f"row {index}" for index, item in enumerate(found.raw["items"])]
    # Told before all else: the papers of an item that took another's name belong to none.
    problems = twice("items", ids, "item")
    found.faults += [(_place(one, found.where), one.sentence) for one in problems]
    index_of = {name: index for index, name in enumerate(ids)}
    for row in rows:
        name, use = row.values.get(ITEM), row.values.get(USE)
        if name is None or use is None:
            continue  # told already
        if name not in index_of:
            sentence = f"{name!r} is no item of the sheet {ITEMS.title}{meant(str(name), index_of)}"
            found.faults.append((row.places[ITEM], sentence))
            continue
        if use not in (OWN, AGENCY):
            sentence = f"{use!r} is neither {OWN} nor {AGENCY}; write one of them"
            found.faults.append((row.places[USE], sentence))
            continue
        index = index_of[name]
        item, here = found.raw["items"][index], ("items", index)
        if use == AGENCY and "agency" not in item:
            sentence = (
                f"{MAY_ACT.header} says {NO} for {name!r}; write {YES} there, or clear this row"
            )
            found.faults.append((row.places[USE], sentence))
            continue
        kept, steps = (item["agency"], (*here, "agency")) if use == AGENCY else (item, here)
        listed = kept.setdefault("materials", [])
        listed.append(_table(row, (*steps, "materials", len(listed)), found))


# --- the file and its places ---------------------------------------------------------------------------


def _open(path: Path) -> Workbook:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what it cannot keep; nothing is written back
            return load_workbook(path)
    except OSError as fault:
        raise SettingsFault((f"{path}: cannot be read: {fault.strerror or fault}",)) from fault
    except (InvalidFileException, zipfile.BadZipFile, ParseError, KeyError, ValueError, TypeError):
        raise SettingsFault(
            (f"{path}: this is no workbook; save it as an Excel workbook (.xlsx)",)
        ) from None


def _place(problem: Problem, where: dict[Steps, Place]) -> Place:
    steps = problem.steps
    while steps not in where and steps:
        steps = steps[:-1]
    return where.get(steps, (0, 1, 0))


def _told(path: Path, papers: dict[str, Worksheet], fault: Fault) -> str:
    (index, row, column), sentence = fault
    paper = papers[SHEETS[index].title]
    header = paper.cell(1, column).value if column and row > 1 else None
    cell = f", column {get_column_letter(column)}" if column else ""
    named = f" ({header})" if header else ""
    return f"{path}: sheet {paper.title}, row {row}{cell}{named}: {sentence}"
