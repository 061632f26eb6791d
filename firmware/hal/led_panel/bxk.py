"""The bytes of Onbon BX-5K and BX-6K cards with fonts: frames, commands, dynamic areas; opens no line."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

from fastcrc.crc16 import arc

__all__ = [
    "ERRORS",
    "HOST",
    "Area",
    "BadFrame",
    "Effect",
    "Packet",
    "Reply",
    "Unframer",
    "delete_areas",
    "frame",
    "ping",
    "power",
    "read_reply",
    "reply",
    "show_area",
    "wipe",
]

HOST = 0x8000  # the address of whoever commands the cards
_START, _END = 0xA5, 0x5A
_PREAMBLE = bytes([_START] * 8)
# Those that begin an escape come first, or they would be escaped twice.
_ESCAPES = {
    b"\xa6": b"\xa6\x01",
    b"\x5b": b"\x5b\x01",
    b"\xa5": b"\xa6\x02",
    b"\x5a": b"\x5b\x02",
}
_UNESCAPES = {escape: byte for byte, escape in _ESCAPES.items()}
_HEADER = struct.Struct("<HH3xBBBBBH")
_ANY_CARD, _VERSION = 0xFE, 0x02
_LONGEST = 4096

ERRORS = {
    1: "it does not know this group of commands",
    2: "it does not know this command",
    3: "it is busy",
    4: "its memory is full",
    5: "the frame came damaged",
    6: "it lacks the file",
    7: "its flash memory fails",
    8: "the download failed",
    9: "the name is wrong",
    10: "the type is wrong",
    11: "the file came damaged",
    12: "it lacks the font",
    13: "the firmware is of another type",
    14: "the date is wrong",
    15: "the file exists already",
    16: "the block is wrong",
}


class Effect(IntEnum):
    """How a text comes into its area."""

    STATIC = 1
    INSTANT = 2
    LEFT = 3
    RIGHT = 4
    UP = 5
    DOWN = 6


@dataclass(frozen=True, slots=True)
class Packet:
    """What a frame carries, from whom, to whom (0xFFFE: every card)."""

    to: int
    sender: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class BadFrame:
    """A frame that came damaged, and why it is none."""

    why: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A card's answer: taken, or refused with one of ERRORS."""

    taken: bool
    error: int


@dataclass(frozen=True, slots=True)
class Area:
    """A dynamic area, in dots; it lives in the card's RAM, so showing it wears nothing. `stay` in half seconds."""

    width: int
    height: int
    text: bytes
    x: int = 0
    y: int = 0
    number: int = 0
    effect: Effect = Effect.STATIC
    speed: int = 0
    stay: int = 10
    several_lines: bool = False


def frame(packet: Packet) -> bytes:
    """Wrap a packet for the line."""
    body = _HEADER.pack(packet.to, packet.sender, 0, 0, 0, _ANY_CARD, _VERSION, len(packet.payload))
    body += packet.payload
    body += struct.pack("<H", arc(body))
    for byte, escape in _ESCAPES.items():
        body = body.replace(byte, escape)
    return _PREAMBLE + body + bytes([_END])


def ping() -> bytes:
    return b"\xa2\x00\x01\x00\x00"


def power(*, on: bool) -> bytes:
    return b"\xa3\x00\x01\x00\x00" + (b"\x01" if on else b"\x02")


def wipe() -> bytes:
    """Clear the whole screen."""
    return b"\xa3\x10\x01\x00\x00"


def delete_areas() -> bytes:
    """Delete every dynamic area; the 02 is what captured frames carry there."""
    return b"\xa3\x06\x01\x02\x00\xff\x00"


def show_area(area: Area, card: Literal["5K", "6K"]) -> bytes:
    """Show one area in place of the one with its number; the others stay."""
    # A 5K card counts across in bytes of eight dots.
    across = 8 if card == "5K" else 1
    lines, wrap = (2, 2) if area.several_lines else (1, 1)
    block = struct.pack(
        "<BHHHHBBBHBBBBBBBBBI",
        0,
        area.x // across,
        area.y,
        area.width // across,
        area.height,
        area.number,
        0,  # dots between lines
        0,  # run mode: again and again
        0,  # no time-out
        0,  # no sound
        0,
        0,
        lines,
        wrap,
        area.effect,
        0,
        area.speed,
        area.stay,
        len(area.text),
    )
    block += area.text
    return b"\xa3\x06\x01\x00\x00\x00\x01" + struct.pack("<H", len(block)) + block


def reply(error: int = 0) -> bytes:
    """Answer as a card does."""
    return bytes([0xA0, 1 if error else 0, error, 0, 0])


def read_reply(payload: bytes) -> Reply | None:
    """A card's answer; None if it is something else."""
    if len(payload) < 3 or payload[0] != 0xA0 or payload[1] > 1:
        return None
    return Reply(taken=payload[1] == 0, error=payload[2])


class Unframer:
    """Finds frames in a stream that comes in pieces, with noise between."""

    def __init__(self) -> None:
        self._body: bytearray | None = None

    def feed(self, chunk: bytes) -> list[Packet | BadFrame]:
        found: list[Packet | BadFrame] = []
        for byte in chunk:
            if byte == _START:
                self._body = bytearray()
            elif self._body is None:
                continue
            elif byte == _END:
                if self._body:
                    found.append(_unwrap(bytes(self._body)))
                self._body = None
            else:
                self._body.append(byte)
                if len(self._body) > _LONGEST:
                    self._body = None
        return found


def _unwrap(escaped: bytes) -> Packet | BadFrame:
    body = bytearray()
    rest = iter(escaped)
    for byte in rest:
        if byte in (0xA6, 0x5B):
            plain = _UNESCAPES.get(bytes([byte, next(rest, 0)]))
            if plain is None:
                return BadFrame("an escape that does not exist")
            body += plain
        else:
            body.append(byte)
    if len(body) < _HEADER.size + 2:
        return BadFrame("too short")
    if arc(bytes(body[:-2])) != int.from_bytes(body[-2:], "little"):
        return BadFrame("its checksum is wrong")
    to, sender, *_, length = _HEADER.unpack_from(body)
    payload = bytes(body[_HEADER.size : -2])
    if len(payload) != length:
        return BadFrame("its length is wrong")
    return Packet(to, sender, payload)
