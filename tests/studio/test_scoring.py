"""A listener is scored by what he understood, however he spells it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.phrases import Phrases
from firmware.studio.scoring import Said, error, score
from firmware.studio.wanted import English, Mandarin, announcements

CALL = Phrases().call_spoken
ENGLISH = "Ticket {ticket}, please go to counter {counter}"
A017 = Said("请A零一七号，到十二号窗口", "A", "017", 12)
B110 = Said("Ticket B one one zero, please go to counter forty-one", "B", "110", 41)


@pytest.mark.parametrize(
    "written",
    [
        "请A零一七号，到十二号窗口",
        "请A017号到12号窗口。",
        "請 A 零幺七 號，到 十二號窗口",
        "请a〇一七号到12窗口",
        "請A017號到時2號窗口",
        "請A017號到十二號傳口",
    ],
)
def test_any_spelling_of_what_was_said_is_right(written):
    found = score(A017, written, "zh")
    assert (found.letter, found.digits, found.counter) == (True, True, True)


def test_any_spelling_of_it_has_no_character_error():
    assert score(A017, "請A017號，到12號窗口", "zh").error == 0
    assert score(A017, "请A零幺七号到十二号窗口。", "zh").error == 0


@pytest.mark.parametrize(("letter", "written"), [("J", "请,Jay,017号"), ("X", "請 EX-017號")])
def test_a_letter_may_be_written_by_its_name(letter, written):
    assert score(Said("请J零一七号", letter, "017", 12), written, "zh").letter


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("请017号到12号窗口", (False, True, True)),
        ("请H017号到12号窗口", (False, True, True)),
        ("请AA017号到12号窗口", (False, True, True)),
        ("请A077号到12号窗口", (True, False, True)),
        ("请A17号到12号窗口", (True, False, True)),
        ("请A017号到2号窗口", (True, True, False)),
        ("请A十七号到12号窗口", (True, False, True)),
        ("请A017号到12号", (True, False, False)),
        ("请A017号到时号窗口", (True, True, False)),
        ("请A017号倒是二号窗口", (True, True, False)),
        ("请A017号到时期号窗口", (True, True, False)),
        ("", (False, False, False)),
        ("谢谢观看", (False, False, False)),
    ],
)
def test_what_was_understood_otherwise_is_wrong(written, right):
    found = score(A017, written, "zh")
    assert (found.letter, found.digits, found.counter) == right
    assert found.error > 0


@pytest.mark.parametrize(
    ("written", "right"),
    [
        (B110.text, (True, True, True)),
        ("Ticket B110, please go to counter 41.", (True, True, True)),
        ("Ticket B, 110. Please go to counter number 41", (True, True, True)),
        ("Ticket B one one oh, please go to counter forty one!", (True, True, True)),
        ("Ticket 110, please go to counter 41", (False, True, True)),
        ("Ticket D 110, please go to counter 41", (False, True, True)),
        ("Ticket B 111, please go to counter 14", (True, False, False)),
        ("Thank you.", (False, False, False)),
    ],
)
def test_in_english_too(written, right):
    found = score(B110, written, "en")
    assert (found.letter, found.digits, found.counter) == right


TICKETS = st.tuples(
    st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    st.from_regex(r"[0-9]{3,4}", fullmatch=True).filter(str.isascii),
    st.integers(1, 999),
)


@given(TICKETS, st.sampled_from(["一", "幺"]))
def test_whoever_hears_every_word_has_all_right(ticket, one_as):
    (text,) = announcements(CALL, Mandarin(one_as), [ticket])
    found = score(Said(text, *ticket), text, "zh")
    assert (found.letter, found.digits, found.counter, found.error) == (True, True, True, 0)


@given(TICKETS)
def test_whoever_hears_every_english_word_has_all_right(ticket):
    (text,) = announcements(ENGLISH, English(), [ticket])
    found = score(Said(text, *ticket), text, "en")
    assert (found.letter, found.digits, found.counter, found.error) == (True, True, True, 0)


@given(st.text("ab", max_size=6), st.text("ab", max_size=6))
def test_error_is_the_fewest_changes(wanted, heard):
    def fewest(one: str, other: str) -> int:
        if not one or not other:
            return len(one) + len(other)
        return min(
            fewest(one[1:], other) + 1,
            fewest(one, other[1:]) + 1,
            fewest(one[1:], other[1:]) + (one[0] != other[0]),
        )

    assert error(wanted, heard) == fewest(wanted, heard) / max(1, len(wanted))


@pytest.mark.parametrize("language", ["zh", "en"])
@given(st.text(max_size=40))
def test_whatever_a_recogniser_writes_is_scored(language, written):
    score(A017, written, language)
