"""A sentence is made of the fewest recorded pieces, in order and whole, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.hal.voice.planning import Clip, NoPieces, Pause, Pauses, Pieces, Step

CALL = ("请A", "零一七号", "到三号窗口")
PAUSES = Pauses(between=50, comma=200, stop=400)


def texts(plan: tuple[Step, ...]) -> list[str]:
    return [step.text for step in plan if isinstance(step, Clip)]


def test_a_call_is_its_three_pieces_with_a_pause_at_each_joint():
    assert Pieces(CALL, PAUSES).plan("请A零一七号，到三号窗口") == (
        Clip("请A"),
        Pause(50),
        Clip("零一七号"),
        Pause(200),
        Clip("到三号窗口"),
    )


def test_fewer_pieces_are_better_even_where_a_longer_one_comes_first():
    pieces = Pieces(["一二", "一", "二三四", "三", "四"])
    assert texts(pieces.plan("一二三四")) == ["一", "二三四"]


def test_single_digits_serve_where_the_number_as_a_whole_is_lacking():
    pieces = Pieces([*CALL, "零", "二", "号"])
    assert texts(pieces.plan("请A零零二号，到三号窗口")) == [
        "请A",
        "零",
        "零",
        "二",
        "号",
        "到三号窗口",
    ]


def test_a_sentence_that_was_recorded_with_its_comma_is_one_piece():
    pieces = Pieces(["评价已保存，感谢您", "评价已保存", "感谢您"])
    assert pieces.plan("评价已保存，感谢您") == (Clip("评价已保存，感谢您"),)


def test_no_pause_stands_at_the_beginning_or_the_end():
    assert Pieces(["好"]).plan("，好。 ") == (Clip("好"),)


def test_of_several_signs_the_longest_pause_counts_once():
    assert Pieces(["好"], PAUSES).plan("好。，好")[1:-1] == (Pause(400),)


def test_signs_alone_are_silence():
    assert Pieces(["好"]).plan("，。") == ()


@pytest.mark.parametrize(
    ("text", "gap"),
    [
        ("请A零一七号，到四号窗口", "到四号窗口"),
        ("请B零一七号，到三号窗口", "请B零一七号"),
        ("请A零一八号，到三号窗口", "零一八号"),
        ("请A零一七号，到三号窗口办理", "办理"),
    ],
)
def test_what_is_lacking_is_named(text, gap):
    with pytest.raises(NoPieces) as missing:
        Pieces(CALL).plan(text)
    assert missing.value.gap == gap


def test_a_piece_is_never_cut_out_of_a_latin_word():
    pieces = Pieces(["ten", "th", "Ticket A", "zero"])
    with pytest.raises(NoPieces):
        pieces.plan("tenth")
    assert texts(pieces.plan("Ticket A zero")) == ["Ticket A", "zero"]


PIECES = st.lists(st.text("一二三，A", min_size=1, max_size=4), min_size=1, max_size=8)


@given(st.data(), PIECES)
def test_a_plan_says_all_that_is_to_be_spoken_in_order_and_only_with_recorded_pieces(data, known):
    said = data.draw(st.lists(st.sampled_from(known), max_size=6))
    text = "".join(data.draw(st.sampled_from(["，", "。", " ", "， "])) + one for one in said)
    plan = Pieces(known).plan(text)
    assert set(texts(plan)) <= set(known)

    def spoken(words: str) -> list[str]:
        return [sign for sign in words if sign not in "，。 "]

    assert spoken("".join(texts(plan))) == spoken(text)
    kinds = [type(step) for step in plan]
    assert kinds == [Clip, Pause] * (len(kinds) // 2) + [Clip] * (len(kinds) % 2)


@given(
    st.sets(st.text("一二三", min_size=1, max_size=3), min_size=1), st.text("一二三", max_size=8)
)
def test_no_other_way_has_fewer_pieces(known, text):
    def fewest(rest: str) -> int:
        ways = [fewest(rest[len(one) :]) for one in known if rest.startswith(one)]
        return 0 if not rest else 1 + min(ways, default=99)

    try:
        assert len(texts(Pieces(known).plan(text))) == fewest(text)
    except NoPieces:
        assert fewest(text) > 99
