"""An Onbon BX-5K or BX-6K card as it behaves on its line: it keeps dynamic areas and answers, with faults on demand."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from firmware.hal.led_panel.bxk import (
    HOST,
    BadFrame,
    Packet,
    Unframer,
    frame,
    reply,
)

__all__ = ["OnbonCard", "OnbonLine", "ShownArea"]

_EVERY_CARD = 0xFFFE
_AREA = struct.Struct("<BHHHHBBBHBBBBBBBBBI")


@dataclass(frozen=True, slots=True)
class ShownArea:
    """A dynamic area as the card holds it, in dots."""

    x: int
    y: int
    width: int
    height: int
    text: str
    effect: int
    several_lines: bool


class OnbonCard:
    """`text` is what one reads on the panel; `history` every text that was put there.

    Faults, each until it is taken back: `mute` does nothing and says nothing, `refuse` is the error it answers
    with, `garble` damages what it sends, `noise` comes before each answer, `stranger` answers in another's name,
    `bend` makes something else of each answer.
    """

    def __init__(
        self,
        *,
        screen: int = 1,
        card: Literal["5K", "6K"] = "6K",
        width: int = 128,
        height: int = 16,
    ) -> None:
        self.areas: dict[int, ShownArea] = {}
        self.history: list[str] = []
        self.lit = True
        self.mute = False
        self.refuse = 0
        self.garble = False
        self.noise = b""
        self.stranger = 0
        self.bend: Callable[[bytes], bytes] = bytes
        self._screen = screen
        self._across = 8 if card == "5K" else 1
        self._width, self._height = width, height
        self._unframer = Unframer()

    @property
    def text(self) -> str:
        return "".join(area.text for _, area in sorted(self.areas.items()))

    def powered(self, at: float) -> bytes:  # noqa: ARG002 - a card that starts tells nothing
        # Dynamic areas live in RAM.
        self.areas = {}
        self._unframer = Unframer()
        return b""

    def passed(self, at: float) -> bytes:  # noqa: ARG002 - and acts only when told
        return b""

    def heard(self, chunk: bytes, at: float) -> bytes:  # noqa: ARG002
        return b"".join(self._answer(found) for found in self._unframer.feed(chunk))

    def _answer(self, found: Packet | BadFrame) -> bytes:
        if self.mute:
            return b""
        if isinstance(found, BadFrame):
            return self._send(5)
        if found.to not in (self._screen, _EVERY_CARD) or found.sender != HOST:
            return b""
        error = self.refuse or self._obey(found.payload)
        wants_answer = len(found.payload) > 2 and found.payload[2] == 1
        return self._send(error) if wants_answer else b""

    def _send(self, error: int) -> bytes:
        sent = frame(Packet(HOST, self.stranger or self._screen, reply(error)))
        if self.garble:
            sent = sent[:-2] + bytes([sent[-2] ^ 0x10]) + sent[-1:]
        return self.noise + self.bend(sent)

    def _obey(self, payload: bytes) -> int:
        match payload[:2]:
            case b"\xa2\x00":
                return 0
            case b"\xa3\x00":
                self.lit = payload[5:6] == b"\x01"
                return 0
            case b"\xa3\x06":
                try:
                    return self._take_areas(payload[5:])
                except (IndexError, struct.error):
                    return 1  # it is cut short
            case b"\xa3\x10":
                self.areas = {}
                return 0
            case _:
                return 2

    def _take_areas(self, rest: bytes) -> int:
        deleted = rest[0]
        if deleted == 0xFF:
            self.areas = {}
            rest = rest[1:]
        else:
            for number in rest[1 : 1 + deleted]:
                self.areas.pop(number, None)
            rest = rest[1 + deleted :]
        count, rest = rest[0], rest[1:]
        for _ in range(count):
            size = int.from_bytes(rest[:2], "little")
            self._take_area(rest[2 : 2 + size])
            rest = rest[2 + size :]
        return 1 if rest else 0

    def _take_area(self, block: bytes) -> None:
        _, x, y, width, height, number, *_, lines, _, effect, _, _, _, size = _AREA.unpack_from(
            block
        )
        area = ShownArea(
            x * self._across,
            y,
            width * self._across,
            height,
            block[_AREA.size : _AREA.size + size].decode("gbk", "replace"),
            effect,
            lines == 2,
        )
        if area.x + area.width > self._width or area.y + area.height > self._height:
            return  # a real card accepts it and shows nothing one can read
        self.areas[number] = area
        self.history.append(area.text)


class OnbonLine:
    """Several cards on one RS-485 line: each hears all that is sent, and answers what is for it."""

    def __init__(self, cards: Iterable[OnbonCard]) -> None:
        self.cards = list(cards)

    def powered(self, at: float) -> bytes:
        return b"".join(card.powered(at) for card in self.cards)

    def passed(self, at: float) -> bytes:
        return b"".join(card.passed(at) for card in self.cards)

    def heard(self, chunk: bytes, at: float) -> bytes:
        return b"".join(card.heard(chunk, at) for card in self.cards)
