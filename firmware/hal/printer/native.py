"""A paper as GB18030 text for a printer with a Chinese ROM: a few hundred bytes, in the printer's own type; pure.

A line with a character that the ROM lacks is drawn, so that no name is printed with a hole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from firmware.hal.printer import raster
from firmware.hal.printer.commands import (
    CHINESE,
    aligned,
    feed,
    qr_code,
    reversed_out,
    sized,
)
from firmware.hal.printer.paper import (
    Badges,
    Bitmap,
    Box,
    Code,
    Facts,
    Gap,
    Heading,
    Item,
    Number,
    Paper,
    Rule,
    Text,
)
from firmware.hal.printer.wrapping import wrapped

__all__ = ["Rom", "Step", "encode"]

_CELL = 24  # dots that a Chinese character is wide and high; others are half as wide
_LINE_ROWS = 34  # what LF moves at least, 1/6 inch
_LEADING = 10  # rows between two lines, which LF leaves below small type alone
_LARGE = 36  # type of that size and more is doubled where it still fits on one line
_NUMBER_TIMES = 6
_SMALLEST_FEED = 8  # rows; less is not worth its bytes

_DOTS_PER_MODULE = 6
_QUIET_MODULES = 4
# How many bytes a QR code of version 1, 2, … holds at level M (ISO/IEC 18004, table 7).
_HOLDS = (14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412)


@dataclass(frozen=True, slots=True)
class Rom:
    """What the printer has of its own: `lacks` are characters it has not though they are two bytes in GB18030."""

    width: int
    lacks: str = ""
    qr_code: bool = True
    chinese_apart: bool = False

    def has(self, text: str) -> bool:
        return all(len(sign.encode("gb18030")) <= 2 and sign not in self.lacks for sign in text)


@dataclass(frozen=True, slots=True)
class Step:
    """Bytes of a ticket that belong together, and how many rows of paper they move; `proves` if something shows on them."""

    content: bytes
    rows: int = 0
    proves: bool = False


def encode(paper: Paper, rom: Rom) -> tuple[Step, ...]:
    """Set the paper below ESC @; each step ends at the start of a line, plain and at the left edge of nothing else.

    Raises ValueError for a picture wider than the paper, or a QR code too fine to scan.
    """
    return tuple(_Setter(rom).set(paper))


@dataclass(slots=True)
class _Setter:
    """Remembers what the printer is set to, so that nothing is said twice."""

    rom: Rom
    times: int = 1
    left: bool = True
    gap: int = 0

    def set(self, paper: Paper) -> Iterator[Step]:
        yield Step(CHINESE)
        for item in paper:
            if isinstance(item, Gap):
                self.gap += item.dots
            elif isinstance(item, Rule):
                self.gap += item.thickness
            else:
                yield from self._item(item)
        yield from self._gap()

    def _item(self, item: Item) -> Iterator[Step]:
        if not isinstance(item, Code):
            yield from self._gap()
        match item:
            case Text(text, size, _, left):
                yield from self._text(text, self._times(text, size), left=left)
            case Heading(text, size):
                yield from self._text(text, self._times(text, size))
            case Number(text):
                wide = _cells(text) * _CELL
                times = max(1, min(_NUMBER_TIMES, int(self.rom.width // (wide or 1))))
                yield from self._text(text, times)
            case Badges(filled, framed):
                yield from self._badges(filled, framed)
            case Facts(facts):
                for word, figure in facts:
                    text = f"{word} {figure}"
                    yield from self._text(text, self._times(text, _LARGE))
            case Box(text):
                yield from self._text(f"□ {text}", 1, left=True)
            case Code(payload, notes):
                yield from self._code(payload)
                for note in notes:
                    yield from self._text(note.replace("\n", " "), 1)
            case Bitmap():
                yield from self._picture(item)
            case Gap() | Rule():
                pass

    def _gap(self) -> Iterator[Step]:
        rows, self.gap = self.gap, 0
        if rows >= _SMALLEST_FEED:
            yield Step(feed(rows), rows)

    def _times(self, text: str, size: int) -> int:
        fits = _cells(text) * _CELL * 2 <= self.rom.width
        return 2 if size >= _LARGE and fits else 1

    def _text(self, text: str, times: int, *, left: bool = False) -> Iterator[Step]:
        for line in wrapped(_plain(text), self.rom.width / (_CELL * times), _cells):
            yield from self._gap()
            if self.rom.has(line):
                said = self._set_to(times, left=left) + line.encode("gb18030")
                yield Step(said + b"\n", max(_LINE_ROWS, _CELL * times), proves=True)
                self.gap += _LEADING if times > 1 else 0
            else:
                yield from self._drawn(Text(line, _CELL * times, left=left))

    def _badges(self, filled: str, framed: str) -> Iterator[Step]:
        signs = (f" {_plain(filled)} " if filled else "", f"【{_plain(framed)}】" if framed else "")
        text = " ".join(filter(None, signs))
        if not self.rom.has(text):
            yield from self._drawn(Badges(filled, framed))
            return
        both = self._times(text, _LARGE) > 1
        for row in [signs] if both else [(sign, "") for sign in signs if sign]:
            said = self._set_to(2 if both else self._times("".join(row), _LARGE), left=False)
            parts = [
                reversed_out(one.encode("gb18030")) if one == signs[0] else one.encode("gb18030")
                for one in row
                if one
            ]
            yield from self._gap()
            yield Step(said + b" ".join(parts) + b"\n", _CELL * self.times, proves=True)
            self.gap += _LEADING

    def _code(self, payload: str) -> Iterator[Step]:
        if not payload:
            yield from self._gap()
            return
        content = payload.encode()
        version = next((n for n, most in enumerate(_HOLDS, 1) if len(content) <= most), 0)
        modules = 17 + 4 * version
        # The printer leaves no white around it: what is fed before and after it is its quiet zone.
        dots = min(_DOTS_PER_MODULE, self.rom.width // (modules + 2 * _QUIET_MODULES))
        if not self.rom.qr_code or not version or dots < 3:
            yield from self._drawn(Code(payload, (), _CELL))
            return
        self.gap = max(self.gap, dots * _QUIET_MODULES)
        yield from self._gap()
        yield Step(
            self._set_to(1, left=False) + qr_code(content, dots), modules * dots, proves=True
        )
        self.gap = dots * _QUIET_MODULES
        yield from self._gap()

    def _drawn(self, item: Item) -> Iterator[Step]:
        # Only a rare name needs type of our own, and the memory it takes.
        from firmware.hal.printer.drawing import draw

        yield from self._gap()
        yield from self._picture(draw((item,), self.rom.width))

    def _picture(self, picture: Bitmap) -> Iterator[Step]:
        if picture.width > self.rom.width:
            raise ValueError(
                f"a picture {picture.width} dots wide does not fit paper of {self.rom.width} dots"
            )
        # Pictures bring their own margins.
        yield Step(self._set_to(1, left=True))
        yield Step(b"".join(raster.encode(picture)), picture.height, proves=True)

    def _set_to(self, times: int, *, left: bool) -> bytes:
        said = b""
        if times != self.times:
            said += sized(times, chinese_apart=self.rom.chinese_apart)
        if left != self.left:
            said += aligned(left=left)
        self.times, self.left = times, left
        return said


def _cells(text: str) -> float:
    return sum(0.5 if sign.isascii() else 1.0 for sign in text)


def _plain(text: str) -> str:
    """Without what a printer would take for a command."""
    return "".join(sign if sign.isprintable() or sign == "\n" else " " for sign in text)
