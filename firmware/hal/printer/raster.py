"""A bitmap as ESC/POS: raster bands with the white around them left out; pure, and dot for dot."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import or_

from firmware.hal.printer import Bitmap
from firmware.hal.printer.commands import REAL_TIME, feed, left_margin, picture

__all__ = ["BAND_ROWS", "encode"]

BAND_ROWS = 64  # cheap heads garble or jam on pictures taller than 128
_WHITE_WORTH_SKIPPING = 8  # rows, 1 mm; below that the motor would only stutter


def encode(bitmap: Bitmap, band_rows: int = BAND_ROWS) -> tuple[bytes, ...]:
    """Commands that print the bitmap from the left edge: ESC J, GS L, and GS v 0 of at most `band_rows` rows.

    No command holds the bytes of a real-time command (DLE EOT, DLE ENQ, DLE DC4), which many printers
    obey even inside a picture. To that end a band is moved by some dots inside its own left margin, or cut
    in two; only a row that is black at the left edge can need a dot more than was asked for.
    """
    rows = _rows(bitmap)
    commands: list[bytes] = []
    margin = done = 0
    for start, end in _bands(rows, band_rows):
        commands += _fed(start - done)
        for left, command in _pictures(rows[start:end], bitmap.width):
            if left != margin:
                commands.append(left_margin(left))
                margin = left
            commands.append(command)
        done = end
    commands += _fed(bitmap.height - done)
    if margin:
        commands.append(left_margin(0))
    return tuple(commands)


def _fed(rows: int) -> tuple[bytes, ...]:
    return (feed(rows),) if rows else ()


def _rows(bitmap: Bitmap) -> list[int]:
    """Each row as a number of `width` bits, so that white is 0 and no bit position is special."""
    stride = (bitmap.width + 7) // 8
    spare = stride * 8 - bitmap.width
    cut = (bitmap.rows[y * stride : (y + 1) * stride] for y in range(bitmap.height))
    return [int.from_bytes(row) >> spare for row in cut]


def _bands(rows: list[int], most: int) -> Iterator[tuple[int, int]]:
    """Spans [start, end) that begin and end in a row with black; what lies between them is white."""
    start = end = -most
    for y in (y for y, row in enumerate(rows) if row):
        if y - end >= _WHITE_WORTH_SKIPPING or y - start >= most:
            if start >= 0:
                yield start, end
            start = y
        end = y + 1
    if start >= 0:
        yield start, end


def _pictures(band: list[int], width: int) -> Iterator[tuple[int, bytes]]:
    """Encode a band as (left margin, picture), cut in two wherever no single one is harmless."""
    union = reduce(or_, band) or 1
    black = width - union.bit_length()
    right = width - ((union & -union).bit_length() - 1)
    aligned = black - black % 8
    for left in (aligned, *range(max(0, aligned - 7), aligned), *range(aligned + 1, black + 1)):
        command = _picture(band, width, left, right)
        if not any(pair in command for pair in REAL_TIME):
            yield left, command
            return
    if len(band) > 1:
        half = len(band) // 2
        yield from _pictures(band[:half], width)
        yield from _pictures(band[half:], width)
        return
    command = _picture(band, width, aligned, right)
    for pair in REAL_TIME:
        command = command.replace(pair, b"\x18" + pair[1:])
    yield aligned, command


def _picture(band: list[int], width: int, left: int, right: int) -> bytes:
    across = (right - left + 7) // 8
    shift = width - left - across * 8  # below 0 where the last byte hangs over the right edge
    moved = (row >> shift if shift >= 0 else row << -shift for row in band)
    return picture(across, len(band), b"".join(row.to_bytes(across) for row in moved))
