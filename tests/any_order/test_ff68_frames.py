"""The frames of an FF 68 bus, byte for byte as deployed halls send them, on the driver's side and on the emulator's."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware.hal.buses.ff68 import (
    PRESS,
    RATE,
    Conversation,
    Frame,
    Noise,
    Unframer,
    ask_rating,
    beep,
    framed,
    show_digits,
)
from firmware.hal.buses.ff68_parts import key_codes, named_presses
from firmware.hal.led_panel.ff68 import digits_of
from hal_mocks.wires import ff68 as stations

VECTORS = {
    "call next": (Frame(3, PRESS, b"\x0c"), "FF 68 03 03 68 03 01 0C 10 16"),
    "recall": (Frame(3, PRESS, b"\x0d"), "FF 68 03 03 68 03 01 0D 11 16"),
    "ask rating": (ask_rating(3), "FF 68 03 03 68 03 01 0B 0F 16"),
    "pause": (Frame(3, PRESS, b"\x12"), "FF 68 03 03 68 03 01 12 16 16"),
    "transfer": (Frame(3, PRESS, b"\x13"), "FF 68 03 03 68 03 01 13 17 16"),
    "no-show": (Frame(3, PRESS, b"\x06\x0f"), "FF 68 04 04 68 03 01 06 0F 19 16"),
    "show ticket 012": (
        show_digits(3, digits_of("A012办理中")),
        "FF 68 08 08 68 03 02 0A 0A 0A 00 01 02 26 16",
    ),
    "beep": (beep(3), "FF 68 02 02 68 03 03 06 16"),
    "rated 2": (Frame(3, RATE, b"\x02"), "FF 68 03 03 68 03 11 02 16 16"),
    "rating taken": (Frame(3, PRESS, b"\x02"), "FF 68 03 03 68 03 01 02 06 16"),
}

frames = st.builds(
    Frame, st.integers(0, 255), st.sampled_from([1, 2, 3, 0x11, 0x68, 0xFF]), st.binary(max_size=30)
)


@pytest.mark.parametrize(("frame", "wire"), VECTORS.values(), ids=VECTORS)
def test_a_frame_is_built_and_read_as_published(frame, wire):
    assert framed(frame) == bytes.fromhex(wire)
    assert Unframer().feed(bytes.fromhex(wire)) == [frame]


@pytest.mark.parametrize(("frame", "wire"), VECTORS.values(), ids=VECTORS)
def test_the_emulator_builds_and_reads_it_so_too(frame, wire):
    parts = (frame.address, frame.command, frame.data)
    assert stations.framed(*parts) == bytes.fromhex(wire)
    assert stations.unframed(bytes.fromhex(wire)) == ([parts], b"")


@given(st.lists(frames, max_size=4), st.integers(1, 20))
def test_frames_are_found_however_they_are_glued_and_cut(sent, size):
    stream = b"".join(map(framed, sent))
    unframer = Unframer()
    found = []
    for start in range(0, len(stream), size):
        found += unframer.feed(stream[start : start + size])
    assert found == sent
    assert unframer.junk == 0
    assert not unframer.in_a_frame


@settings(max_examples=60)
@given(st.binary(max_size=60), st.lists(frames, min_size=1, max_size=3))
def test_behind_any_noise_every_frame_is_found_at_the_latest_when_the_line_falls_silent(
    noise, sent
):
    unframer = Unframer()
    found = unframer.feed(noise + b"".join(map(framed, sent))) + unframer.give_up()
    assert found[-len(sent) :] == sent
    assert not unframer.in_a_frame


@given(frames, st.data())
def test_a_frame_with_one_bit_wrong_is_never_taken_for_another(frame, data):
    wire = bytearray(framed(frame))
    wire[data.draw(st.integers(0, len(wire) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    unframer = Unframer()
    assert unframer.feed(bytes(wire)) + unframer.give_up() == []


def test_noise_is_not_gathered_for_ever():
    unframer = Unframer()
    for _ in range(1000):
        unframer.feed(b"\xff\x68\x20\x20\x68" * 20)
        assert len(unframer._held) < 60


# --- what a frame is answered --------------------------------------------------------------------------------

NEXT, GOOD = Frame(3, PRESS, b"\x0c"), Frame(3, RATE, b"\x02")


def test_a_press_is_answered_by_its_own_echo_and_a_rating_as_a_press():
    assert Conversation().hear(NEXT, 0.0) == (NEXT, True)
    assert Conversation().hear(GOOD, 0.0) == (Frame(3, PRESS, b"\x02"), True)


def test_a_press_that_comes_again_because_its_echo_was_lost_is_echoed_and_is_no_second_press():
    talk = Conversation()
    heard = [talk.hear(NEXT, at) for at in (0.0, 0.2, 0.4, 0.6)]
    assert heard == [(NEXT, True), (NEXT, False), (NEXT, False), (NEXT, False)]
    assert talk.hear(NEXT, 0.9) == (NEXT, True)


def test_a_press_that_comes_again_is_none_also_when_its_pad_spoke_in_between():
    talk = Conversation()
    assert [
        talk.hear(frame, at)[1]
        for frame, at in ((NEXT, 0.0), (GOOD, 0.1), (NEXT, 0.2), (GOOD, 0.3))
    ] == [
        True,
        True,
        False,
        False,
    ]


def test_the_same_key_of_another_address_is_another_press():
    talk = Conversation()
    assert talk.hear(NEXT, 0.0)[1]
    assert talk.hear(Frame(4, PRESS, b"\x0c"), 0.01)[1]


def test_an_adapter_that_hears_itself_presses_no_key_and_is_not_echoed_to():
    talk = Conversation()
    answer, _ = talk.hear(NEXT, 0.0)
    assert answer is not None
    for frame in (answer, ask_rating(3), show_digits(3, bytes(6)), beep(3)):
        assert talk.say(frame, 0.0) == framed(frame)
        assert talk.hear(frame, 0.02) == (None, False)


def test_a_line_that_gives_back_whatever_it_is_told_is_not_answered_for_ever():
    talk = Conversation()
    answers = [talk.hear(NEXT, at / 10)[0] for at in range(100)]
    assert len([answer for answer in answers if answer]) == 4


def test_junk_is_noise_when_there_is_much_of_it_at_once_and_a_whole_frame_ends_it():
    noise = Noise()
    noise.heard(47, 0.0, frames=False)
    assert not noise.loud(0.0)
    noise.heard(1, 9.0, frames=False)
    assert noise.loud(9.0)
    assert not noise.loud(11.0)
    noise.heard(100, 12.0, frames=False)
    noise.heard(0, 12.5, frames=True)
    assert not noise.loud(12.5)
    for at in range(13, 100, 11):
        noise.heard(47, float(at), frames=False)
        assert not noise.loud(float(at))


# --- what the keys mean, and what six digits can say ----------------------------------------------------------

KEYS = {"next": "呼叫", "serve": "确认", "no_show": "6 确认", "6": "6", "1": "1"}


@pytest.mark.parametrize(
    ("data", "names"),
    [
        ("0C", ("next",)),
        ("06 0F", ("no_show",)),
        ("01 06 0F", ("1", "6", "serve")),
        ("01 06 0C", ("1", "6", "next")),
        ("02 0C", ("next",)),  # a digit without a name
        ("01 13", ()),  # a key without one: its digits are no press either
        ("06 01 06 0C", ()),  # longer than any keypad sends
        ("", ()),
    ],
)
def test_a_row_of_keys_is_what_the_settings_call_it_else_each_key_is(data, names):
    codes = key_codes("standard", "caller", {}, KEYS)
    assert named_presses(bytes.fromhex(data), {code: n for n, code in codes.items()}) == names


def test_codes_of_ones_own_go_before_the_profiles():
    assert key_codes("standard", "caller", {"呼叫": 0x1C}, {"next": "呼叫"}) == {"next": b"\x1c"}


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("等候12人 挂起2人", "00 01 02 0A 0A 0A"),
        ("已呼叫A1017 按序 等候1234人", "09 09 09 00 01 07"),
        ("窗口已开放 请按下一位", "0A 0A 0A 0A 0A 0A"),
        ("脱机 B007办理中 按结束", "0A 0A 0A 00 00 07"),
    ],
)
def test_of_a_text_the_digits_show_how_many_wait_and_which_ticket(text, digits):
    assert digits_of(text) == bytes.fromhex(digits)
    assert digits_of(text, "zeros") == bytes.fromhex(digits.replace("0A", "00"))
