"""The bytes of the speech chips SYN6288 and XFS5152CE, and sentences cut to their size; opens no line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum
from functools import reduce
from operator import xor
from typing import Literal

from firmware.hal.buses.gbk import to_gbk

__all__ = ["LONGEST", "Answer", "Chip", "Command", "frame", "pieces", "speak"]

Chip = Literal["syn6288", "xfs5152"]
LONGEST = 200  # bytes of text in one frame of a SYN6288
_HEAD = 0xFD
_GBK = 1
# Where a sentence may be cut without hurting how it sounds; the sign stays with what it ends.
_PAUSES = re.compile(r"(?<=[，。！？；：、,!?;])")


class Command(IntEnum):
    SPEAK = 0x01
    STOP = 0x02
    PAUSE = 0x03
    RESUME = 0x04
    STATUS = 0x21
    BAUD = 0x31
    SLEEP = 0x88
    WAKE = 0xFF


class Answer(IntEnum):
    """The chips answer, and report unasked, in single bytes."""

    ACCEPTED = 0x41
    REJECTED = 0x45
    STARTED = 0x4A
    BUSY = 0x4E
    IDLE = 0x4F


def frame(chip: Chip, command: Command, rest: bytes = b"") -> bytes:
    """Wrap a command; a SYN6288 ends it with the xor of all bytes, an XFS5152CE with nothing.

    >>> frame("syn6288", Command.STOP).hex(" "), frame("xfs5152", Command.STOP).hex(" ")
    ('fd 00 02 02 fd', 'fd 00 01 02')
    """
    checked = chip == "syn6288"
    length = 1 + len(rest) + checked
    wrapped = bytes([_HEAD, *length.to_bytes(2), command]) + rest
    return wrapped + bytes([reduce(xor, wrapped)]) if checked else wrapped


def speak(chip: Chip, text: bytes) -> bytes:
    """Speak text in GBK: both chips agree on it, not on what they call Unicode."""
    if len(text) > LONGEST:
        raise ValueError(f"{len(text)} bytes are too long for one frame: cut them by pieces()")
    return frame(chip, Command.SPEAK, bytes([_GBK]) + text)


def pieces(text: str, *, first: int = LONGEST) -> list[str]:
    """Cut a text at its pauses into pieces of at most LONGEST bytes in GBK, the first of at most `first`.

    A square bracket would begin one of the chip's tags, so it becomes a pause; what GBK lacks is left out.

    >>> pieces("请A零一七号，到[三]号窗口")
    ['请A零一七号，到，三，号窗口']
    """
    spoken = to_gbk(re.sub(r"[\[\]\x00-\x1f]+", "，", text).strip("，"), instead="").decode("gbk")
    gathered: list[str] = []
    room = 0
    for part in _parts(spoken, first):
        size = len(part.encode("gbk"))
        if size <= room:
            gathered[-1] += part
        else:
            gathered.append(part)
            room = LONGEST if len(gathered) > 1 else first
        room -= size
    return gathered


def _parts(text: str, longest: int) -> Iterator[str]:
    """The text from pause to pause, cut hard where no pause comes in time."""
    step = longest // 2  # characters, of two bytes at most
    for phrase in _PAUSES.split(text):
        for start in range(0, len(phrase), step):
            yield phrase[start : start + step]
