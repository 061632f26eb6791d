"""The bytes of a chain of MAX7219 chips with 8 by 8 dots each, as its data sheet has them; opens no bus."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum

from PIL import Image

from firmware.hal.led_panel import Orientation

__all__ = ["Register", "picture", "to_all", "waking"]

_SIDE = 8  # dots of one chip


class Register(IntEnum):
    DIGIT_0 = 0x1
    DECODE_MODE = 0x9
    INTENSITY = 0xA
    SCAN_LIMIT = 0xB
    SHUTDOWN = 0xC
    DISPLAY_TEST = 0xF


def to_all(chips: int, register: Register, value: int) -> bytes:
    """One transfer that gives all chips of the chain the same.

    >>> to_all(2, Register.INTENSITY, 3).hex(" ")
    '0a 03 0a 03'
    """
    return bytes([register, value]) * chips


def waking(chips: int, brightness: int) -> tuple[bytes, ...]:
    """All that a chip forgets without power, or through a spark: said again it changes nothing, so it may be said often."""
    return (
        to_all(chips, Register.DISPLAY_TEST, 0),
        to_all(chips, Register.DECODE_MODE, 0),
        to_all(chips, Register.SCAN_LIMIT, _SIDE - 1),
        to_all(chips, Register.INTENSITY, brightness),
        to_all(chips, Register.SHUTDOWN, 1),
    )


def picture(dots: Image.Image, orientation: Orientation, *, reverse: bool) -> tuple[bytes, ...]:
    """Eight transfers that put a picture, sides divisible by 8, on the chain: a column of every chip with each.

    The chip next to the Pi is the one at the top left, from there the chain goes as one reads, or with `reverse` in
    each line from right to left; each chip's dots are turned by `orientation` degrees against the clock.
    """
    blocks = [
        _columns(dots.crop((x, y, x + _SIDE, y + _SIDE)), orientation)
        for y in range(0, dots.height, _SIDE)
        for x in _lefts(dots.width, reverse=reverse)
    ]
    blocks.reverse()  # what is sent first is shifted the farthest
    return tuple(
        b"".join(bytes([Register.DIGIT_0 + digit, block[digit]]) for block in blocks)
        for digit in range(_SIDE)
    )


def _lefts(width: int, *, reverse: bool) -> Iterator[int]:
    lefts = range(0, width, _SIDE)
    return reversed(lefts) if reverse else iter(lefts)


# A digit is a column and its lowest bit the topmost dot: a quarter turn with the clock makes rows of bytes of them.
_TURNS = {
    0: Image.Transpose.ROTATE_270,
    90: None,
    180: Image.Transpose.ROTATE_90,
    -90: Image.Transpose.ROTATE_180,
}


def _columns(block: Image.Image, orientation: Orientation) -> bytes:
    turn = _TURNS[orientation]
    turned = block if turn is None else block.transpose(turn)
    return turned.tobytes()
