"""What is made of a card: its number, whether its holder is 60; and the day's key, which nobody can keep."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.hal.card_reader.day_key import DayKey
from firmware.hal.card_reader.id_card import Holder, holder, is_60, is_number, text_of
from hal_mocks.wires.id_cards import IdCard

NUMBER = "140109199001011233"
FOREIGN = "911124198108030024"  # a specimen
# printf NUMBER | openssl dgst -sha256 -mac HMAC -macopt hexkey:0101… (32 bytes)
HASH = "bc5aafe16a63a5e8ba969ba9e9bef89b7d4dbf21f0cd070a080a5366cddb53f1"


@pytest.mark.parametrize(
    ("card", "number", "born"),
    [
        (IdCard(), NUMBER, date(1990, 1, 1)),
        (IdCard(kind="J"), NUMBER, date(1990, 1, 1)),
        (
            IdCard(kind="I", number="CAN110181011012", born="19810103", name="ZHANG SAN"),
            "CAN110181011012",
            date(1981, 1, 3),
        ),
        (
            IdCard(kind="Y", number=FOREIGN, born="19810803", name="ZHANG SAN"),
            FOREIGN,
            date(1981, 8, 3),
        ),
    ],
)
def test_all_four_layouts_are_read(card, number, born):
    assert holder(card.text) == Holder(number, born)


def test_a_resident_s_text_stands_where_the_manuals_say():
    text = IdCard().text.decode("utf-16-le")
    assert text[:15].rstrip() == "张三"
    assert (text[15], text[16:18], text[18:26]) == ("1", "01", "19900101")
    assert text[26:61].rstrip() == "山西省太原市迎泽区测试路1号"
    assert text[61:79] == NUMBER
    assert text[124] == " "


@pytest.mark.parametrize("kind", ["J", "I", "Y"])
def test_the_letter_of_a_layout_stands_at_byte_248(kind):
    assert IdCard(kind=kind).text[248:250] == kind.encode("utf-16-le")


def test_a_card_that_says_nothing_after_zeros_is_a_resident_s():
    text = IdCard().text
    assert holder(text[:220] + bytes(36)) == Holder(NUMBER, date(1990, 1, 1))


@pytest.mark.parametrize(
    "card",
    [
        IdCard(number="140109199001011234"),
        IdCard(number="14010919900101123"),
        IdCard(number="１４０１０９１９９００１０１１２３３"),
        IdCard(born="19900230"),
        IdCard(born=""),
        IdCard(kind="I", number=NUMBER),
    ],
)
def test_a_misread_card_is_none(card):
    assert holder(card.text) is None


def test_a_kind_of_card_that_is_not_known_is_none():
    text = IdCard().text
    assert holder(text[:248] + "Q".encode("utf-16-le") + text[250:]) is None


@pytest.mark.parametrize(
    ("number", "right"),
    [
        (NUMBER, True),
        ("11010519491231002X", True),  # the standard's own example
        ("110105194912310021", False),
        ("440524188001010014", True),  # and its second
        (FOREIGN, True),
    ],
)
def test_the_check_digit_is_the_standard_s(number, right):
    assert is_number(number) is right


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(at, more):
    wrong = str((int(NUMBER[at]) + more) % 10)
    assert not is_number(NUMBER[:at] + wrong + NUMBER[at + 1 :])


def test_the_photo_is_left_and_a_text_of_another_size_is_none():
    text = IdCard().text
    assert text_of(b"\x01\x00\x04\x00" + text + bytes(1024)) == text
    assert text_of(b"\x01\x00\x00\x00" + text) == text
    assert text_of(b"\x00\xff\x04\x00" + text) is None
    assert text_of(b"\x01\x00\x04\x00" + text[:-1]) is None
    assert text_of(b"") is None


@given(st.binary(max_size=300))
def test_no_bytes_make_it_fail(data):
    text_of(data)
    holder(data)


@pytest.mark.parametrize(
    ("born", "today", "old"),
    [
        (date(1966, 11, 25), date(2026, 11, 25), True),
        (date(1966, 11, 26), date(2026, 11, 25), False),
        (date(1966, 12, 1), date(2026, 11, 25), False),
        (date(1966, 1, 31), date(2026, 11, 25), True),
        (date(1968, 2, 29), date(2028, 2, 29), True),
        (date(1964, 2, 29), date(2024, 2, 28), False),
        (date(1940, 1, 1), date(2026, 1, 1), True),
        (date(2030, 1, 1), date(2026, 1, 1), False),
    ],
)
def test_sixty_begins_on_the_sixtieth_birthday(born, today, old):
    assert is_60(born, today) is old


def test_holders_are_in_no_repr():
    assert repr(Holder(NUMBER, date(1990, 1, 1))) == "Holder()"


DAY = date(2026, 11, 25)
KEY = DayKey(DAY, b"\x01" * 32)


def test_a_person_is_the_same_for_all_who_have_the_key_and_a_stranger_to_any_other_key():
    assert DayKey(DAY, b"\x01" * 32).person(NUMBER) == KEY.person(NUMBER)
    assert DayKey(DAY, b"\x02" * 32).person(NUMBER) != KEY.person(NUMBER)
    assert KEY.person(FOREIGN) != KEY.person(NUMBER)


def test_a_person_is_hmac_sha256_in_hex():
    assert KEY.person(NUMBER) == HASH


def test_without_a_key_nobody_is_known_by_any_hash():
    assert DayKey(DAY, b"").person(NUMBER) == ""


def test_a_key_is_in_no_repr():
    assert repr(KEY) == f"DayKey(day={DAY!r})"
