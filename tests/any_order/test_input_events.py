"""Input events as the kernel gives them, in both word sizes; and what a scanner's keys type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.hal.buses.input_events import InputEvent, InputEvents
from firmware.hal.buses.key_codes import KEY_CODES, one_code
from firmware.hal.scanner.codes import LONGEST
from firmware.hal.scanner.typewriter import Typewriter
from hal_mocks.wires.keyboard import KeyboardMachine

PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))
KP5_DOWN = InputEvent(1, 76, 1)
SYN = InputEvent(0, 0, 0)
# The published pair: the keypad's 5 goes down, then SYN, at time 0.
PUBLISHED = bytes(16) + bytes.fromhex("01 00 4C 00 01 00 00 00") + bytes(24)


def test_the_published_events_are_understood():
    assert InputEvents(24).feed(PUBLISHED) == [KP5_DOWN, SYN]
    assert InputEvents(16).feed(PUBLISHED[8:24] + bytes(16)) == [KP5_DOWN, SYN]


def test_the_keypad_s_codes_are_the_kernel_s():
    digits = [KEY_CODES[f"KEY_KP{digit}"] for digit in range(10)]
    assert digits == [82, 79, 80, 81, 75, 76, 77, 71, 72, 73]
    others = "KPENTER KPPLUS KPMINUS KPASTERISK KPSLASH KPDOT BACKSPACE NUMLOCK".split()  # noqa: SIM905
    assert [KEY_CODES[f"KEY_{key}"] for key in others] == [96, 78, 74, 55, 98, 83, 14, 69]
    top = [KEY_CODES[f"KEY_{digit}"] for digit in range(10)]
    assert top == [11, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    assert [one_code(code) for code in top] == digits


@pytest.mark.parametrize("bits", [32, 64])
@given(data=st.data())
def test_events_are_found_however_they_are_cut(bits, data):
    keys = data.draw(st.lists(st.tuples(st.integers(1, 0x2FF), st.integers(0, 2)), max_size=8))
    stream = KeyboardMachine(bits).events(keys)
    events, found = InputEvents(16 if bits == 32 else 24), []
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        found += events.feed(stream[:size])
        stream = stream[size:]
    assert [(e.code, e.value) for e in found if e.type == 1] == keys


@pytest.mark.parametrize("bits", [32, 64])
@given(noise=st.binary(max_size=100))
def test_after_any_noise_the_second_key_is_found(bits, noise):
    machine = KeyboardMachine(bits)
    events = InputEvents(16 if bits == 32 else 24)
    events.feed(noise)
    events.feed(machine.events([(30, 1), (30, 0)]))
    found = events.feed(machine.events([(76, 1), (76, 0)]))
    assert [e for e in found if e.code == 76] == [KP5_DOWN, InputEvent(1, 76, 0)]


def typed(*keys: InputEvent) -> list[str | None]:
    typewriter = Typewriter()
    return [one for key in keys for one in typewriter.feed(key)]


def keys_of(text: str, end: str = "\n") -> list[InputEvent]:
    machine = KeyboardMachine()
    machine.type(text, end)
    return InputEvents(24).feed(machine.passed(0.0))


def test_every_printable_character_is_typed_and_read():
    assert typed(*keys_of(PRINTABLE)) == [PRINTABLE]


@given(st.lists(st.text(PRINTABLE, min_size=1, max_size=40), max_size=4))
def test_codes_are_read_as_they_are_typed_one_after_the_other(codes):
    assert typed(*[key for code in codes for key in keys_of(code)]) == codes


def test_a_code_without_enter_ends_with_a_pause():
    typewriter = Typewriter()
    for key in keys_of("A017", end=""):
        assert typewriter.feed(key) == []
    assert typewriter.waits
    assert typewriter.pause() == ["A017"]
    assert typewriter.pause() == []


def test_enter_alone_and_repeats_and_locks_are_nothing():
    enter = [InputEvent(1, 28, 1), InputEvent(1, 28, 0)]
    held = [InputEvent(1, 30, 1), *[InputEvent(1, 30, 2)] * 5, InputEvent(1, 30, 0)]
    locks = [InputEvent(1, code, 1) for code in (58, 69, 70)]
    assert typed(*enter, *held, *locks, *enter) == ["a"]


@pytest.mark.parametrize(
    "spoiling",
    [
        [InputEvent(1, 56, 1), InputEvent(1, 82, 1), InputEvent(1, 82, 0), InputEvent(1, 56, 0)],
        [InputEvent(1, 59, 1), InputEvent(1, 59, 0)],
        [InputEvent(0, 3, 0)],
    ],
    ids=["alt and digits", "a key that types nothing", "events that the kernel lost"],
)
def test_a_code_with_more_than_characters_in_it_is_spoilt_and_the_next_is_not(spoiling):
    keys = [*keys_of("A0", end=""), *spoiling, *keys_of("17"), *keys_of("B001")]
    assert typed(*keys) == [None, "B001"]


def test_a_shift_whose_release_the_kernel_lost_is_not_held_for_ever():
    shift_down, lost = InputEvent(1, 42, 1), InputEvent(0, 3, 0)
    assert typed(shift_down, lost, *keys_of("a1"), *keys_of("a1")) == [None, "a1"]


def test_a_code_without_end_keeps_no_more_than_the_longest():
    typewriter = Typewriter()
    for key in keys_of("x" * (LONGEST * 3), end=""):
        typewriter.feed(key)
    assert len(typewriter._text) == LONGEST
    assert typewriter.pause() == [None]
