"""Frames of card readers with a SAM (SDT): questions into bytes, bytes into answers; pure, and knows no card.

AA AA AA 96 69 | length, 2 bytes | command and parameter, or three status bytes | data | XOR from length to data.
The length counts what follows it. By the readers' makers and GA 450.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, IntEnum
from functools import reduce
from operator import xor

__all__ = ["BadFrame", "Command", "Reply", "Status", "Unframer", "request"]

_HEAD = bytes.fromhex("AA AA AA 96 69")
_SIZE_AT, _BODY_AT = len(_HEAD), len(_HEAD) + 2
_SHORTEST = 4  # three status bytes and the XOR
_LONGEST = 2400  # text, photo and two fingerprints, and some more


class Command(Enum):
    RESET = b"\x10\xff"
    STATUS = b"\x11\xff"
    SAM_ID = b"\x12\xff"
    FIND = b"\x20\x01"
    SELECT = b"\x20\x02"
    READ = b"\x30\x01"
    READ_WITH_FINGERPRINT = b"\x30\x10"
    READ_NEW_ADDRESS = b"\x30\x03"
    SPEED_115200 = b"\x60\x00"
    SPEED_9600 = b"\x60\x04"


class Status(IntEnum):
    """The third status byte, as far as anybody acts on it."""

    CHECKSUM = 0x10
    LENGTH = 0x11
    NO_COMMAND = 0x21
    READ_FAILED = 0x41
    SELF_TEST_FAILED = 0x60
    UNAUTHORISED = 0x66
    NO_CARD = 0x80
    SELECT_FAILED = 0x81
    DONE = 0x90
    FOUND = 0x9F


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. Its data is what a card says, so that it is never shown."""

    status: int
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class BadFrame:
    """A frame whose checksum or length is wrong."""


def request(command: Command) -> bytes:
    """Encode a question.

    >>> request(Command.FIND).hex(" ")
    'aa aa aa 96 69 00 03 20 01 22'
    """
    body = (len(command.value) + 1).to_bytes(2) + command.value
    return _HEAD + body + bytes([reduce(xor, body)])


class Unframer:
    """Finds the answers in what comes; keeps at most one frame, and is back in step after whatever came before."""

    def __init__(self) -> None:
        self._came = bytearray()

    def feed(self, chunk: bytes) -> list[Reply | BadFrame]:
        """Return what is complete now, in order."""
        found: list[Reply | BadFrame] = []
        # In mouthfuls, so that a flood is searched as it comes and never kept.
        for start in range(0, len(chunk), _LONGEST):
            self._came += chunk[start : start + _LONGEST]
            while (one := self._next()) is not None:
                found.append(one)
        return found

    def _next(self) -> Reply | BadFrame | None:
        head = self._came.find(_HEAD)
        # Without one, the last bytes may still be the beginning of one.
        del self._came[: head if head >= 0 else max(0, len(self._came) - len(_HEAD) + 1)]
        if head < 0 or len(self._came) < _BODY_AT:
            return None
        size = int.from_bytes(self._came[_SIZE_AT:_BODY_AT])
        if not _SHORTEST <= size <= _LONGEST:
            del self._came[:1]
            return BadFrame()
        end = _BODY_AT + size
        if len(self._came) < end:
            return None
        if reduce(xor, self._came[_SIZE_AT:end]):
            # Only the head goes: what was lost of this frame may have let the next one in.
            del self._came[:1]
            return BadFrame()
        reply = Reply(self._came[_BODY_AT + 2], bytes(self._came[_BODY_AT + 3 : end - 1]))
        del self._came[:end]
        return reply
