"""Native text says what the paper says, in bytes a Chinese ROM knows, and draws what it does not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware.hal.printer import EscposSettings
from firmware.hal.printer.commands import CUT, INITIALIZE, REAL_TIME
from firmware.hal.printer.job import make_job
from firmware.hal.printer.native import Rom, encode
from firmware.hal.printer.paper import (
    Badges,
    Bitmap,
    Box,
    Code,
    Facts,
    Gap,
    Heading,
    Item,
    Number,
    Paper,
    Rule,
    Text,
)
from firmware.ticket_kiosk.paper import TicketPaper, set_out
from hal_mocks.wires.escpos_machine import EscposMachine, Model

TICKET = TicketPaper(
    hall="太原市政务服务中心",
    number="A017",
    service="不动产登记",
    where="综合区 3-8号窗口",
    waiting_ahead=12,
    estimate="约20分钟",
    issued="2026-11-23 09:41",
    qr="https://hall.example/t/20261123-A017-7f3c9a1e",
    complaint="0351-12345",
    footer="过号请联系导办员，当日有效",
)
ROM = Rom(576)


def stream(paper: Paper, rom: Rom = ROM) -> bytes:
    return b"".join(step.content for step in encode(paper, rom))


def printed(paper: Paper, rom: Rom = ROM) -> EscposMachine:
    machine = EscposMachine(
        Model(width=rom.width, buffer=1 << 20, sizes_chinese_apart=rom.chinese_apart)
    )
    machine.eat(INITIALIZE + stream(paper, rom) + CUT)
    assert machine.garbage == b""
    return machine


def lines(paper: Paper, rom: Rom = ROM) -> list[str]:
    return printed(paper, rom).texts[0].split("\n")


def test_a_ticket_is_its_lines_its_number_and_its_code_below_one_another():
    assert lines(set_out(TICKET)) == [
        "太原市政务服务中心",
        "A017",
        "不动产登记",
        "请到 综合区 3-8号窗口",
        "前方等待 12 人",
        "预计等候 约20分钟",
        "[https://hall.example/t/20261123-A017-7f3c9a1e]",
        "取号时间 2026-11-23 09:41",
        "咨询投诉电话 0351-12345",
        "过号请联系导办员，当日有效",
    ]


@pytest.mark.parametrize("proof", ["id", "status", "estimated"])
def test_a_ticket_of_eight_chinese_lines_number_and_code_is_at_most_400_bytes(proof: str):
    asked = {"port": "file:/dev/usb/lp0", "encoder": "native", "chinese_rom": True, "proof": proof}
    assert len(make_job(set_out(TICKET), EscposSettings(**asked), 1).content) <= 400  # type: ignore[arg-type]


def test_a_copy_says_so():
    assert "【补打】" in lines(set_out(replace(TICKET, again="补打")))
    both = set_out(replace(TICKET, again="补打", mark="绿色通道"))
    assert " 绿色通道  【补打】" in lines(both)
    assert lines(both, Rom(384))[1:3] == [" 绿色通道 ", "【补打】"]


@pytest.mark.parametrize("lacking", ["㐂", "𠮷", "¥"])
def test_a_line_with_a_character_of_more_than_two_bytes_is_drawn_whole(lacking: str):
    paper = (Text("上", 24), Text(f"张{lacking}服务", 24), Text("下", 24))
    assert lines(paper) == ["上", "下"]
    machine = printed(paper)
    assert machine.printed[0].height > printed((Text("上", 24), Text("下", 24))).printed[0].height
    assert b"\x1dv0" in stream(paper)


def test_a_line_with_a_character_on_the_models_list_is_drawn():
    assert lines((Text("￥12", 24),)) == ["￥12"]
    assert lines((Text("￥12", 24),), Rom(576, lacks="￥")) == [""]


def test_a_drawn_line_stands_where_it_would_have_stood():
    """It brings its own margins; centred as well it would be moved twice."""
    strip = printed((Text("一", 24), Text("㐂", 24))).printed[0]
    ink = 0
    for at in range(len(strip.rows) // 2 // 72 * 72, len(strip.rows), 72):
        ink |= int.from_bytes(strip.rows[at : at + 72])
    left = 576 - ink.bit_length()
    right = (ink & -ink).bit_length() - 1
    assert abs(left - right) < 16


def test_a_code_is_drawn_where_the_printer_makes_none_and_refused_where_none_can_be_read():
    paper = (Code("https://hall.example/t/1", (), 28),)
    assert lines(paper) == ["[https://hall.example/t/1]"]
    assert b"\x1d(k" not in stream(paper, Rom(576, qr_code=False))
    assert b"\x1dv0" in stream(paper, Rom(576, qr_code=False))
    with pytest.raises(ValueError, match="too fine"):
        encode((Code("x" * 1500, (), 28),), Rom(384))


@pytest.mark.parametrize("apart", [False, True])
def test_chinese_and_digits_of_one_line_are_of_one_size(apart: bool):
    strip = printed((Text("请12号", 48),), Rom(576, chinese_apart=apart)).printed[0]
    assert strip.height == 48 + 10


def test_the_number_is_the_largest_that_fits():
    assert printed((Number("A017"),)).printed[0].height >= 96
    assert printed((Number("A017"),), Rom(384)).printed[0].height >= 96


def test_what_a_text_holds_is_never_taken_for_a_command():
    bad = "服\x1b@务\x10\x04\x01\x1dV\x00中心"
    machine = printed((Text(bad, 24),))
    assert machine.answered == b""
    assert machine.texts == ["服 @务    V 中心"]


def test_a_picture_is_printed_dot_for_dot_and_never_wider_than_the_paper():
    rows = bytes(range(72)) * 40
    strip = printed((Text("上", 24), Bitmap(576, 40, rows))).printed[0]
    assert rows in strip.rows
    with pytest.raises(ValueError, match="does not fit"):
        encode((Bitmap(600, 1, bytes(75)),), ROM)


WORDS = st.text(
    st.sampled_from("不动产登记（）《》、，。：A1b/-09 窗口㐂￥\x10\x04\n"), max_size=40
)
ITEMS = st.one_of(
    st.builds(Text, WORDS, st.integers(24, 60), left=st.booleans()),
    st.builds(Heading, WORDS, st.integers(24, 60), st.just(24)),
    st.builds(Number, st.text("A0123456789", min_size=1, max_size=8)),
    st.builds(Badges, WORDS, st.sampled_from(("", "补打"))),
    st.builds(Facts, st.tuples(st.tuples(WORDS, WORDS))),
    st.builds(Box, WORDS, st.just(30)),
    st.builds(Gap, st.integers(0, 400)),
    st.builds(Rule, st.integers(1, 4)),
)


@settings(max_examples=25)
@given(st.lists(ITEMS, max_size=6), st.sampled_from((576, 384)), st.booleans())
def test_whatever_a_paper_says_the_stream_is_in_step_and_of_two_byte_characters(
    items: list[Item], width: int, apart: bool
):
    rom = Rom(width, lacks="￥", chinese_apart=apart)
    paper = (*items, Text("完", 24))
    machine = printed(paper, rom)
    assert machine.answered == b""
    assert machine.texts[0].endswith("完")
    assert not any("㐂" in text or "￥" in text for text in machine.texts)
    assert not any(pair in stream(paper, rom) for pair in REAL_TIME)
