"""Small catalogues of the sample hall for tests, any catalogue for Hypothesis, and workbooks with one cell written otherwise."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from string import ascii_lowercase, digits
from typing import Any

from hypothesis import strategies as st
from openpyxl import load_workbook

from broker.catalogue import workbook
from broker.catalogue.agreement import is_numbered
from broker.items import AT_ONCE, Agency, Catalogue, Group, Item, Material
from broker.loading import parse
from tests.queue.mistakes import SAMPLE

HALL = parse(SAMPLE)
DAY = date(2026, 9, 1)
ID = Material(name="身份证", originals=1, copies=1)
FORM = Material(name="申请表", originals=1, note="窗口可领取")


def item(name: str = "transfer", **other: Any) -> Item:
    """An item of the pension service, in order unless it is told otherwise."""
    usual: dict[str, Any] = {
        "id": name,
        "name": f"事项{name}",
        "name_en": name,
        "group": "pension",
        "service": "pension",
        "steps": ("申请", "受理"),
        "basis": ("《中华人民共和国社会保险法》",),
        "promised": AT_ONCE,
        "materials": (ID, FORM),
        "fee": "不收费",
        "result": "回执",
        "valid_from": DAY,
        "reviewed": DAY,
        "reviewer": "王",
    }
    return Item(**{**usual, **other})


PENSION = Group(id="pension", name="养老保险", name_en="Pension")
TWO = Catalogue(
    groups=(PENSION,),
    items=(
        item("transfer"),
        item("claim", agency=Agency(scope="近亲属可代办", materials=(ID,), steps=("委托", "提交"))),
    ),
)


def of(*items: Item) -> Catalogue:
    return Catalogue(groups=(PENSION,), items=items)


# --- workbooks -----------------------------------------------------------------------------------------


def written(path: Path, catalogue: Catalogue = TWO) -> Path:
    workbook.write(path, catalogue, HALL)
    return path


def changed(path: Path, sheet: str, cells: dict[str, Any], catalogue: Catalogue = TWO) -> Path:
    """The workbook of a catalogue with some cells written otherwise; a key "A2:A3" merges them."""
    book = load_workbook(written(path, catalogue))
    for place, value in cells.items():
        if ":" in place:
            book[sheet].merge_cells(place)
        else:
            book[sheet][place] = value
    book.save(path)
    return path


def cells(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What stands in each sheet of a workbook."""
    return {paper.title: [*paper.iter_rows(values_only=True)] for paper in load_workbook(path)}


# --- any catalogue -------------------------------------------------------------------------------------

ODD = (
    "=1+1",
    "+1",
    "'x",
    "00123",
    "2026-10-01",
    "TRUE",
    "１．申请",
    "_x000D_",
    "#REF!",
    "a\u2028b",
)
signs = st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff")
lines = st.sampled_from(ODD) | st.text(signs, min_size=1, max_size=12).map(str.strip).filter(len)
empty_or_line = st.just("") | lines
ids = st.text(ascii_lowercase + digits, min_size=1, max_size=8)
many = st.lists(lines, max_size=3).map(tuple)
steps = st.lists(lines, min_size=1, max_size=3).filter(lambda s: not is_numbered(s)).map(tuple)
dates = st.dates(date(2000, 1, 1), date(2099, 12, 31))
limits = st.sampled_from((AT_ONCE, "15个工作日", "60日", "3个月"))


def _one_by_one(materials: list[Material]) -> tuple[Material, ...]:
    return tuple({(one.name, one.when): one for one in materials}.values())


counts = st.sampled_from(((1, 0), (1, 1), (0, 2), (3, 2)))
materials = st.lists(
    st.builds(
        lambda count, **rest: Material(originals=count[0], copies=count[1], **rest),
        counts,
        name=lines,
        unit=st.sampled_from(("份", "张", "本", "页")),
        when=empty_or_line,
        note=empty_or_line,
        name_en=empty_or_line,
        when_en=empty_or_line,
        note_en=empty_or_line,
    ),
    max_size=3,
).map(_one_by_one)
agencies = st.builds(
    Agency,
    scope=lines,
    basis=many,
    materials=materials.filter(len),
    steps=st.just(()) | steps,
)
items = st.builds(
    Item,
    id=ids,
    name=lines,
    name_en=lines,
    short=empty_or_line,
    group=st.just("pension"),
    service=st.sampled_from([*HALL.service]),
    code=empty_or_line,
    conditions=many,
    steps=steps,
    basis=st.lists(lines, min_size=1, max_size=3).map(tuple),
    statutory=st.just("") | limits,
    promised=st.just(AT_ONCE),
    materials=materials,
    fee=lines,
    result=lines,
    counters=st.sampled_from(((), (1,))),
    zone=st.sampled_from(("", "main")),
    phone=empty_or_line,
    agency=st.none() | agencies,
    valid_from=dates,
    reviewed=dates,
    reviewer=lines,
    version=st.integers(1, 9999),
)
catalogues = st.builds(
    lambda notice, listed: Catalogue(notice=notice, groups=(PENSION,), items=tuple(listed)),
    empty_or_line,
    st.lists(items, max_size=4, unique_by=lambda one: one.id),
)
