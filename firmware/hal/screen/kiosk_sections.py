"""Longer text on a kiosk's page: headings, and paragraphs below them with a dot each, in one column or two."""

from __future__ import annotations

from dataclasses import dataclass, replace

from firmware.hal.screen import Section
from firmware.hal.screen.drawing import Box, Drawing, Panel
from firmware.hal.screen.kiosk_sheet import Sheet
from firmware.hal.screen.rooms import Room
from firmware.hal.screen.typesetting import Style, line_height, sizes_between

__all__ = ["Sections"]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A heading, or a paragraph; the only one under its heading has no dot, and stands beside it where it fits."""

    text: str
    heading: bool
    dot: bool = False
    beside: str = ""  # a short line that stands in its heading's row


@dataclass(frozen=True, slots=True)
class Sections:
    sheet: Sheet
    sections: tuple[Section, ...]

    def room(self, width: int) -> Room:
        pad, style = 2 * self._pad, self._style(heading=False)
        inner = width - pad
        least, good, most = (
            self._tall(inner, size) + pad
            for size in (style.smallest, min(style.largest, self.sheet.type(22)), style.largest)
        )
        return Room(least, max(least, good), max(good, most))

    def _tall(self, width: int, size: int) -> int:
        """Height at which all of it stands, in the fewer pixels of one column or two."""
        pieces = self._pieces(width, size)
        tall = _stacked(pieces, self._heights(pieces, width, size), size)
        if not self._may_part(width):
            return tall
        pieces = self._pieces(self._column(width), size)
        heights = self._heights(pieces, self._column(width), size)
        return min(tall, min(self._parted(pieces, heights, size)[1], default=tall))

    @property
    def _pad(self) -> int:
        return self.sheet.px(14)

    def _may_part(self, width: int) -> bool:
        return width >= self.sheet.px(520 if not self.sheet.large else 640)

    def _column(self, width: int) -> int:
        return (width - 2 * self._pad) // 2

    def _pieces(self, width: int, size: int) -> tuple[_Piece, ...]:
        pieces = []
        for section in self.sections:
            lines = [line for line in section.lines if line.strip()]
            if section.heading.strip():
                beside = lines.pop() if self._in_a_row(section.heading, lines, width, size) else ""
                pieces.append(_Piece(section.heading, heading=True, beside=beside))
            pieces += [_Piece(line, heading=False, dot=len(lines) > 1) for line in lines]
        return tuple(pieces)

    def _in_a_row(self, heading: str, lines: list[str], width: int, size: int) -> bool:
        measure = self.sheet.typesetter.letters.width
        if len(lines) != 1:
            return False
        taken = measure(heading, size, strong=True) + measure(lines[0], size, strong=False)
        return taken + 2 * size <= width

    def _style(self, *, heading: bool) -> Style:
        return self.sheet.style(
            26, self.sheet.theme.card, rows=12, strong=heading, middle=0.0, quiet=False
        )

    def _indent(self, piece: _Piece, size: int) -> int:
        return size if piece.dot else 0

    def _heights(self, pieces: tuple[_Piece, ...], width: int, size: int) -> tuple[int, ...]:
        return tuple(
            self.sheet.tall(
                (piece.text,),
                width - self._indent(piece, size),
                self._style(heading=piece.heading),
                size,
            )
            for piece in pieces
        )

    def _parted(
        self, pieces: tuple[_Piece, ...], heights: tuple[int, ...], size: int
    ) -> tuple[int, tuple[int, ...]]:
        """Where the second column begins, so that the taller is as low as can be: never after a heading."""
        best, at = None, len(pieces)
        for cut in range(1, len(pieces)):
            if pieces[cut - 1].heading and not pieces[cut - 1].beside:
                continue
            tall = max(
                _stacked(pieces[:cut], heights[:cut], size),
                _stacked(pieces[cut:], heights[cut:], size),
            )
            # Of equals the one that begins with a heading.
            if best is None or tall - size * pieces[cut].heading < best:
                best, at = tall - size * pieces[cut].heading, cut
        talls = (
            _stacked(pieces[:at], heights[:at], size),
            _stacked(pieces[at:], heights[at:], size),
        )
        return at, (max(talls),)

    def drawing(self, box: Box) -> Drawing:
        sheet, card = self.sheet, self.sheet.theme.card
        edge = max(1, sheet.px(1.5))
        panel = Panel(box, card.ground, sheet.px(14), sheet.theme.edge, edge)
        drawing = Drawing(card.ground, (panel,))
        inner = box.inset(self._pad, self._pad)
        size = self._size(inner)
        pieces = self._pieces(inner.w, size)
        if not pieces or inner.h <= 0:
            return drawing
        columns = [(pieces, inner)]
        one = _stacked(pieces, self._heights(pieces, inner.w, size), size)
        if self._may_part(inner.w) and one > min(inner.h, sheet.px(170)):
            width = self._column(inner.w)
            parts = self._pieces(width, size)
            at, talls = self._parted(parts, self._heights(parts, width, size), size)
            if at < len(parts) and (one > inner.h or max(talls) <= inner.h):
                second = inner.beside(width + 2 * self._pad)
                columns = [(parts[:at], inner.left(width)), (parts[at:], second)]
        for some, column in columns:
            drawing += self._set(some, column, size)
        return drawing

    def _size(self, inner: Box) -> int:
        """The largest type at which all of it stands. No halving: a line may leave its heading's row, and be lower then."""
        style = self._style(heading=False)
        sizes = sizes_between(style.largest, style.smallest)
        fitting = (size for size in sizes if self._tall(inner.w, size) <= inner.h)
        return next(fitting, style.smallest)

    def _set(self, pieces: tuple[_Piece, ...], column: Box, size: int) -> Drawing:
        card, accent = self.sheet.theme.card, self.sheet.theme.accent
        drawing, y = Drawing(card.ground), column.y
        heights = self._heights(pieces, column.w, size)
        for piece, height in zip(pieces, heights, strict=True):
            y += _gap(size, piece) if piece is not pieces[0] else 0
            place = Box(
                column.x + self._indent(piece, size),
                y,
                column.w - self._indent(piece, size),
                max(0, min(height, column.bottom - y)),
            )
            style = replace(self._style(heading=piece.heading), largest=size)
            if piece.heading:
                style = replace(style, ink=accent)
            if piece.beside:
                taken = self.sheet.typesetter.letters.width(piece.text, size, strong=True) + size
                line = replace(self._style(heading=False), largest=size)
                drawing += Drawing(
                    card.ground,
                    words=self.sheet.typesetter.set((piece.beside,), place.beside(taken), line),
                )
                place = place.left(taken)
            drawing += Drawing(
                card.ground, words=self.sheet.typesetter.set((piece.text,), place, style)
            )
            if piece.dot and place.h:
                side = max(3, size // 3)
                dot = Box(column.x, y + (line_height(size) - side) // 2, side, side)
                drawing += Drawing(card.ground, (Panel(dot, accent, side // 2),))
            y += height
        return drawing


def _gap(size: int, piece: _Piece) -> int:
    """Room above a piece, unless it begins a column: a heading stands off from what is before it."""
    return size * 3 // 5 if piece.heading else size // 4


def _stacked(pieces: tuple[_Piece, ...], heights: tuple[int, ...], size: int) -> int:
    return sum(heights) + sum(_gap(size, piece) for piece in pieces[1:])
