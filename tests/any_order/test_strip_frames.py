"""The frames of strip screens, byte for byte as a deployed hall sends them, on the driver's side and on the emulator's."""

from __future__ import annotations

from typing import Literal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware.hal.led_panel import LedPanelSettings
from firmware.hal.led_panel.strip_frames import framed
from firmware.hal.led_panel.xunpeng import numbered
from hal_mocks.wires.strip import NumberDisplay, StripScreen

CALL = "请A012号到3号窗口"
KINDS: tuple[Literal["S1", "S2", "S3"], ...] = ("S1", "S2", "S3")
VECTORS = {
    "S1": "AA 03 BB 51 54 22 01 00 99 00 63 C7 EB 41 30 31 32 BA C5 B5 BD 33 BA C5 B4 B0 BF DA FF",
    "S2": "A0 90 03 A5 00 1C C7 EB 00 41 00 30 00 31 00 32 00 BA C5 00 B5 BD 00 33 00 BA C5 00 B4 B0 00 BF DA 00 BE",
}
texts = st.text(st.sampled_from("请A0129号到窗口暂停服务·—？"), max_size=100)


@pytest.mark.parametrize("kind", ["S1", "S2"])
def test_a_frame_is_built_as_published(kind):
    assert framed(kind, 3, CALL, main=False, sequence=0) == bytes.fromhex(VECTORS[kind])


@pytest.mark.parametrize("kind", ["S1", "S2"])
def test_the_emulator_reads_the_published_frame(kind):
    screen = StripScreen(kind, 3)
    screen.hear(bytes.fromhex(VECTORS[kind]))
    assert (screen.shown, screen.damaged) == ([CALL], 0)


def test_an_s3_frame_counts_itself_and_ends_with_its_remainder():
    frame = framed("S3", 3, "号", main=False, sequence=7)
    assert frame[:-2].hex(" ").upper() == "03 FE 0E 07 86 3C 00 05 00 BA C5 00"
    assert len(frame) == 0x0E
    assert framed("S3", 3, "号", main=True, sequence=7)[4:9] == b"\x8c\x00\x00\x05\x00"


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=30)
@given(
    text=texts, address=st.integers(0, 255), sequence=st.integers(0, 255), size=st.integers(1, 40)
)
def test_every_text_is_read_by_its_own_screen_alone_however_it_is_cut(
    kind, text, address, sequence, size
):
    own, other = StripScreen(kind, address), StripScreen(kind, (address + 1) % 256)
    frame = framed(kind, address, text, main=False, sequence=sequence) * 2
    for start in range(0, len(frame), size):
        own.hear(frame[start : start + size])
        other.hear(frame[start : start + size])
    assert own.shown == [text, text]
    assert other.shown == []


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=30)
@given(text=texts, data=st.data())
def test_a_frame_with_one_bit_wrong_is_not_shown(kind, text, data):
    frame = bytearray(framed(kind, 3, text, main=False, sequence=0))
    frame[data.draw(st.integers(0, len(frame) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    screen = StripScreen(kind, 3)
    screen.hear(bytes(frame))
    # S3's counter is the one field that means nothing by itself; its remainder covers it all the same.
    assert screen.shown == []


@pytest.mark.parametrize("kind", ["S1", "S3"])
def test_the_main_screen_of_a_line_reads_only_what_is_for_it(kind):
    main, other = StripScreen(kind, 3, main=True), StripScreen(kind, 3)
    for screen in (main, other):
        screen.hear(framed(kind, 3, "一", main=True, sequence=0))
        screen.hear(framed(kind, 3, "二", main=False, sequence=1))
    assert (main.shown, other.shown) == (["一"], ["二"])


@pytest.mark.parametrize("kind", KINDS)
def test_what_no_frame_can_hold_is_cut_at_a_character_and_codes_are_spaces(kind):
    screen = StripScreen(kind, 3)
    screen.hear(framed(kind, 3, "号" * 400, main=False, sequence=0))
    screen.hear(framed(kind, 3, "暂停\n\x00服务㙍", main=False, sequence=1))
    assert screen.shown == ["号" * 120, "暂停 服务?"]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"frame": "S4"}, "Invalid enum value"),
        ({"frame": "S2", "main": True}, "S2 frames know no main screen"),
        ({"address": 256}, "<= 255"),
        ({"port": "tcp:192.168.1.60"}, "lacks a TCP port"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(changed, why):
    table = {"model": "strip", "port": "serial:/dev/ttyUSB0", "frame": "S1", "address": 3}
    assert msgspec.convert(table, LedPanelSettings)
    with pytest.raises(msgspec.ValidationError, match=why):
        msgspec.convert(table | changed, LedPanelSettings)


def test_a_number_is_built_and_read_as_published():
    published = bytes.fromhex("3A 00 78 03 01 B6 0A")
    display = NumberDisplay()
    display.hear(b"\x3a\x00" + published + published[:-2] + b"\x00\x0a")
    assert numbered(888, 0) == published
    assert (display.shown, display.damaged) == (["888"], 1)


@given(st.integers(0, 0xFFFF), st.integers(0, 0xFF))
def test_any_number_in_any_colour_is_read_as_it_was_built(number, colour):
    display = NumberDisplay()
    display.hear(numbered(number, colour))
    assert display.shown == [str(number)]
