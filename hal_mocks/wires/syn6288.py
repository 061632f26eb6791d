"""A SYN6288 or XFS5152CE speech chip as it behaves on its line: it checks, speaks, reports, with faults on demand."""

from __future__ import annotations

import re
from functools import reduce
from operator import xor
from typing import Literal

__all__ = ["SpeechChip", "spoken"]

_CODECS = {0: "gb2312", 1: "gbk", 2: "big5"}
_UNICODE = {"syn6288": "utf-16-be", "xfs5152": "utf-16-le"}
_LONGEST_TEXT = {"syn6288": 200, "xfs5152": 4095}
_GAP_SECONDS = 0.008
_READY, _ACCEPTED, _REJECTED, _BUSY, _IDLE = b"\x4a", b"\x41", b"\x45", b"\x4e", b"\x4f"


class SpeechChip:
    """`said` holds each text whose speech came to its end, tags and all; `cut_off` those that a new one ended.

    Faults, each until it is taken back: `mute` hears nothing, `reject` answers that every frame is damaged,
    `lose_end` keeps the end of a speech to itself, `hang` never ends one, `reboot` starts anew at the next speech,
    `noise` comes with the report of each end, `babble` is noise that drowns its line both ways.
    """

    def __init__(
        self,
        chip: Literal["syn6288", "xfs5152"] = "syn6288",
        *,
        seconds_per_character: float = 0.18,
        gap_seconds: float = _GAP_SECONDS,
    ) -> None:
        self.said: list[str] = []
        self.cut_off: list[str] = []
        self.mute = False
        self.reject = False
        self.lose_end = False
        self.hang = False
        self.reboot = False
        self.noise = b""
        self.babble = b""
        self._chip: Literal["syn6288", "xfs5152"] = chip
        self.seconds_per_character = seconds_per_character
        self._gap_seconds = gap_seconds
        self._frame = b""
        self._last_byte = 0.0
        self._text = ""
        self._ends: float | None = None

    @property
    def speaking(self) -> bool:
        return self._ends is not None

    @property
    def heard_text(self) -> list[str]:
        """What people heard: without the tags."""
        return [spoken(text) for text in self.said]

    @property
    def saying(self) -> str:
        """What people hear now."""
        return spoken(self._text) if self.speaking else ""

    def powered(self, at: float) -> bytes:  # noqa: ARG002 - it is ready at once
        self._frame, self._text, self._ends = b"", "", None
        return b"" if self.mute else _READY

    def passed(self, at: float) -> bytes:
        if self._ends is None or at < self._ends or self.hang:
            return b""
        self._ends = None
        if self.reboot:
            self._text = ""
            return _READY
        self.said.append(self._text)
        return b"" if self.lose_end else _IDLE + self.noise

    def heard(self, chunk: bytes, at: float) -> bytes:
        if self.babble:
            return self.babble
        answers = self.passed(at)
        if self.mute:
            return answers
        late = self._frame and at - self._last_byte > self._gap_seconds
        self._last_byte = at
        if late:
            # A gap in a frame ends it; what follows is noise until the next head.
            self._frame = b""
            return answers + _REJECTED
        self._frame += chunk
        while (one := self._cut_frame()) is not None:
            answers += self._obey(one, at)
        return answers

    def _cut_frame(self) -> bytes | None:
        head = self._frame.find(b"\xfd")
        self._frame = self._frame[head:] if head >= 0 else b""
        size = 3 + int.from_bytes(self._frame[1:3])
        if len(self._frame) < 3 or len(self._frame) < size:
            return None
        one, self._frame = self._frame[:size], self._frame[size:]
        return one

    def _obey(self, one: bytes, at: float) -> bytes:
        rest = one[3:]
        if self._chip == "syn6288":
            if reduce(xor, one):
                return _REJECTED
            rest = rest[:-1]
        if self.reject or not rest:
            return _REJECTED
        match rest[0]:
            case 0x01:
                return self._speak(rest[1:], at)
            case 0x02:
                self._interrupt()
                return _ACCEPTED
            case 0x21:
                return _ACCEPTED + (_IDLE if self._ends is None else _BUSY)
            case 0x03 | 0x04 | 0x31 | 0x88 | 0xFF:
                return _ACCEPTED
            case _:
                return _REJECTED

    def _speak(self, rest: bytes, at: float) -> bytes:
        encoded = rest[1:]
        if not encoded or len(encoded) > _LONGEST_TEXT[self._chip]:
            return _REJECTED
        codec = _CODECS.get(rest[0] & 7, _UNICODE[self._chip])
        self._interrupt()
        self._text = encoded.decode(codec, "replace")
        self._ends = at + len(self._text) * self.seconds_per_character
        return _ACCEPTED

    def _interrupt(self) -> None:
        if self._ends is not None:
            self.cut_off.append(self._text)
            self._ends = None


def spoken(text: str) -> str:
    """What people hear of a text: all but its tags."""
    return re.sub(r"\[[a-z]\d+\]", "", text)
