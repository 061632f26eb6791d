"""Dots survive their way through ESC/POS, and no picture holds what a printer would obey at once."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from firmware.hal.printer import Bitmap
from firmware.hal.printer.commands import CUT, INITIALIZE, REAL_TIME, feed
from firmware.hal.printer.raster import BAND_ROWS, encode
from hal_mocks.wires.escpos_machine import EscposMachine, Model

# Bytes that make real-time commands, and white, more often than chance would.
DOTS = st.sampled_from(b"\x00\x00\x00\x10\x04\x05\x14\x01\x02\xff\x80") | st.integers(0, 255)


@st.composite
def bitmaps(draw: st.DrawFn, margin: int = 0) -> Bitmap:
    stride = draw(st.integers(1, 9))
    width = stride * 8 - draw(st.integers(0, 7))
    rows = bytearray()
    for _ in range(draw(st.integers(1, 8))):
        row = bytes(draw(st.lists(DOTS, min_size=stride, max_size=stride)))
        blank = int.from_bytes(row) & ((1 << stride * 8) - (1 << stride * 8 - width))
        if margin:
            blank &= (1 << stride * 8 - margin) - 1 if stride * 8 > margin else 0
        rows += blank.to_bytes(stride) * draw(st.sampled_from((1, 1, 2, 7, 9, 70)))
    return Bitmap(width, len(rows) // stride, bytes(rows))


def tape(bitmap: Bitmap) -> Bitmap:
    machine = EscposMachine(Model(width=bitmap.width, buffer=1 << 20))
    machine.eat(INITIALIZE + b"".join(encode(bitmap)) + CUT)
    assert machine.garbage == b""
    assert machine.answered == b""
    (strip,) = machine.printed
    return strip


def black(bitmap: Bitmap) -> int:
    return int.from_bytes(bitmap.rows)


@settings(max_examples=25)
@given(bitmaps(margin=8))
def test_with_a_white_left_margin_every_dot_is_printed_where_it_was_asked(bitmap: Bitmap):
    assert tape(bitmap) == bitmap


@settings(max_examples=25)
@given(bitmaps())
def test_no_dot_is_lost_and_none_added_unless_a_real_time_command_had_to_be_broken(bitmap: Bitmap):
    printed = tape(bitmap)
    assert (printed.width, printed.height) == (bitmap.width, bitmap.height)
    assert black(printed) & black(bitmap) == black(bitmap)
    added = black(printed) ^ black(bitmap)
    assert added.bit_count() <= sum(bitmap.rows.count(pair) for pair in REAL_TIME)


@settings(max_examples=25)
@given(bitmaps())
def test_no_command_holds_a_real_time_command_nor_more_rows_than_cheap_heads_bear(bitmap: Bitmap):
    commands = encode(bitmap)
    assert not any(pair in b"".join(commands) for pair in REAL_TIME)
    pictures = [command for command in commands if command.startswith(b"\x1dv0")]
    assert all(0 < int.from_bytes(command[6:8], "little") <= BAND_ROWS for command in pictures)


def test_white_paper_is_fed_not_sent():
    assert encode(Bitmap(576, 600, bytes(72 * 600))) == (feed(600),)


def test_a_feed_longer_than_its_command_can_say_is_said_in_parts():
    assert feed(0) == b""
    assert feed(255) == b"\x1bJ\xff"
    assert feed(256) == b"\x1bJ\xff\x1bJ\x01"


def test_white_at_either_side_is_not_sent():
    rows = (bytes(20) + b"\xff" * 10 + bytes(42)) * 40
    (margin, picture, back) = encode(Bitmap(576, 40, rows))
    assert margin == b"\x1dL\xa0\x00"
    assert picture == b"\x1dv0\x00\x0a\x00\x28\x00" + b"\xff" * 400
    assert back == b"\x1dL\x00\x00"


def test_a_real_time_command_in_a_picture_is_moved_aside_without_changing_a_dot():
    rows = (bytes(3) + b"\x10\x04\x01" + bytes(3)) * 3
    bitmap = Bitmap(72, 3, rows)
    assert tape(bitmap) == bitmap
    naive = b"\x1dv0\x00\x09\x00\x03\x00" + rows
    machine = EscposMachine(Model(width=72))
    machine.eat(naive + CUT)
    assert machine.answered != b"", "this printer obeys what stands inside a picture"
