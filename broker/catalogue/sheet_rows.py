"""The rows of one sheet as its keeper meant them: merged cells, trailing blanks, cells that the spreadsheet typed itself."""

from __future__ import annotations

from dataclasses import dataclass

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from broker.catalogue.cells import is_blank, meaning
from broker.catalogue.columns import SHEETS, Column, Sheet
from broker.wrong_values import meant

__all__ = ["Fault", "Place", "Row", "read_rows"]

Place = tuple[int, int, int]
"""Which of SHEETS; row and column, both from 1; column 0 is the whole row."""
Fault = tuple[Place, str]


@dataclass(frozen=True, slots=True)
class Row:
    """`values` and `places` by column; a blank cell has a place and no value."""

    place: Place
    values: dict[Column, object]
    places: dict[Column, Place]


def read_rows(paper: Worksheet, sheet: Sheet) -> tuple[list[Row], list[Fault]]:
    """The rows below the header that are not blank, and everything that is wrong with their cells."""
    at = SHEETS.index(sheet)
    heads, faults = _heads(paper, sheet, at)
    if faults:
        return [], faults
    filled, faults = _filled(paper, at)
    rows = []
    for number, cells in filled.items():
        values: dict[Column, object] = {}
        places = {column: (at, number, place) for place, column in heads.items()}
        for place, cell in cells.items():
            if place not in heads:
                faults.append(((at, number, place), "there is no header above this cell; clear it"))
                continue
            try:
                values[heads[place]] = meaning(cell, heads[place].form)
            except ValueError as fault:
                faults.append(((at, number, place), str(fault)))
                values[heads[place]] = None
        faults += [
            (places[column], f"must not be empty ({column.told})")
            for column in sheet.columns
            if column.needed and column not in values
        ]
        rows.append(Row((at, number, 0), values, places))
    return rows, faults


def _heads(paper: Worksheet, sheet: Sheet, at: int) -> tuple[dict[int, Column], list[Fault]]:
    """The columns by where they stand, which may be in any order."""
    known = {column.header: column for column in sheet.columns}
    heads: dict[int, Column] = {}
    faults: list[Fault] = []
    for place in range(1, paper.max_column + 1):
        cell = paper.cell(1, place).value
        if is_blank(cell):
            continue
        header = str(cell).strip()
        if header not in known:
            faults.append(((at, 1, place), f"unknown header {header!r}{meant(header, known)}"))
        elif known[header] in heads.values():
            faults.append(((at, 1, place), f"the header {header!r} stands here twice"))
        else:
            heads[place] = known[header]
    missing = [
        header
        for header, column in known.items()
        if column not in heads.values() and not column.later
    ]
    if missing:
        faults.append(
            (
                (at, 1, 0),
                f"the headers {'、'.join(missing)} are missing; they stand in the first row",
            )
        )
    return heads, faults


def _filled(paper: Worksheet, at: int) -> tuple[dict[int, dict[int, object]], list[Fault]]:
    """What is not blank below the header, by row and column; a cell merged downwards holds for each of its rows."""
    filled: dict[int, dict[int, object]] = {}
    faults: list[Fault] = []
    for row, cells in enumerate(paper.iter_rows(min_row=2), start=2):
        for column, cell in enumerate(cells, start=1):
            if is_blank(cell.value):
                continue
            place = (at, row, column)
            if cell.data_type == "f":
                faults.append((place, "this is a formula; paste its value instead"))
            elif cell.data_type == "e":
                faults.append((place, f"the spreadsheet could not work this out: {cell.value}"))
            filled.setdefault(row, {})[column] = cell.value
    for merged in paper.merged_cells.ranges:
        row, column = merged.min_row, merged.min_col
        if row == 1 or column != merged.max_col:
            last = f"{get_column_letter(merged.max_col)}{merged.max_row}"
            faults.append(((at, row, column), f"this cell is merged as far as {last}; split it"))
        elif column in filled.get(row, {}):
            for below in range(row + 1, merged.max_row + 1):
                filled.setdefault(below, {})[column] = filled[row][column]
    return dict(sorted(filled.items())), faults
