"""The laws of a service item: how its materials read, what a ticket lists of several, and from which day."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from broker.catalogue.toml_file import check, text_of
from broker.items import Material, checklist
from tests.catalogue.catalogues import FORM, HALL, ID, item, of
from tests.queue.mistakes import CATALOGUE


@pytest.mark.parametrize(
    ("originals", "copies", "unit", "read"),
    [
        (1, 0, "份", "户口簿 原件"),
        (1, 1, "份", "户口簿 原件及复印件1份"),
        (1, 2, "份", "户口簿 原件及复印件2份"),
        (0, 2, "份", "户口簿 复印件2份"),
        (3, 0, "份", "户口簿 原件3份"),
        (3, 2, "份", "户口簿 原件3份、复印件2份"),
        (2, 0, "张", "户口簿 2张"),
        (1, 3, "页", "户口簿 1页、复印件3页"),
    ],
)
def test_originals_and_copies_read_as_a_visitor_says_them(
    originals: int, copies: int, unit: str, read: str
):
    assert (
        str(Material(name="户口簿", originals=originals, copies=copies, unit=unit)) == read  # type: ignore[arg-type]  # one of its units
    )


def test_when_a_paper_is_needed_and_where_it_comes_from_stands_behind_it():
    one = Material(name="合同", copies=1, when="单位招用的", note="加盖公章")
    assert str(one) == "合同 复印件1份（单位招用的；加盖公章）"
    assert str(FORM) == "申请表 原件（窗口可领取）"


def test_what_all_items_of_a_queue_need_stands_first_and_once_then_what_else_each_needs():
    own = Material(name="户口簿", originals=1)
    card = Material(name="社会保障卡", originals=1, note="可出示电子卡")
    four = (
        item("a", short="转移", materials=(own, ID)),
        item("b", short="申领", materials=(ID, card, own)),
        item("c", materials=(card, ID)),
        item("d", materials=(ID,)),
    )
    assert checklist(four, 12)[0] == (
        "身份证 原件及复印件1份",
        "转移：户口簿 原件",
        "申领：社会保障卡 原件（可出示电子卡）；户口簿 原件",
        "事项c：社会保障卡 原件（可出示电子卡）",
    )


def test_of_one_item_every_paper_is_a_line_without_its_name():
    assert checklist((item(),), 12)[0] == ("身份证 原件及复印件1份", "申请表 原件（窗口可领取）")
    assert checklist((), 12) == ((), False)


def test_the_same_paper_in_another_number_is_not_shared():
    two = (item("a", materials=(ID,)), item("b", materials=(Material(name="身份证", copies=2),)))
    assert checklist(two, 12)[0] == ("事项a：身份证 原件及复印件1份", "事项b：身份证 复印件2份")


def test_of_more_papers_than_a_ticket_takes_only_those_that_all_need_are_told_and_where_the_rest_stands():
    other = Material(name="身份证", copies=2)
    two = (
        item(
            "a", short="转移", materials=(ID, FORM, Material(name="合同", copies=1, when="在职的"))
        ),
        item("b", materials=(other, FORM)),
    )
    assert "转移：身份证 原件及复印件1份；合同 复印件1份（在职的）" in checklist(two, 4)[0]
    assert checklist(two, 4)[1] is False
    assert checklist(two, 3) == (("身份证", "申请表"), True)


IN_ENGLISH = Material(name="身份证", originals=1, copies=1, name_en="Identity card")
PHOTO = Material(
    name="照片", originals=2, unit="张", note="白底", name_en="Photographs", note_en="white ground"
)


def test_in_english_a_list_reads_as_in_chinese_and_what_is_not_translated_whole_stays_chinese():
    half = replace(PHOTO, note_en="")
    two = (
        item("a", name_en="Transfer", materials=(IN_ENGLISH, PHOTO)),
        item("b", name_en="Claim", materials=(IN_ENGLISH, half)),
    )
    assert checklist(two, 9, english=True)[0] == (
        "Identity card: original and 1 copy",
        "Transfer: Photographs: 2 (white ground)",
        "Claim: 照片 2张（白底）",
    )
    assert checklist(two, 2, english=True) == (("Identity card",), True)
    assert IN_ENGLISH.told(english=False) == str(IN_ENGLISH)


@given(st.lists(st.lists(st.sampled_from("甲乙丙丁"), unique=True, max_size=4), max_size=5))
def test_a_ticket_tells_each_item_exactly_its_own_papers(wanted: list[list[str]]):
    some = [
        item(f"i{n}", short=f"第{n}", materials=tuple(Material(name=x, originals=1) for x in names))
        for n, names in enumerate(wanted)
    ]
    told: dict[str, list[str]] = {one.short: [] for one in some}
    for line in checklist(some, 99)[0]:
        label, _, papers = line.rpartition("：")
        for one in [label] if label else told:
            told[one] += [paper.removesuffix(" 原件") for paper in papers.split("；")]
    assert {label: sorted(papers) for label, papers in told.items()} == {
        f"第{n}": sorted(names) for n, names in enumerate(wanted)
    }


def test_an_item_is_told_of_from_its_day_on_and_only_under_its_service():
    catalogue = of(item("a", valid_from=date(2026, 10, 1)), item("b", service="card"))
    assert catalogue.of_service("pension", date(2026, 9, 30)) == ()
    assert [one.id for one in catalogue.of_service("pension", date(2026, 10, 1))] == ["a"]
    assert [one.id for one in catalogue.of_service("card", date(2026, 10, 1))] == ["b"]


# --- the sample ----------------------------------------------------------------------------------------


def test_the_sample_catalogue_is_a_whole_one_of_the_sample_hall_and_says_that_it_is_a_sample():
    sample, problems = check(CATALOGUE, HALL, "sample-catalogue.toml")
    assert problems == ()
    assert sample is not None
    assert len(sample.items) >= 24
    assert {one.group for one in sample.items} == {group.id for group in sample.groups}
    assert len(sample.groups) == 6
    assert {one.service for one in sample.items} == set(HALL.service)
    assert "示例" in sample.notice
    assert all("示例" in one.reviewer for one in sample.items)
    assert {one.agency is None for one in sample.items} == {True, False}


def test_the_sample_hall_names_the_sample_catalogue_which_stands_as_an_import_writes_it():
    assert files("broker").joinpath("halls", HALL.hall.catalogue).is_file()
    sample, _ = check(CATALOGUE, HALL, "")
    assert sample is not None
    assert text_of(sample) == CATALOGUE
