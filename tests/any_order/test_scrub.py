"""The laws of what leaves the hall: no identity card, phone, code, name or secret, however it was written into a log."""

from __future__ import annotations

import re
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broker.messages import CODE_LENGTH, CODE_SIGNS
from firmware.doctor.scrub import OUT, Scrubber, names_in, settings_without_secrets

SCRUBBER = Scrubber(("王小明", "Wang Xiaoming", "012"))
# What may stand around a number: anything but a digit, for with one it is another number.
AROUND = st.text(st.characters(exclude_categories=("Nd", "Nl", "No", "Cs")), max_size=12)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@st.composite
def id_cards(draw: st.DrawFn) -> str:
    """By GB 11643: area, date of birth, order, check digit; some written in groups, or with the small x."""
    area = draw(st.sampled_from(["110101", "310104", "440305", "140106", "650102"]))
    birth = draw(st.dates(max_value=__import__("datetime").date(2026, 1, 1)))
    first = f"{area}{birth:%Y%m%d}".rjust(14, "1")[:14] + f"{draw(st.integers(0, 999)):03}"
    check = "10X98765432"[sum(w * int(d) for w, d in zip(WEIGHTS, first, strict=True)) % 11]
    gap = draw(st.sampled_from(["", "", " ", "-"]))
    whole = f"{first[:6]}{gap}{first[6:14]}{gap}{first[14:]}{check}"
    return draw(st.sampled_from([whole, whole.lower()]))


@st.composite
def phones(draw: st.DrawFn) -> str:
    number = f"1{draw(st.integers(3, 9))}{draw(st.integers(0, 10**9 - 1)):09}"
    gap = draw(st.sampled_from(["", "", " ", "-"]))
    country = draw(st.sampled_from(["", "+86", "+86 ", "0086", "86-"]))
    landline = f"0{draw(st.integers(10, 29))}-{draw(st.integers(2, 8))}{draw(st.integers(0, 10**7 - 1)):07}"
    mobile = f"{country}{number[:3]}{gap}{number[3:7]}{gap}{number[7:]}"
    return draw(st.sampled_from([mobile, landline]))


def digits_of(text: str) -> str:
    return re.sub(r"\D", "", text)


@settings(max_examples=400)
@given(before=AROUND, number=id_cards(), after=AROUND)
def test_no_identity_card_number_is_left(before: str, number: str, after: str):
    assert digits_of(number)[:14] not in digits_of(SCRUBBER.text(f"{before}{number}{after}"))


@settings(max_examples=400)
@given(before=AROUND, number=phones(), after=AROUND)
def test_no_phone_number_is_left(before: str, number: str, after: str):
    assert digits_of(number)[-7:] not in digits_of(SCRUBBER.text(f"{before}{number}{after}"))


@settings(max_examples=200)
@given(code=st.text(CODE_SIGNS, min_size=CODE_LENGTH, max_size=CODE_LENGTH))
def test_no_tickets_code_is_left(code: str):
    for log in (
        f"the code {code} came",
        f'"code": "{code}"',
        f"code={code}",
        f"[{code}]",
        f"票{code}。",
    ):
        assert code not in SCRUBBER.text(log)


@pytest.mark.parametrize(
    "secret",
    [
        '{"pin": "270431"}',
        "pin=270431",
        "PIN: 270431",
        'psk="270431 the wifi\'s"',
        "password = '270431'",
        '"person": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08270431"',
        "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49270431\n-----END PRIVATE KEY-----",
        "-----BEGIN EC PRIVATE KEY-----\n270431 (the rest was cut off)",
        "9f86d081884c7d659a2feaa0c55ad015270431",
        "wang270431@example.com",
        "经办人：王270431",
    ],
)
def test_no_secret_is_left(secret: str):
    assert "270431" not in SCRUBBER.text(f"Nov 23 10:00:00 hub python3[99]: {secret}")


@pytest.mark.parametrize(
    "said",
    [
        "王小明 pressed next",
        "王 小明来了",
        "wang xiaoming's badge 012",
        "请王小明到3号窗口",
        "李女士来过",
    ],
)
def test_no_name_of_a_clerk_is_left(said: str):
    found = SCRUBBER.text(said)
    assert OUT in found
    for name in ("王小明", "王 小明", "xiaoming", "012", "李女士"):
        assert name not in found


@pytest.mark.parametrize(
    "line",
    [
        "Nov 23 10:00:00 counter-1 python3[812]: the line to the broker is broken: Keep alive timeout",
        "no line to the broker at 192.168.10.100:8883: timed out",
        "throttled=0x50005",
        "请A012号到3号窗口",
        "kernel: mmc0: Timeout waiting for hardware interrupt.",
        "2026-11-23T10:00:00+0800 row 123456 of 2026-11-23 was altered",
    ],
)
def test_what_helps_to_help_is_left_alone(line: str):
    assert SCRUBBER.text(line) == line


HALL = """
[hall]
id = "sample"
name = "示范大厅"
phone = "12333"
[[clerks]]
id = "012"
name = "王小明"
english = "Wang Xiaoming"
photo = "photos/wang.jpg"
[[staff]]
id = "li"
name = "李丽"
[[counters]]
number = 3
clerk = "012"
[backup]
passphrase_file = "/data/secret"
[[services]]
id = "pension"
name = "养老保险"
"""


def test_settings_are_shown_without_people_phones_and_what_opens_doors():
    table = tomllib.loads(HALL)
    assert set(names_in(table)) == {"012", "王小明", "Wang Xiaoming", "li", "李丽"}
    shown = settings_without_secrets(table)
    text = repr(shown)
    for gone in ("王小明", "李丽", "Wang", "012", "wang.jpg", "12333", "/data/secret"):
        assert gone not in text
    assert shown["services"] == [{"id": "pension", "name": "养老保险"}]
    assert shown["counters"] == [{"number": 3, "clerk": OUT}]
    assert len(shown["clerks"]) == 1
