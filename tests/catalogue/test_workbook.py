"""The laws of the workbook: what is exported comes back the same; a person's ways of writing are understood, or refused by their place."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from broker.catalogue import read_workbook
from broker.catalogue.cli import changes, main
from broker.catalogue.toml_file import furnished, text_of, write
from broker.items import Agency, Catalogue, Item, Material
from broker.loading import SettingsFault
from tests.catalogue.catalogues import (
    FORM,
    HALL,
    ID,
    TWO,
    catalogues,
    cells,
    changed,
    item,
    of,
    written,
)
from tests.queue.mistakes import SAMPLE


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "c.xlsx"


def read(path: Path) -> Catalogue:
    return read_workbook.read(path, HALL)


def refused(path: Path) -> list[str]:
    with pytest.raises(SettingsFault) as told:
        read(path)
    return [line.removeprefix(f"{path}: ") for line in told.value.lines]


def without_header(line: str) -> str:
    return re.sub(r"(column [A-Z]+) \([^)]+\):", r"\1:", line, count=1)


# --- out and back --------------------------------------------------------------------------------------


@settings(max_examples=20)
@given(catalogue=catalogues)
def test_what_is_exported_comes_back_the_same_and_goes_out_the_same(
    tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue
):
    folder = tmp_path_factory.mktemp("c")
    back = read(written(folder / "1.xlsx", catalogue))
    assert back == catalogue
    assert cells(written(folder / "2.xlsx", back)) == cells(folder / "1.xlsx")


def test_a_text_that_looks_like_a_formula_goes_out_as_text(file: Path):
    written(file, of(item("a", fee="=1+1")))
    cell = next(c for c in load_workbook(file)["事项"][2] if c.value == "=1+1")
    assert cell.data_type == "s"


def test_the_first_sheet_tells_what_to_write_in_each_column(file: Path):
    told = {row[:2] for row in cells(written(file))["说明"]}
    for sheet in ("目录", "分组", "事项", "材料"):
        for header in cells(file)[sheet][0]:
            assert (sheet, header) in told


# --- a person's ways of writing ------------------------------------------------------------------------

COLUMNS = {
    "name": "B", "code": "G", "conditions": "H", "steps": "I", "statutory": "K", "promised": "L",
    "counters": "O", "phone": "Q", "valid_from": "V", "reviewer": "X", "version": "Y",
}  # fmt: skip


def first(path: Path, field: str, value: Any) -> Item:
    """The first item when its cell of a field holds a value."""
    return read(changed(path, "事项", {f"{COLUMNS[field]}2": value})).items[0]


@pytest.mark.parametrize(
    ("field", "cell", "meant"),
    [
        ("version", 12.0, 12),
        ("version", "１２", 12),
        ("version", " 12 ", 12),
        ("valid_from", datetime(2026, 10, 1), date(2026, 10, 1)),  # noqa: DTZ001  # as spreadsheets keep dates
        ("valid_from", "2026/10/1", date(2026, 10, 1)),
        ("valid_from", "2026.10.01", date(2026, 10, 1)),
        ("valid_from", "２０２６年１０月１日", date(2026, 10, 1)),
        ("phone", 12333, "12333"),
        ("phone", 12333.0, "12333"),
        ("counters", 1, (1,)),
        ("counters", "１，2", (1, 2)),
        ("counters", "1、2、", (1, 2)),
        ("counters", " ", ()),
        ("promised", "１５ 个工作日", "15个工作日"),
        ("name", "\u3000养老\u3000", "养老"),
        ("name", 2026, "2026"),
        ("steps", "1. 申请\n2. 受理\n", ("申请", "受理")),
        ("steps", "1、申请\r\n\n2、受理", ("申请", "受理")),
        ("steps", "3个工作日内受理", ("3个工作日内受理",)),
        ("conditions", "甲\n\n  乙 ", ("甲", "乙")),
        ("statutory", "  ", ""),
    ],
)
def test_a_cell_is_read_as_it_is_meant(file: Path, field: str, cell: Any, meant: Any):
    assert getattr(first(file, field, cell), field) == meant


def test_a_cell_merged_downwards_holds_for_each_of_its_rows(file: Path):
    three = of(item("a", materials=(ID, FORM, Material(name="户口簿", originals=1))))
    assert read(changed(file, "材料", {"A2:A4": None, "B2:B4": None}, three)) == three


def test_blank_rows_and_columns_and_sheets_of_ones_own_are_no_matter(file: Path):
    changed(file, "事项", {"A9": "  ", "B40": "\u3000", "AD2": " ", "A3000": None})
    book = load_workbook(file)
    book.create_sheet("草稿")["A1"] = "随手记"
    book["材料"].insert_rows(3)
    book.save(file)
    assert read(file) == TWO


def test_columns_may_stand_in_any_order(file: Path):
    book = load_workbook(written(file))
    paper = book["分组"]
    paper.move_range("A1:A9", cols=5)
    paper["C1"] = " 英文名称 "
    book.save(file)
    assert read(file) == TWO


# --- what is refused -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "sentence"),
    [
        ("事项", "Y2", "两", "两 is no whole number; write digits alone"),
        ("事项", "Y2", 2.5, "2.5 is no whole number; write digits alone"),
        ("事项", "Y2", True, "True is no whole number; write digits alone"),
        ("事项", "Y2", 0, "'version' must be at least 1, not 0"),
        ("事项", "V2", "2026-02-30", "there is no day 2026-02-30 in the calendar; write the date as 2026-10-01"),
        ("事项", "V2", datetime(2026, 10, 1, 9), "2026-10-01 09:00:00 has a time of day; write the date as 2026-10-01"),  # noqa: DTZ001
        ("事项", "V2", None, "must not be empty (从这一天起显示，如 2026-10-01)"),
        ("事项", "X3", "  ", "must not be empty (核对内容的人)"),
        ("事项", "O2", date(2026, 1, 3), "2026-01-03 00:00:00 is no list of numbers; format the cell as text, and write them as 1、3"),
        ("事项", "O2", 1.3, "1.3 is no list of numbers; format the cell as text, and write them as 1、3"),
        ("事项", "O2", "3", "counter 3 does not serve 'pension'; 1, 2 do"),
        ("事项", "Q2", date(2026, 1, 3), "the spreadsheet has made a date of this, 2026-01-03 00:00:00; format the cell as text, and write it again"),
        ("事项", "B2", "甲\n乙", "'name' must be one line of text, without blanks at its ends, not '甲\\n乙'"),
        ("事项", "A3", "transfer", "there is another item 'transfer'; give each its own id"),
        ("事项", "F2", "pensoin", "'pensoin' is no service of the hall, so nobody could queue for it; did you mean 'pension'?"),
        ("事项", "R2", "也许", "'也许' is neither 可 nor 不可; write one of them"),
        ("事项", "S2", "亲属", "可否代办 says 不可; write 可 there, or clear this cell"),
        ("事项", "S3", None, "must not be empty: 可否代办 says 可 (谁可以代办，能办到哪一步；可代办时必填)"),
        ("事项", "I2", "甲\n" * 40, "'steps' must have at most 30 entries; it has 40"),
        ("事项", "J2", "=A1", "this is a formula; paste its value instead"),
        ("事项", "Z2", "多余", "there is no header above this cell; clear it"),
        ("事项", "Z1", "备注", "unknown header '备注'; known here are: 编号, 名称, 英文名称, 简称, 分组, 取号业务, 事项编码, 受理条件, 办理程序, 办理依据, 法定时限, 承诺时限, 收费, 办理结果, 办理窗口, 办理区域, 咨询电话, 可否代办, 代办说明, 代办依据, 代办程序, 生效日期, 审核日期, 审核人, 版本"),
        ("事项", "Z1", "名称", "the header '名称' stands here twice"),
        ("材料", "D2", None, "neither originals nor copies of '申请表' are asked for; say how many, or take it out"),
        ("材料", "D2", "一份", "一份 is no whole number; write digits alone"),
        ("材料", "F2", "个", "'个' is no 'unit'; known here are: 份, 张, 本, 页"),
        ("材料", "A2", "transfre", "'transfre' is no item of the sheet 事项; did you mean 'transfer'?"),
        ("材料", "B2", "自用", "'自用' is neither 办理 nor 代办; write one of them"),
        ("材料", "B2", "代办", "可否代办 says 不可 for 'transfer'; write 可 there, or clear this row"),
        ("目录", "A3", "又一条", "one row is enough here; clear this one"),
        ("分组", "A2", "Pension!", "'id' must be a short name of small letters, digits, '-' and '_', such as \"counter-1\", not 'Pension!'"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_refused_with_sheet_row_column_and_what_to_do(
    file: Path, sheet: str, cell: str, value: Any, sentence: str
):
    one = of(item("transfer", materials=(FORM,)), TWO.items[1])
    catalogue = msgspec.structs.replace(one, notice="示例")
    letter, row = cell[0], cell[1:]
    line = refused(changed(file, sheet, {cell: value}, catalogue))[0]
    place, _, said = without_header(line).partition(": ")
    assert said == sentence
    whole_row = sentence.startswith("one row is enough")
    assert place == f"sheet {sheet}, row {row}" + ("" if whole_row else f", column {letter}")


def test_one_bad_cell_is_told_once_whatever_hangs_on_it(file: Path):
    for cell, value in (("R3", "也许"), ("R3", None), ("A3", "transfer"), ("A3", date(2026, 1, 1))):
        lines = refused(changed(file, "事项", {cell: value}))
        assert [line for line in lines if line.startswith("sheet 事项")] == lines[:1]


def test_a_number_that_is_not_formatted_as_a_date_is_none(file: Path):
    book = load_workbook(written(file))
    book["事项"]["V2"].number_format = "General"
    book["事项"]["V2"] = 46296
    book.save(file)
    (line,) = refused(file)
    assert line.endswith("column V (生效日期): 46296 is no date; write the date as 2026-10-01")


def test_every_bad_cell_of_every_sheet_is_told_at_once_in_the_order_of_the_sheets(file: Path):
    book = load_workbook(changed(file, "材料", {"D2": "x", "A3": "y"}))
    book["事项"]["Y2"] = "z"
    book["分组"]["B2"] = None
    book.save(file)
    places = [without_header(line).partition(": ")[0] for line in refused(file)]
    assert places == [
        "sheet 分组, row 2, column B",
        "sheet 事项, row 2, column Y",
        "sheet 材料, row 2, column D",
        "sheet 材料, row 3, column A",
    ]


def test_an_item_that_others_may_see_to_says_what_they_bring(file: Path):
    alone = of(item("a", agency=Agency(scope="亲属", materials=(ID,)), materials=(FORM,)))
    (line,) = refused(
        changed(file, "材料", dict.fromkeys(("A3", "B3", "C3", "D3", "E3", "F3")), alone)
    )
    assert line == "sheet 事项, row 2, column R (可否代办): 'materials' must not be empty"


def test_cells_merged_across_columns_are_refused(file: Path):
    line = refused(changed(file, "事项", {"B2:C2": None}))[0]
    assert line == "sheet 事项, row 2, column B (名称): this cell is merged as far as C2; split it"
    assert "merged as far as A3" in refused(changed(file, "事项", {"A1:A3": None}))[0]


def test_a_workbook_from_before_there_was_english_for_materials_is_still_read(file: Path):
    book = load_workbook(written(file))
    paper = book["材料"]
    for column in range(paper.max_column, 0, -1):
        if str(paper.cell(1, column).value).startswith("英文"):
            paper.delete_cols(column)
    book.save(file)
    assert read(file) == TWO


def test_a_missing_sheet_or_header_is_named(file: Path):
    book = load_workbook(written(file))
    book["材料"].title = "材料表"
    book.save(file)
    assert refused(file) == ["the sheet 材料 is missing; did you mean '材料表'?"]
    (line,) = refused(changed(file, "分组", {"B1": None, "B2": None}))
    assert line == "sheet 分组, row 1: the headers 名称 are missing; they stand in the first row"


def test_what_is_no_workbook_says_how_to_save_one(tmp_path: Path):
    for name in ("c.xls", "c.xlsx", "c.csv"):
        (tmp_path / name).write_bytes(b"not a workbook")
        (line,) = refused(tmp_path / name)
        assert line == "this is no workbook; save it as an Excel workbook (.xlsx)"
    assert "cannot be read: No such file" in refused(tmp_path / "none.xlsx")[0]


VALUES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], min_codepoint=32, exclude_characters="\ufffe\uffff"), max_size=30)
    | st.sampled_from([date(2026, 1, 1), datetime(1999, 1, 1, 3), time(9), timedelta(hours=30), "#REF!", "=A1"])  # noqa: DTZ001
)  # fmt: skip
PLACES = st.tuples(
    st.sampled_from(("目录", "分组", "事项", "材料")), st.integers(1, 5), st.integers(1, 26)
)


@settings(max_examples=30)
@given(st.dictionaries(PLACES, VALUES, min_size=1, max_size=4))
def test_whatever_stands_in_a_cell_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, edits: dict[tuple[str, int, int], Any]
):
    path = written(tmp_path_factory.mktemp("c") / "c.xlsx")
    book = load_workbook(path)
    for (sheet, row, column), value in edits.items():
        book[sheet].cell(row, column).value = value
    book.save(path)
    catalogue, lines = TWO, tuple[str, ...]()
    try:
        catalogue = read(path)
    except SettingsFault as fault:
        lines = fault.lines
    assert all(line.startswith(f"{path}: sheet ") for line in lines)
    assert read(written(path.with_name("d.xlsx"), catalogue)) == catalogue


# --- the command ---------------------------------------------------------------------------------------


@pytest.fixture
def hall(tmp_path: Path) -> Path:
    """hall.toml of a folder with a catalogue."""
    (tmp_path / "hall.toml").write_text(SAMPLE, encoding="utf-8")
    write(tmp_path / "sample-catalogue.toml", TWO)
    return tmp_path / "hall.toml"


def run(hall: Path, *words: str | Path) -> int:
    return main([*map(str, words), "--hall", str(hall)])


def test_export_and_import_change_nothing_by_themselves(
    hall: Path, file: Path, capsys: pytest.CaptureFixture[str]
):
    kept = hall.with_name("sample-catalogue.toml").read_bytes()
    assert run(hall, "export", file) == 0
    assert run(hall, "import", file) == 0
    assert hall.with_name("sample-catalogue.toml").read_bytes() == kept
    assert capsys.readouterr().out.splitlines() == [
        f"{file}: written, 2 items in 1 groups",
        f"{hall.with_name('sample-catalogue.toml')}: written, 2 items in 1 groups",
    ]


def test_an_import_takes_the_workbook_over_and_tells_what_it_changes(
    hall: Path, file: Path, capsys: pytest.CaptureFixture[str]
):
    new = of(item("transfer", fee="5元"), item("other"))
    assert run(hall, "import", written(file, new)) == 0
    assert furnished(HALL, hall)[0].catalogue == new
    out = capsys.readouterr().out
    assert "other: new\nclaim: gone\ntransfer: changed, but its version is 1 as before" in out


def test_a_change_with_a_higher_version_is_told_without_a_warning():
    assert list(changes(of(item("a")), of(item("a", version=2)))) == ["a: changed"]
    assert list(changes(TWO, TWO)) == []


@pytest.mark.parametrize("cell", [{"Y2": "x"}, {"F2": "nowhere"}, {"X3": None}])
def test_a_workbook_with_a_bad_cell_changes_nothing(
    hall: Path, file: Path, cell: dict[str, Any], capsys: pytest.CaptureFixture[str]
):
    kept = hall.with_name("sample-catalogue.toml").read_bytes()
    changed(file, "事项", cell, of(item("transfer", fee="5元"), item("other")))
    for what in ("import", "check"):
        assert run(hall, what, file) == 1
        assert f"{file}: sheet 事项, row " in capsys.readouterr().err
    assert hall.with_name("sample-catalogue.toml").read_bytes() == kept
    assert sorted(path.name for path in hall.parent.iterdir()) == [
        "c.xlsx",
        "hall.toml",
        "sample-catalogue.toml",
    ]


def test_check_tells_of_the_file_or_of_a_workbook(
    hall: Path, file: Path, capsys: pytest.CaptureFixture[str]
):
    assert run(hall, "check") == 0
    assert run(hall, "check", written(file, of(item("old", reviewed=date(2001, 1, 1))))) == 0
    out = capsys.readouterr().out
    assert "in order: 2 items in 1 groups" in out
    assert f"{file}: note: last reviewed 12 months ago or longer: old; look" in out
    hall.with_name("sample-catalogue.toml").write_text(text_of(TWO).replace("fee", "fea", 1))
    assert run(hall, "check") == 1
    assert "did you mean 'fee'?" in capsys.readouterr().err


def test_a_hall_that_begins_gets_an_empty_workbook_and_its_first_catalogue(hall: Path, file: Path):
    hall.with_name("sample-catalogue.toml").unlink()
    assert run(hall, "export", file) == 0
    assert read(file) == Catalogue()
    assert run(hall, "import", written(file)) == 0
    assert furnished(HALL, hall)[0].catalogue == TWO


def test_a_hall_that_names_no_catalogue_is_told_how(
    hall: Path, file: Path, capsys: pytest.CaptureFixture[str]
):
    hall.write_text(SAMPLE.replace("catalogue =", "# "), encoding="utf-8")
    assert run(hall, "export", file) == 1
    assert 'write catalogue = "catalogue.toml" under [hall]' in capsys.readouterr().err


def test_an_empty_workbook_of_ones_own_is_refused(file: Path):
    Workbook().save(file)
    assert len(refused(file)) == 4
