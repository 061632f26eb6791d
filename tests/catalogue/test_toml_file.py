"""The laws of the catalogue's TOML file: each mistake by its place; what is merely old is a note; no catalogue stops a board."""

from __future__ import annotations

import logging
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings

from broker.catalogue.agreement import notes
from broker.catalogue.toml_file import check, furnished, text_of, write
from broker.items import Agency, Catalogue, Material
from broker.settings import Hall
from firmware.check import load, with_catalogue
from tests.catalogue.catalogues import HALL, ID, TWO, catalogues, item, of
from tests.queue.mistakes import CATALOGUE, SAMPLE, checked, place_of, problems

TEXT = text_of(TWO)


def told(old: str, new: str, where: str, sentence: str, nth: int = 1) -> None:
    """There is one problem, it stands where `where` begins, and this is the whole of its sentence."""
    assert old in TEXT
    text = TEXT.replace(old, new, 1)
    assert check(text, HALL, "c.toml")[1] == (f"c.toml:{place_of(text, where, nth)}: {sentence}",)


def wrong(**other: Any) -> tuple[str, ...]:
    """What is said of an item, without where."""
    lines = check(text_of(of(item(**other))), HALL, "c")[1]
    return tuple(line.split(": ", 1)[1] for line in lines)


# --- mistakes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "where", "sentence"),
    [
        ('fee = "不收费"', 'fea = "不收费"', "fea", "unknown key 'fea'; did you mean 'fee'?"),
        ('fee = "不收费"', 'fee = ""', "fee", "'fee' must not be empty"),
        ('service = "pension"', 'service = "pensoin"', 'service = "', "'pensoin' is no service of the hall, so nobody could queue for it; did you mean 'pension'?"),
        ('group = "pension"', 'group = "pensoin"', "group =", "'pensoin' is no group; did you mean 'pension'?"),
        ("reviewed = 2026-09-01", "reviewed = 2026", "reviewed", "'reviewed' must be a date, such as 2026-10-01, not the number 2026"),
        ('reviewer = "王"\n', "", "[[items]]", "the key 'reviewer' is missing here"),
        ('promised = "即时办结"', 'promised = "15天"', "promised", "'promised' must be a time limit: 即时办结, or such as 15个工作日, 60日, 3个月, not '15天'"),
    ],
)  # fmt: skip
def test_each_mistake_is_named_with_its_place_and_likely_meaning(
    old: str, new: str, where: str, sentence: str
):
    told(old, new, where, sentence)


def test_two_items_of_one_id_are_named_at_the_second():
    sentence = "there is another item 'transfer'; give each its own id"
    told('id = "claim"', 'id = "transfer"', 'id = "transfer"', sentence, nth=2)


def test_what_is_not_toml_is_named_where_it_ends():
    assert check("x = ", HALL, "c.toml")[1][0].startswith("c.toml:1:5: this is not TOML: ")
    assert check("x = " + "[" * 5000, HALL, "c.toml")[1][0].startswith("c.toml:1:")


def test_an_item_names_only_counters_that_serve_it_and_zones_that_there_are():
    assert wrong(counters=(1, 2)) == ()
    assert wrong(counters=(3,)) == ("counter 3 does not serve 'pension'; 1, 2 do",)
    assert wrong(counters=(9,)) == ("there is no counter 9; there are 1, 2, 3",)
    assert wrong(zone="mian") == ("'mian' is no zone; did you mean 'main'?",)


def test_what_is_promised_is_never_longer_than_the_law():
    assert wrong(statutory="15个工作日", promised="15个工作日") == ()
    assert wrong(statutory="60日", promised="即时办结") == ()
    assert wrong(statutory="60日", promised="90个工作日") == ()  # who knows the holidays between?
    said = "the promised 16个工作日 are longer than the 15个工作日 of the law"
    assert wrong(statutory="15个工作日", promised="16个工作日") == (said,)
    assert wrong(statutory="即时办结", promised="1日") == (
        "the promised 1日 are longer than the 即时办结 of the law",
    )


def test_a_paper_is_asked_for_once_and_in_some_number():
    assert wrong(materials=(Material(name="户口簿"),)) == (
        "neither originals nor copies of '户口簿' are asked for; say how many, or take it out",
    )
    assert wrong(materials=(ID, ID)) == ("'身份证' stands here twice; put them together",)
    other = Material(name="身份证", copies=1, when="代办的")
    assert wrong(materials=(ID, other)) == ()
    assert wrong(agency=Agency(scope="亲属", materials=(ID, ID))) == (
        "'身份证' stands here twice; put them together",
    )


