"""The bytes of a TM1637 with digits of seven segments, as its data sheet has them, and the ticket's number in a text."""

from __future__ import annotations

from collections.abc import Sequence

from firmware.hal.led_panel.numbers import TICKET

__all__ = ["commands", "figures", "segments"]

_WRITE_ON_AND_ON = 0x40  # the address moves on by itself
_FROM_THE_FIRST = 0xC0
_SWITCHED_ON = 0x88

# Segments a to g are bits 0 to 6: a is at the top, then with the clock, g in the middle.
_FIGURES = {
    "0": 0x3F, "1": 0x06, "2": 0x5B, "3": 0x4F, "4": 0x66,
    "5": 0x6D, "6": 0x7D, "7": 0x07, "8": 0x7F, "9": 0x6F,
    # Letters that nobody takes for a figure or for each other; a ticket with another is shown without it.
    "A": 0x77, "B": 0x7C, "C": 0x39, "D": 0x5E, "E": 0x79, "F": 0x71, "H": 0x76, "J": 0x1E,
    "L": 0x38, "N": 0x54, "P": 0x73, "R": 0x50, "T": 0x78, "U": 0x3E, "Y": 0x6E,
    "-": 0x40, " ": 0x00,
}  # fmt: skip


def figures(text: str, digits: int) -> str:
    """What so many digits show of a text: the ticket's number in it, at the right; dashes if there is none.

    >>> figures("请A012号到3号窗口", 6), figures("K012 到 3号窗口", 4), figures("暂停服务", 4)
    ('  A012', ' 012', '----')
    """
    found = TICKET.search(text)
    if not found:
        return "-" * digits
    shown = "".join(one if one in _FIGURES else " " for one in found[0])
    return shown.rjust(digits)[-digits:]


def segments(shown: str, order: Sequence[int]) -> bytes:
    """The segments of `figures`, in the order in which the module's digits are wired: from 1, as one reads them.

    >>> segments("A012", (1, 2, 3, 4)).hex(" ")
    '77 3f 06 5b'
    """
    return bytes(_FIGURES[shown[place - 1]] for place in order)


def commands(lit: bytes, brightness: int) -> tuple[bytes, ...]:
    """Three frames, each between a start and a stop, that show these segments; `brightness` is 0 to 7.

    >>> [frame.hex(" ") for frame in commands(bytes(4), 7)]
    ['40', 'c0 00 00 00 00', '8f']
    """
    return (
        bytes([_WRITE_ON_AND_ON]),
        bytes([_FROM_THE_FIRST]) + lit,
        bytes([_SWITCHED_ON | brightness]),
    )
