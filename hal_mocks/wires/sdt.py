"""A card reader with a SAM as it behaves on its line: a card lies on it or not, is found, selected, read; faults on demand."""

from __future__ import annotations

from collections import deque
from functools import reduce
from operator import xor
from typing import Literal

from hal_mocks.wires.id_cards import IdCard

__all__ = ["CardReaderMachine"]

_HEAD = b"\xaa\xaa\xaa\x96\x69"
_CHUNK = 64
_PHOTO = bytes(1024)


class CardReaderMachine:
    """`read` holds each card whose text was given out, in order; `found_none` counts the looks that found no card.
    Answers leave in pieces of 64 bytes.

    `finds_again`: whether it finds a card that is read already; most do not until it has left.
    Faults, each until it is taken back: `mute` says nothing, `garble` spoils the checksum of every answer,
    `misread` gives out a text with a wrong digit, `pulled` lets go of a card while it is read, `cut` ends each
    answer after so many bytes, `slow` is in seconds before each answer, `noise` comes before it, `doubled` sends
    it twice, `refuse` answers everything with this status.
    """

    def __init__(self, *, finds_again: bool = False) -> None:
        self.read: list[IdCard] = []
        self.found_none = 0
        self.finds_again = finds_again
        self.mute = False
        self.garble = False
        self.misread = False
        self.pulled = False
        self.cut = 0
        self.slow = 0.0
        self.noise = b""
        self.doubled = False
        self.refuse = 0
        self._card: IdCard | None = None
        self._was_read = False
        self._state: Literal["none", "found", "selected"] = "none"
        self._came = b""
        self._leaving: deque[tuple[float, bytes]] = deque()

    # The world's side.

    def lay(self, card: IdCard) -> None:
        """Put a card on the reader, in place of whatever lay there."""
        self._card, self._was_read, self._state = card, False, "none"

    def take_away(self) -> None:
        self._card, self._state = None, "none"

    # The wire's side.

    def powered(self, at: float) -> bytes:  # noqa: ARG002 - it starts without a word
        self._came, self._state, self._was_read = b"", "none", False
        self._leaving.clear()
        return b""

    def heard(self, chunk: bytes, at: float) -> bytes:
        self._came += chunk
        while (head := self._came.find(_HEAD)) >= 0:
            question = self._came[head + 5 :]
            size = int.from_bytes(question[:2])
            if len(question) < 2 + size or size < 3:
                break
            self._came = question[2 + size :]
            self._send(self._answer(question[: 2 + size]), at)
        return self.passed(at)

    def passed(self, at: float) -> bytes:
        """One piece at a time: the wire takes 5 ms for it, as 64 bytes do at 115200 baud."""
        if self._leaving and self._leaving[0][0] <= at:
            return self._leaving.popleft()[1]
        return b""

    def _send(self, answer: bytes, at: float) -> None:
        if self.mute:
            return
        if self.garble:
            answer = answer[:-1] + bytes([answer[-1] ^ 0x01])
        answer = self.noise + answer * (2 if self.doubled else 1)
        answer = answer[: self.cut] if self.cut else answer
        pieces = [answer[start : start + _CHUNK] for start in range(0, len(answer), _CHUNK)]
        self._leaving.extend((at + self.slow, piece) for piece in pieces)

    def _answer(self, question: bytes) -> bytes:
        if reduce(xor, question):
            return _frame(0x10)
        if self.refuse:
            return _frame(self.refuse)
        match question[2:-1]:
            case b"\x10\xff":
                self._state = "none"
                return _frame(0x90)
            case b"\x11\xff":
                return _frame(0x90)
            case b"\x20\x01":
                return self._find()
            case b"\x20\x02":
                return self._select()
            case b"\x30\x01":
                return self._read_out()
            case _:
                return _frame(0x21)

    def _find(self) -> bytes:
        if self._card is None or (self._was_read and not self.finds_again):
            self._state = "none"
            self.found_none += 1
            return _frame(0x80)
        self._state = "found"
        return _frame(0x9F, bytes(4))

    def _select(self) -> bytes:
        if self._card is None or self._state != "found":
            return _frame(0x81)
        self._state = "selected"
        return _frame(0x90, bytes(8))

    def _read_out(self) -> bytes:
        if self._card is None or self._state != "selected":
            return _frame(0x41)
        if self.pulled:
            self.take_away()
            return _frame(0x41)
        self._state = "none"
        text = self._card.text
        if self.misread:
            # The last digit but one of a resident's number.
            text = text[:154] + bytes([text[154] ^ 0x01]) + text[155:]
        else:
            self._was_read = True
            self.read.append(self._card)
        return _frame(0x90, b"\x01\x00\x04\x00" + text + _PHOTO)


def _frame(status: int, data: bytes = b"") -> bytes:
    body = (4 + len(data)).to_bytes(2) + bytes([0, 0, status]) + data
    return _HEAD + body + bytes([reduce(xor, body)])
