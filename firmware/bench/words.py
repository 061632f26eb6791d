"""Bytes of a device's line as frames with their meaning in words, model by model; opens no line and keeps no clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from firmware.bench import frames, frames_escpos

__all__ = ["PRIVATE", "Decoder", "decoder", "hexed"]

Cut = Callable[[bytes], tuple[int, str]]
"""Looks at what has come: how many bytes its beginning takes and what they mean; 0 if more must come first."""

LONGEST = 200_000  # a whole ticket as one picture; what is longer is no frame
SHOWN = 24
PRIVATE = "sdt"  # a card's holder is in its frames


@dataclass(frozen=True, slots=True)
class _Language:
    """What the driver sends, and what the device does."""

    sent: Cut
    came: Cut


LANGUAGES: Mapping[str, _Language] = {
    "escpos": _Language(frames_escpos.escpos_order, frames_escpos.escpos_answer),
    "onbon": _Language(frames.onbon, frames.onbon),
    "syn6288": _Language(frames.speech_order, frames.speech_answer),
    "ff68": _Language(frames.ff68, frames.ff68),
    "strip": _Language(frames.strip, frames.unknown),
    "modbus": _Language(frames.modbus_question, frames.modbus_answer),
    "lcus": _Language(frames.lcus, frames.unknown),
    "serial": _Language(frames.scanner_order, frames.scanner_answer),
    "sdt": _Language(frames.sdt_order, frames.sdt_answer),
}
UNKNOWN = _Language(frames.unknown, frames.unknown)


class Decoder:
    """One direction of a line: chunks in, lines out. Nothing of a private model's bytes is ever in a line."""

    def __init__(self, cut: Cut, *, private: bool) -> None:
        self._cut = cut
        self._private = private
        self._came = b""

    def feed(self, chunk: bytes) -> list[str]:
        """Every frame that is whole now, in words and hex."""
        self._came += chunk
        lines: list[str] = []
        while self._came:
            taken, words = self._cut(self._came)
            if not taken:
                if len(self._came) > LONGEST:
                    lines += self.rest()
                break
            frame, self._came = self._came[:taken], self._came[taken:]
            lines.append(self._line(frame, words))
        return lines

    def rest(self) -> list[str]:
        """What began and was not ended, once the line has been quiet."""
        if not self._came:
            return []
        frame, self._came = self._came, b""
        return [self._line(frame, "begun and not ended")]

    def _line(self, frame: bytes, words: str) -> str:
        shown = f"{len(frame)} bytes" if self._private else hexed(frame)
        return f"{words}  [{shown}]"


def decoder(model: str, *, sent: bool) -> Decoder:
    """The decoder of a model's line in one direction; of one that it does not know it shows the bytes."""
    language = LANGUAGES.get(model, UNKNOWN)
    return Decoder(language.sent if sent else language.came, private=model == PRIVATE)


def hexed(frame: bytes) -> str:
    """Bytes as manuals print them, long ones shortened.

    >>> hexed(bytes([0xFD, 0, 2, 0x21, 0xDE]))
    'FD 00 02 21 DE'
    """
    if len(frame) <= SHOWN:
        return frame.hex(" ").upper()
    half = SHOWN // 2
    return f"{frame[:half].hex(' ')} ... {frame[-half:].hex(' ')}".upper() + f", {len(frame)} bytes"
