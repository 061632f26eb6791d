"""What a scanner sends on a serial line, held against the makers' sheets; and that damage costs one code at most."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.hal.scanner.codes import LONGEST
from firmware.hal.scanner.serial_frames import TRIGGER, Answer, Code, Garbage, SerialFrames
from hal_mocks.wires.gm65 import ScannerMachine

DONE = bytes.fromhex("02 00 00 01 00 33 31")
CHECKED_TRIGGER = bytes.fromhex("7E 00 08 01 00 02 01 02 DA")
CODES = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=60)


def test_the_trigger_is_the_published_one():
    assert bytes.fromhex("7E 00 08 01 00 02 01 AB CD") == TRIGGER


def test_the_published_answer_is_understood():
    assert SerialFrames().feed(DONE) == [Answer(b"\x00")]


@pytest.mark.parametrize("trigger", [TRIGGER, CHECKED_TRIGGER])
def test_the_emulator_gives_the_published_answer(trigger):
    machine = ScannerMachine(triggered=True)
    machine.show("A017")
    assert machine.passed(0.0) == b""
    assert machine.heard(trigger[:4], 0.0) == b""
    assert machine.heard(trigger[4:], 0.0) == DONE + b"A017\r"
    machine.show("A018")
    assert machine.passed(0.1) == b""


def test_the_emulator_ignores_a_trigger_with_a_wrong_checksum():
    machine = ScannerMachine(triggered=True)
    assert machine.heard(CHECKED_TRIGGER[:-1] + b"\xdb", 0.0) == b""


def test_the_emulator_tells_what_it_was_set_to():
    machine = ScannerMachine()
    machine.heard(bytes.fromhex("7E 00 08 01 00 05 37 AB CD"), 0.0)
    answer = machine.heard(bytes.fromhex("7E 00 07 01 00 05 01 AB CD"), 0.0)
    assert SerialFrames().feed(answer) == [Answer(b"\x37")]


@pytest.mark.parametrize(
    ("stream", "found"),
    [
        (b"A017\r", [Code("A017")]),
        (b"A017\r\nB001\n", [Code("A017"), Code("B001")]),
        (DONE + b"A017\r" + DONE, [Answer(b"\x00"), Code("A017"), Answer(b"\x00")]),
        (b"A0" + DONE + b"17\r", [Answer(b"\x00"), Code("A017")]),
        (b"\r\n\r", []),
        ("社保\r".encode(), []),
        ("社保\r".encode("gb18030"), []),
        (b"A0\x0017\rB001\r", [Garbage(), Code("B001")]),
        (b"\xff\xfe\r", [Garbage()]),
        (b"x" * (LONGEST + 1) + b"\rB001\r", [Garbage(), Code("B001")]),
        (b"x" * LONGEST + b"\r", [Code("x" * LONGEST)]),
        (DONE[:-1] + b"\x00A017\rB001\r", [Garbage(), Code("B001")]),
        (b"\x02A017\rB001\r", [Garbage(), Code("B001")]),
    ],
)
def test_what_comes_is_told_apart(stream, found):
    assert SerialFrames().feed(stream) == found
    frames = SerialFrames()
    assert [one for byte in stream for one in frames.feed(bytes([byte]))] == found


def test_what_is_half_when_a_pause_comes_is_given_up():
    frames = SerialFrames()
    for half in (b"A0", DONE[:5], b"A0" + DONE[:3], b"\x02\x01"):
        assert frames.feed(half) == []
        assert frames.pause() == [Garbage()]
        assert frames.pause() == []
        assert frames.feed(b"A017\r") == [Code("A017")]


def test_a_code_is_in_no_repr():
    assert repr(Code("A017")) == "Code()"


@given(st.lists(st.one_of(CODES, st.none()), max_size=6), st.data())
def test_codes_and_answers_are_found_however_they_are_cut_and_glued(sent, data):
    stream = b"".join(DONE if one is None else one.encode() + b"\r" for one in sent)
    frames, found = SerialFrames(), []
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        found += frames.feed(stream[:size])
        stream = stream[size:]
    assert found == [Answer(b"\x00") if one is None else Code(one) for one in sent]


@given(st.binary(max_size=300), CODES)
def test_after_any_noise_and_a_pause_the_next_code_is_right(noise, code):
    frames = SerialFrames()
    frames.feed(noise)
    frames.pause()
    assert frames.feed(code.encode() + b"\r") == [Code(code)]


@given(st.binary(max_size=300), CODES)
def test_after_any_noise_it_is_back_in_step_within_a_longest_frame(noise, code):
    frames = SerialFrames()
    frames.feed(noise)
    # The noise may have begun an answer of up to 261 bytes.
    frames.feed(b"x" * 300 + b"\r")
    assert frames.feed(code.encode() + b"\r") == [Code(code)]
