"""What comes from a scanner on a serial line: codes that CR ends, and a GM65's answers between them; pure.

A GM65 (GM861, and the many modules with its manual) is told 7E 00 | type | length | address, 2 bytes | data | CRC and
answers 02 00 | 00 | length | data | CRC: XMODEM's, over what follows the head; AB CD instead asks for no check.
"""

from __future__ import annotations

import re
from binascii import crc_hqx
from dataclasses import dataclass, field

from firmware.hal.scanner.codes import LONGEST, code_of, is_other_text

__all__ = ["TRIGGER", "Answer", "Code", "Garbage", "SerialFrames", "write"]

_UNCHECKED = b"\xab\xcd"
_STX = 0x02
_ANSWER_HEAD = b"\x02\x00\x00"
_LINE_ENDS = re.compile(rb"[\r\n]")


@dataclass(frozen=True, slots=True)
class Code:
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """A GM65 has done what it was told."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Garbage:
    """What is neither: noise, or a half code."""


Found = Code | Answer | Garbage


def write(address: int, value: int) -> bytes:
    """Tell a GM65 to put `value` at `address`.

    >>> write(0x0002, 1).hex(" ")
    '7e 00 08 01 00 02 01 ab cd'
    """
    return b"\x7e\x00\x08\x01" + address.to_bytes(2) + bytes([value]) + _UNCHECKED


TRIGGER = write(0x0002, 1)
"""Look for a code now."""


class SerialFrames:
    """Keeps at most one code and one answer; what is damaged costs no more than the code that it is part of."""

    def __init__(self) -> None:
        self._came = bytearray()  # begins with what may become an answer
        self._text = bytearray()
        self._spoilt = False

    def feed(self, chunk: bytes) -> list[Found]:
        """Return what is complete now, in order."""
        found: list[Found] = []
        self._came += chunk
        while self._came:
            if self._came[0] != _STX:
                end = self._came.find(_STX)
                end = len(self._came) if end < 0 else end
                found += self._texts(bytes(self._came[:end]))
                del self._came[:end]
            elif not self._answer(found):
                break
        return found

    def pause(self) -> list[Found]:
        """Nothing came for longer than any pause within a code: what is half will not become whole."""
        half = bool(self._came or self._text or self._spoilt)
        self._came.clear()
        self._begin_line()
        return [Garbage()] if half else []

    def _answer(self, found: list[Found]) -> bool:
        """Take an answer off, or the first byte of what is none. False: it may still become one."""
        head = self._came[: len(_ANSWER_HEAD)]
        if _ANSWER_HEAD.startswith(head):
            if len(self._came) < 4 or len(self._came) < 4 + self._came[3] + 2:
                return False
            end = 4 + self._came[3]
            body, check = bytes(self._came[2:end]), int.from_bytes(self._came[end : end + 2])
            if crc_hqx(body, 0) == check:
                found.append(Answer(body[2:]))
                del self._came[: end + 2]
                return True
        # No code has such a byte in it.
        del self._came[0]
        self._spoilt = True
        return True

    def _texts(self, piece: bytes) -> list[Found]:
        *ended, rest = _LINE_ENDS.split(piece)
        found = [one for text in ended for one in self._end_line(text)]
        self._add(rest)
        return found

    def _end_line(self, rest: bytes) -> list[Found]:
        self._add(rest)
        raw, spoilt = bytes(self._text), self._spoilt
        self._begin_line()
        if spoilt:
            return [Garbage()]
        code = code_of(raw)
        if code is None:
            return [] if is_other_text(raw) else [Garbage()]
        return [Code(code)]

    def _add(self, text: bytes) -> None:
        room = LONGEST - len(self._text)
        self._spoilt = self._spoilt or len(text) > room
        self._text += text[:room]

    def _begin_line(self) -> None:
        self._text.clear()
        self._spoilt = False
