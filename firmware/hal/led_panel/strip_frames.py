"""The bytes of strip screens (条屏) that take GBK text and never answer; opens no line.

Three frames are known from a deployed hall; their makers are not. S1 begins with AA, S2 with A0 90, S3 with the
address and FE.
"""

from __future__ import annotations

from binascii import crc_hqx
from functools import reduce
from operator import xor
from typing import Literal

from firmware.hal.buses.gbk import one_line, to_gbk

__all__ = ["StripFrame", "framed"]

StripFrame = Literal["S1", "S2", "S3"]

_MOST_BYTES = 240  # S3 counts its whole frame in one byte


def framed(kind: StripFrame, address: int, text: str, *, main: bool, sequence: int) -> bytes:
    """A text for one screen, cut where no frame would hold it. `main` is the one large screen of an S1 or S3 line.

    >>> framed("S1", 3, "号", main=False, sequence=0).hex(" ")
    'aa 03 bb 51 54 7b 01 00 99 00 63 ba c5 ff'
    """
    characters = _characters(text)
    match kind:
        case "S1":
            return _s1(address, b"".join(characters), main=main)
        case "S2":
            return _s2(address, characters)
        case "S3":
            return _s3(address, b"".join(characters), main=main, sequence=sequence)


def _s1(address: int, text: bytes, *, main: bool) -> bytes:
    summed = (b"\x08\x02" if main else b"\x01\x00") + b"\x99\x00\x63" + text + b"\xff"
    return bytes([0xAA, address, 0xBB, 0x51, 0x54, sum(summed) & 0xFF]) + summed


def _s2(address: int, characters: list[bytes]) -> bytes:
    payload = b"".join(character + b"\x00" for character in characters)
    checked = bytes([address, 0xA5]) + len(payload).to_bytes(2) + payload
    return b"\xa0\x90" + checked + bytes([reduce(xor, checked)])


def _s3(address: int, text: bytes, *, main: bool, sequence: int) -> bytes:
    screen = b"\x8c\x00" if main else b"\x86\x3c"
    body = screen + b"\x00\x05\x00" + text + b"\x00"
    checked = bytes([address, 0xFE, len(body) + 6, sequence]) + body
    return checked + crc_hqx(checked, 0).to_bytes(2)


def _characters(text: str) -> list[bytes]:
    """Each character's one or two bytes, as many as fit."""
    encoded = [to_gbk(character, instead="?") for character in one_line(text)]
    size = 0
    for number, character in enumerate(encoded):
        size += len(character)
        if size > _MOST_BYTES:
            return encoded[:number]
    return encoded
