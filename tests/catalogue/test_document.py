"""The documents of the catalogue tell of every sheet, header, key and setting there is."""

from __future__ import annotations

import re
from pathlib import Path

from broker.catalogue.columns import SHEETS
from broker.items import Agency, Catalogue, Group, Item, Material
from broker.settings import HallInfo, Rules

DOCS = Path(__file__).parents[2] / "docs"
ENGLISH = (DOCS / "catalogue.md").read_text(encoding="utf-8")
CHINESE = (DOCS / "catalogue.zh-CN.md").read_text(encoding="utf-8")


def test_the_chinese_document_says_of_each_column_what_the_workbook_says():
    rows = [
        f"| {sheet.title} | {column.header} | {'必填' if column.needed else ''} | {column.told} |"
        for sheet in SHEETS
        for column in sheet.columns
    ]
    assert [line for line in CHINESE.splitlines() if line.startswith("| ")][1:] == rows


def test_the_english_document_has_every_header_and_every_key():
    table = [line.split("|") for line in ENGLISH.splitlines() if line.startswith("|")][2:]
    headers = {header for row in table for header in row[2].strip().split(" · ")}
    assert headers == {column.header for sheet in SHEETS for column in sheet.columns}
    keys = {key for row in table for key in re.findall(r"`(\w+)`", row[3])}
    structs = (Catalogue, Group, Item, Agency, Material)
    assert keys == {field for struct in structs for field in struct.__struct_fields__}


def test_both_documents_give_the_settings_with_their_defaults():
    for text in (ENGLISH, CHINESE):
        for name in ("catalogue_old_months", "checklist_materials"):
            assert f"{name} = {getattr(Rules(), name)} " in text
        assert "catalogue" in HallInfo.__struct_fields__
        assert 'catalogue = "' in text
