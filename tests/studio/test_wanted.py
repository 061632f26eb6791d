"""The pieces that a pack is given make every announcement of the hall, whatever its phrase table says."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.phrases import Phrases, spoken_counter, spoken_ticket
from firmware.hal.voice.pack import FILE_NAME
from firmware.hal.voice.planning import Clip, Pieces
from firmware.studio.wanted import English, Mandarin, Numbers, announcements, wanted

CALL = Phrases().call_spoken
OTHERS = (
    CALL,
    "请{ticket}号到{counter}号窗口办理业务",
    "{counter}号窗口请{ticket}号",
    "{ticket}到{counter}号",
    "{ticket}，{ticket}，{counter}号窗口",
    "温馨提示：请{ticket}号顾客，到{counter}号窗口，谢谢",
    "{ticket}{counter}",
)


def pieces_of(template: str, numbers: Numbers) -> Pieces:
    found = wanted(
        template, Mandarin("幺"), prefixes="ABX", numbers=numbers, counters=range(1, 130)
    )
    assert len({one.name for one in found}) == len({one.text for one in found}) == len(found)
    return Pieces(one.text for one in found)


@pytest.mark.parametrize("template", OTHERS)
@pytest.mark.parametrize(
    "numbers",
    [Numbers(), Numbers(paired_from=3), Numbers((3, 4), 9999)],
    ids=["whole", "pairs", "three or four digits"],
)
def test_every_announcement_of_a_hall_has_its_pieces(template, numbers):
    pieces = pieces_of(template, numbers)
    for digits in ("001", "010", "111", "987", "999"):
        for counter in (1, 10, 12, 20, 101, 110, 129):
            text = template.format(
                ticket=spoken_ticket(f"X{digits}", "幺"), counter=spoken_counter(counter)
            )
            assert pieces.plan(text)
    if 4 in numbers.digits:
        ticket = spoken_ticket("A1234", "幺")
        assert pieces.plan(template.format(ticket=ticket, counter="三"))


def test_the_usual_call_is_three_pieces_as_they_sound_best():
    plan = pieces_of(CALL, Numbers()).plan("请A零幺七号，到三号窗口")
    assert [step.text for step in plan if isinstance(step, Clip)] == [
        "请A",
        "零幺七号",
        "到三号窗口",
    ]


def test_without_a_comma_the_classifier_stays_with_its_number():
    plan = pieces_of("请{ticket}号到{counter}号窗口", Numbers()).plan("请A零幺七号到三号窗口")
    assert [step.text for step in plan if isinstance(step, Clip)] == [
        "请A",
        "零幺七号",
        "到三号窗口",
    ]


def test_a_hall_of_26_letters_999_numbers_and_40_counters_takes_1065_clips_or_176_in_pairs():
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

    def count(numbers: Numbers) -> int:
        found = wanted(CALL, Mandarin(), prefixes=letters, numbers=numbers, counters=range(1, 41))
        return len(found)

    assert count(Numbers()) == 26 + 999 + 40
    assert count(Numbers(paired_from=3)) == 26 + 10 + 100 + 40


def test_a_short_day_takes_few_numbers():
    found = wanted(CALL, Mandarin(), prefixes="A", numbers=Numbers(last=120), counters=[1])
    assert [one.text for one in found if one.name.startswith("number")][-1] == "一二零号"
    assert len(found) == 1 + 120 + 1


def test_sentences_are_pieces_as_they_are_and_each_text_is_wanted_once():
    found = wanted(
        CALL,
        Mandarin(),
        prefixes="A",
        numbers=Numbers(last=1),
        counters=[1],
        sentences=["感谢您的评价", "请A", "感谢您的评价"],
    )
    assert [one.text for one in found] == ["请A", "零零一号", "到一号窗口", "感谢您的评价"]


def test_a_placeholder_that_no_pack_can_have_is_refused():
    with pytest.raises(ValueError, match=r"pieces for \{service\}"):
        wanted("{ticket}{service}", Mandarin(), prefixes="A", numbers=Numbers(), counters=[1])


def test_in_english_too_every_announcement_has_its_pieces():
    call = "Ticket {ticket}, please go to counter {counter}"
    found = wanted(call, English(), prefixes="AB", numbers=Numbers(), counters=range(1, 130))
    pieces = Pieces(one.text for one in found)
    (text,) = announcements(call, English(), [("B", "017", 121)])
    assert text == "Ticket B zero one seven, please go to counter one hundred and twenty-one"
    assert [step.text for step in pieces.plan(text) if isinstance(step, Clip)] == [
        "Ticket B",
        "zero one seven",
        "please go to counter one hundred and twenty-one",
    ]


@given(
    st.lists(
        st.sampled_from(["{ticket}", "{counter}", "请", "号", "到", "，", "。", " "]), max_size=9
    )
)
def test_whatever_the_phrase_table_says_its_announcements_have_pieces(parts):
    template = "".join(parts)
    numbers = Numbers(last=17)
    found = wanted(template, Mandarin(), prefixes="A", numbers=numbers, counters=[12])
    text = template.format(ticket=spoken_ticket("A017"), counter=spoken_counter(12))
    Pieces(one.text for one in found).plan(text)
    assert all(re.match(FILE_NAME, f"{one.name}.ogg") for one in found)
    assert len({one.name for one in found}) == len(found)