def test_steps_carry_no_numbers_because_pages_number_them():
    said = "pages number the steps themselves; take the numbers out"
    assert wrong(steps=("1. 申请", "2. 受理")) == (said,)
    assert wrong(steps=("3个工作日内受理", "1.5 小时后领取")) == ()
    assert wrong(agency=Agency(scope="亲属", materials=(ID,), steps=("1、委托",))) == (said,)


def test_the_catalogue_stands_in_a_file_of_its_own_not_in_hall_toml():
    text = SAMPLE + '\n[[catalogue.groups]]\nid = "x"\nname = "x"\nname_en = "x"\n'
    (line,) = problems(text)
    assert "the catalogue stands in a file of its own; name it under [hall]" in line


def test_check_names_the_mistakes_of_the_catalogue_in_its_own_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("tests.queue.mistakes.CATALOGUE", CATALOGUE.replace("fee", "fea", 1))
    status, lines = checked(tmp_path, SAMPLE, capsys)
    assert status == 1
    (line,) = lines
    assert line.startswith(f"{tmp_path / 'sample-catalogue.toml'}:")
    assert line.endswith("unknown key 'fea'; did you mean 'fee'?")


# --- notes ---------------------------------------------------------------------------------------------


def with_(catalogue: Catalogue, hall: Hall = HALL) -> Hall:
    return msgspec.structs.replace(hall, catalogue=catalogue)


@pytest.mark.parametrize(
    ("today", "old"),
    [
        (date(2026, 9, 1), False),
        (date(2027, 8, 31), False),
        (date(2027, 9, 1), True),
        (date(2030, 1, 1), True),
    ],
)
def test_an_item_is_old_once_so_many_months_have_gone_by_since_its_review(today: date, old: bool):
    said = list(notes(with_(of(item("a", reviewed=date(2026, 9, 1)))), today))
    assert ["last reviewed 12 months ago or longer: a;" in one for one in said] == [True] * old


def test_what_is_not_valid_yet_or_reviewed_in_the_future_is_noted():
    catalogue = of(item("a", valid_from=date(2027, 1, 1), reviewed=date(2026, 12, 1)))
    assert list(notes(with_(catalogue), date(2026, 11, 1))) == [
        "not valid yet, so nowhere shown: a",
        "reviewed on a day that has not come: a",
    ]


def test_a_checklist_that_the_catalogue_replaces_is_noted():
    services = (msgspec.structs.replace(HALL.services[0], checklist=("旧",)), *HALL.services[1:])
    hall = msgspec.structs.replace(HALL, services=services)
    (note,) = notes(with_(TWO, hall), date(2026, 9, 1))
    assert note.startswith("the checklist of 'pension' in hall.toml is not printed")
    assert list(notes(with_(Catalogue(), hall), date(2026, 9, 1))) == []


# --- the file ------------------------------------------------------------------------------------------


@settings(max_examples=25)
@given(catalogues)
def test_what_is_written_is_read_back_the_same(catalogue: Catalogue):
    text = text_of(catalogue)
    assert msgspec.convert(tomllib.loads(text), Catalogue) == catalogue
    assert check(text, HALL, "c")[1] == ()


def test_a_hall_is_furnished_from_the_file_beside_it_or_not_at_all(tmp_path: Path):
    path = tmp_path / "sample-catalogue.toml"
    hall, lines = furnished(HALL, tmp_path / "hall.toml")
    assert (hall, lines) == (HALL, (f"{path}: cannot be read: No such file or directory",))
    write(path, TWO)
    assert furnished(HALL, tmp_path / "hall.toml") == (with_(TWO), ())
    path.write_text(TEXT.replace("fee", "fea", 1), encoding="utf-8")
    hall, lines = furnished(HALL, tmp_path / "hall.toml")
    assert hall.catalogue == Catalogue()
    assert len(lines) == 1


def test_a_catalogue_that_cannot_be_used_stops_no_kiosk_and_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    path = tmp_path / "hall.toml"
    path.write_text(SAMPLE, encoding="utf-8")
    hall = load(path, "kiosk-1")
    with caplog.at_level(logging.ERROR):
        assert with_catalogue(hall, path, "kiosk-1") == hall
    assert "the catalogue is not used: " in caplog.text
    assert "sample-catalogue.toml: cannot be read" in caplog.text


def test_only_a_board_that_tells_visitors_of_items_reads_the_catalogue(tmp_path: Path):
    """One with a kiosk, or a display over a counter."""
    path = tmp_path / "hall.toml"
    write(tmp_path / "sample-catalogue.toml", TWO)
    for board in ("kiosk-1", "counter-1"):
        assert with_catalogue(HALL, path, board).catalogue == TWO
    for board in ("counter-2", "hall-1"):
        assert with_catalogue(HALL, path, board) is HALL
