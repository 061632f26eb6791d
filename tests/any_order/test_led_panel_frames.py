"""The frames of Onbon cards, byte for byte as captured or as the maker's tables give them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware.hal.led_panel.bxk import (
    HOST,
    Area,
    BadFrame,
    Effect,
    Packet,
    Reply,
    Unframer,
    delete_areas,
    frame,
    ping,
    power,
    read_reply,
    reply,
    show_area,
    wipe,
)
from firmware.hal.led_panel.onbon import laid_out

START = "A5 A5 A5 A5 A5 A5 A5 A5 "
TO_CARD = START + "01 00 00 80 00 00 00 00 00 00 FE 02 "
TO_HOST = START + "00 80 01 00 00 00 00 00 00 00 FE 02 "
CALL = "请A012号到3号窗口"
CALL_AREA = Area(128, 16, CALL.encode("gb2312"))

packets = st.builds(
    Packet, st.integers(0, 0xFFFF), st.integers(0, 0xFFFF), st.binary(min_size=1, max_size=300)
)


def hexed(text: str) -> bytes:
    return bytes.fromhex(text)


@pytest.mark.parametrize(
    ("payload", "wire"),
    [
        (ping(), "05 00 A2 00 01 00 00 68 F8 5A"),
        (delete_areas(), "07 00 A3 06 01 02 00 FF 00 67 CC 5A"),
        (power(on=True), "06 00 A3 00 01 00 00 01 79 EA 5A"),
        (power(on=False), "06 00 A3 00 01 00 00 02 39 EB 5A"),
        (wipe(), "05 00 A3 10 01 00 00 51 F8 5A"),
        (
            show_area(CALL_AREA, "6K"),
            (
                "35 00 A3 06 01 00 00 00 01 2C 00 00 00 00 00 00 80 00 10 00 00 00 00 00 00 00 00 00 "
                "01 01 01 00 00 0A 11 00 00 00 C7 EB 41 30 31 32 BA C5 B5 BD 33 BA C5 B4 B0 BF DA 3C CD 5A"
            ),
        ),
        (
            show_area(CALL_AREA, "5K"),
            (
                "35 00 A3 06 01 00 00 00 01 2C 00 00 00 00 00 00 10 00 10 00 00 00 00 00 00 00 00 00 "
                "01 01 01 00 00 0A 11 00 00 00 C7 EB 41 30 31 32 BA C5 B5 BD 33 BA C5 B4 B0 BF DA 6D C9 5A"
            ),
        ),
    ],
    ids=["ping", "delete all", "power on", "power off", "clear", "text on 6K", "text on 5K"],
)
def test_a_command_is_the_captured_frame(payload, wire):
    assert frame(Packet(1, HOST, payload)) == hexed(TO_CARD + wire)


@pytest.mark.parametrize(
    ("wire", "error"),
    [
        ("05 00 A0 00 00 00 00 64 DC 5A", 0),
        ("05 00 A0 01 05 00 00 75 21 5A", 5),
    ],
    ids=["taken", "refused"],
)
def test_an_answer_is_read_and_built_as_captured(wire, error):
    captured = hexed(TO_HOST + wire)
    assert frame(Packet(HOST, 1, reply(error))) == captured
    (found,) = Unframer().feed(captured)
    assert isinstance(found, Packet)
    assert (found.to, found.sender) == (HOST, 1)
    assert read_reply(found.payload) == Reply(taken=error == 0, error=error)


@given(packets)
def test_any_packet_comes_back_out_of_its_frame(packet):
    assert Unframer().feed(frame(packet)) == [packet]


@given(packets)
def test_between_start_and_end_no_start_and_no_end_stands(packet):
    body = frame(packet)[8:-1]
    assert not {0xA5, 0x5A} & set(body)


@settings(max_examples=40)
@given(st.lists(packets, max_size=3), st.binary(max_size=20), st.integers(1, 50))
def test_frames_are_found_however_they_are_cut_and_behind_noise(packets, noise, size):
    stream = noise.replace(b"\xa5", b"") + b"".join(frame(packet) for packet in packets)
    unframer = Unframer()
    found = []
    for start in range(0, len(stream), size):
        found += unframer.feed(stream[start : start + size])
    assert found == packets


@given(packets, st.data())
def test_a_frame_with_one_bit_wrong_is_never_taken_for_another_packet(packet, data):
    wire = bytearray(frame(packet))
    wire[data.draw(st.integers(8, len(wire) - 2))] ^= 1 << data.draw(st.integers(0, 7))
    assert all(
        isinstance(found, BadFrame) for found in Unframer().feed(bytes(wire)) if found != packet
    )


def test_noise_without_an_end_is_not_gathered_for_ever():
    unframer = Unframer()
    assert unframer.feed(b"\xa5" + b"\x00" * 100_000 + b"\x5a") == []
    assert unframer.feed(frame(Packet(HOST, 1, reply()))) == [Packet(HOST, 1, reply())]


def test_something_else_is_no_answer():
    assert read_reply(ping()) is None
    assert read_reply(b"\xa0") is None


@pytest.mark.parametrize(
    ("text", "width", "height", "effect", "several_lines"),
    [
        ("请A012号", 96, 16, Effect.STATIC, False),
        ("请A012号", 64, 16, Effect.STATIC, False),
        ("请A012号到3号窗口", 128, 16, Effect.LEFT, False),
        ("请A012号到3号窗口", 128, 32, Effect.STATIC, True),
        ("请A012号到3号窗口" * 2, 128, 32, Effect.LEFT, False),
    ],
)
def test_a_text_stands_still_where_it_fits_and_else_scrolls(
    text, width, height, effect, several_lines
):
    area = laid_out(text, width, height)
    assert (area.effect, area.several_lines) == (effect, several_lines)
    assert (area.width, area.height) == (width, height)
    assert area.text.decode("gbk") == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("王㙍号", "王?号"),  # a rare name that GBK lacks
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("Ⅳ—1", "Ⅳ—1"),
        (r"\C1红", "＼C1红"),  # else the card would take it for a colour
        ("暂停\n 服务\x00", "暂停 服务"),
        ("🙂", "?"),
    ],
)
def test_any_text_can_be_shown_and_none_is_a_code_to_the_card(text, shown):
    assert laid_out(text, 128, 16).text.decode("gbk") == shown
