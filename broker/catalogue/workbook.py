"""The catalogue as a workbook for the person who keeps it: one row an item, its materials on a sheet of their own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from msgspec import Struct
from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

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
    Column,
    Form,
    Sheet,
)
from broker.items import Catalogue, Item, Material
from broker.settings import Hall

__all__ = ["write"]

HEAD = Font(bold=True, color="FFFFFF")
NEEDED, OPTIONAL = PatternFill("solid", fgColor="1F4E79"), PatternFill("solid", fgColor="7F7F7F")
WRAPPED = Alignment(vertical="top", wrap_text=True)
FORMATS = {Form.DATE: "yyyy-mm-dd", Form.NUMBER: "0"}
LAST = 2000
"""As far down as choices are offered."""

Row = tuple[object, ...]


def write(path: Path, catalogue: Catalogue, hall: Hall) -> None:
    """Write the workbook, with choices for what stands in the hall. Raises OSError."""
    book = Workbook()
    book.remove(book.worksheets[0])  # the one that every new workbook has
    _tell(book.create_sheet("说明"), hall)
    rows: dict[str, Iterator[Row]] = {
        CATALOGUE.title: iter([_row(CATALOGUE, catalogue)]),
        GROUPS.title: (_row(GROUPS, group) for group in catalogue.groups),
        ITEMS.title: (_row(ITEMS, item) for item in catalogue.items),
        MATERIALS.title: (row for item in catalogue.items for row in _materials(item)),
    }
    for sheet in SHEETS:
        _fill(book.create_sheet(sheet.title), sheet, rows[sheet.title])
    choices = {
        (ITEMS.title, "分组"): [group.id for group in catalogue.groups],
        (ITEMS.title, "取号业务"): list(hall.service),
        (ITEMS.title, "办理区域"): [zone.id for zone in hall.zones],
        (ITEMS.title, "可否代办"): [YES, NO],
        (MATERIALS.title, "用途"): [OWN, AGENCY],
        (MATERIALS.title, "单位"): ["份", "张", "本", "页"],
    }
    for (title, header), words in choices.items():
        _offer(book[title], header, words)
    book.active = book.index(book[ITEMS.title])
    book.save(path)


def _materials(item: Item) -> Iterator[Row]:
    yield from (_row(MATERIALS, one, (item.id, OWN)) for one in item.materials)
    for one in item.agency.materials if item.agency else ():
        yield _row(MATERIALS, one, (item.id, AGENCY))


def _row(sheet: Sheet, part: Catalogue | Struct | Material, first: Row = ()) -> Row:
    """What the cells hold for one table, after those of the `first` columns."""
    return (*first, *(_cell(part, column) for column in sheet.columns[len(first) :]))


def _cell(part: object, column: Column) -> object:
    value: object = part
    for step in column.steps:
        value = getattr(value, str(step), None)
    match column.form:
        case Form.YES:
            return NO if value is None else YES
        case Form.LINES | Form.STEPS:
            return "\n".join(value) if isinstance(value, tuple) else ""
        case Form.NUMBERS:
            return "、".join(map(str, value)) if isinstance(value, tuple) else ""
        case Form.NUMBER:
            return value or None
        case _:
            return value


# --- how it looks --------------------------------------------------------------------------------------


def _fill(paper: Worksheet, sheet: Sheet, rows: Iterator[Row]) -> None:
    for place, column in enumerate(sheet.columns, start=1):
        head = paper.cell(1, place, column.header)
        head.font, head.fill = HEAD, NEEDED if column.needed else OPTIONAL
        size = paper.column_dimensions[get_column_letter(place)]
        size.width = column.width
        # As text, so that the spreadsheet makes no date of "1-3" and no number of "007".
        size.number_format = FORMATS.get(column.form, "@")
    for at, row in enumerate(rows, start=2):
        for place, (column, value) in enumerate(zip(sheet.columns, row, strict=True), start=1):
            written = paper.cell(at, place)
            written.alignment = WRAPPED
            written.number_format = FORMATS.get(column.form, "@")
            _write(written, value)
    paper.freeze_panes = "C2" if sheet is ITEMS else "A2"


def _write(cell: Cell | MergedCell, value: object) -> None:
    if isinstance(value, int | date):
        cell.value = value
    elif value:
        cell.value = str(value)
        cell.data_type = "s"  # also a text that begins as a formula does


def _tell(paper: Worksheet, hall: Hall) -> None:
    """The first sheet: what to write where."""
    rows: list[tuple[str, str, str, str]] = [("工作表", "列", "是否必填", "怎样填写")]
    rows += [
        (sheet.title, column.header, "必填" if column.needed else "", column.told)
        for sheet in SHEETS
        for column in sheet.columns
    ]
    services = "、".join(f"{service.id}＝{service.name}" for service in hall.services)
    zones = "、".join(f"{zone.id}＝{zone.name}" for zone in hall.zones)
    rows += [
        ("", "", "", ""),
        ("本大厅", "取号业务", "", services),
        ("本大厅", "办理区域", "", zones),
    ]
    rows.append(
        (
            "",
            "",
            "",
            "改好后保存为 .xlsx，用 jiaohao catalogue import 导入；有一处不对则全部不导入。",
        )
    )
    for at, row in enumerate(rows, start=1):
        for place, text in enumerate(row, start=1):
            told = paper.cell(at, place)
            told.alignment = WRAPPED
            _write(told, text)
            if at == 1:
                told.font, told.fill = HEAD, NEEDED
    for letter, width in zip("ABCD", (10, 12, 10, 80), strict=True):
        paper.column_dimensions[letter].width = width
    paper.freeze_panes = "A2"


def _offer(paper: Worksheet, header: str, words: list[str]) -> None:
    """Choices for a column; what is chosen is checked when it is imported."""
    listed = ",".join(words)
    if not words or len(listed) > 250:  # the format holds 255 characters
        return
    letter = next(get_column_letter(c.column) for c in paper[1] if c.value == header)
    choice = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True)
    choice.add(f"{letter}2:{letter}{LAST}")
    paper.add_data_validation(choice)
