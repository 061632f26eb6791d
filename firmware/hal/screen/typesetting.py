"""Fits sentences into boxes: shrinks, breaks and balances lines, Chinese and Latin; never draws."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import accumulate
from typing import Protocol

from firmware.hal.screen.breaks import INSIDE_WORD, costs, pieces
from firmware.hal.screen.drawing import Align, Box, Tint, Words

__all__ = ["Letters", "Style", "Typesetter", "line_height", "sizes_between"]

_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]+")
_STEP = 0.96  # finer steps look no better, and each costs a pass over the text
_RATHER = 0.82  # of a size, down to which a text is set so that no word is on two lines


class Letters(Protocol):
    def width(self, text: str, size: int, *, strong: bool) -> int:
        """Pixels that `text` takes at most, at `size` pixels to the em."""


@lru_cache(maxsize=500)
def sizes_between(largest: int, smallest: int) -> tuple[int, ...]:
    """Sizes to try, the largest first, as far apart as an eye can tell."""
    sizes, size = [], largest
    while size >= smallest:
        sizes.append(size)
        size = min(size - 1, int(size * _STEP))
    return tuple(sizes)


def line_height(size: int) -> int:
    """Height of a line's box: all ink of an em of Han, Latin descenders and accents within, centred."""
    return -(-size * 5 // 4)


@dataclass(frozen=True, slots=True)
class Style:
    """How to set a text: sizes in pixels to the em, at most `rows` lines for each sentence."""

    largest: int
    smallest: int
    ink: Tint
    ground: Tint
    align: Align = Align.CENTRE
    middle: float = 0.5  # where spare height goes: 0 sets at the top, 1 at the bottom
    rows: int = 1
    strong: bool = False
    gap: float = 0.0  # between sentences, in ems


@dataclass(frozen=True, slots=True)
class Typesetter:
    """Sets one page: what it broke once it remembers. What does not fit at `least` pixels to the em is cut, not set smaller; 0 leaves that to the style."""

    letters: Letters
    least: int = 0
    _broken: dict[tuple[str, int, int, bool], tuple[str, ...] | None] = field(
        default_factory=dict, repr=False, compare=False
    )

    def size(self, sentences: tuple[str, ...], box: Box, style: Style) -> int:
        """Give the largest size at which all sentences fit whole below each other, or 0."""
        clean = tuple(map(_clean, sentences))
        sizes = sizes_between(style.largest, style.smallest)
        # Halving: what fits at a size fits at every smaller one.
        low, high = 0, len(sizes)
        while low < high:
            half = (low + high) // 2
            if self._greedy(clean, box, style, sizes[half]) is None:
                low = half + 1
            else:
                high = half
        return sizes[low] if low < len(sizes) else 0

    def rows(self, sentence: str, width: int, size: int, *, strong: bool) -> int:
        """How many lines a sentence takes, 0 if one of its words is wider than a line."""
        return len(self._lines(_clean(sentence), width, size, strong=strong) or ())

    def same_size(self, places: tuple[tuple[str, Box], ...], style: Style) -> Style:
        """Give the style at which each text fits its own box, so that neighbours look alike."""
        sizes = [self.size((text,), box, style) for text, box in places if text]
        size = min(sizes, default=style.largest) or style.smallest
        return replace(style, largest=size)

    def set(self, sentences: tuple[str, ...], box: Box, style: Style) -> tuple[Words, ...]:
        """Set sentences below each other. What cannot be read whole even at half the smallest size is cut."""
        clean = tuple(filter(None, map(_clean, sentences)))
        floor = min(style.largest, max(8, style.smallest // 2, self.least))
        if not clean or box.w <= 0 or box.h < line_height(floor):
            return ()
        size = self.size(clean, box, replace(style, smallest=floor))
        blocks = self._greedy(clean, box, style, size) if size else None
        if blocks is None:
            cut = self._cut(clean, box, style, floor)
            return self._place(cut, box, replace(style, largest=floor), whole=False)
        balanced, torn = self._balanced(clean, blocks, box.w, size, strong=style.strong)
        # A little smaller rather than with a word on two lines.
        for smaller in sizes_between(size, max(floor, int(size * _RATHER)))[1:] if torn else ():
            fewer = self._greedy(clean, box, style, smaller)
            if fewer is None:
                break
            again, still = self._balanced(clean, fewer, box.w, smaller, strong=style.strong)
            if not still:
                balanced, size = again, smaller
                break
        return self._place(balanced, box, replace(style, largest=size), whole=True)

    def _balanced(
        self,
        sentences: tuple[str, ...],
        blocks: tuple[tuple[str, ...], ...],
        width: int,
        size: int,
        *,
        strong: bool,
    ) -> tuple[tuple[tuple[str, ...], ...], bool]:
        """As many lines of like length as each sentence takes, and whether one of them ends inside a word."""
        told = [
            self._even(sentence, len(lines), width, size, strong=strong)
            if len(lines) > 1
            else (0.0, lines)
            for sentence, lines in zip(sentences, blocks, strict=True)
        ]
        return tuple(lines for _, lines in told), any(cost >= INSIDE_WORD for cost, _ in told)

    def _greedy(
        self, sentences: tuple[str, ...], box: Box, style: Style, size: int
    ) -> tuple[tuple[str, ...], ...] | None:
        """Lines of each sentence, or None if they do not fit the box."""
        room = box.h - int(style.gap * size) * (len(sentences) - 1)
        blocks = []
        for sentence in sentences:
            lines = self._lines(sentence, box.w, size, strong=style.strong)
            if lines is None or len(lines) > style.rows:
                return None
            room -= len(lines) * line_height(size)
            if room < 0:
                return None
            blocks.append(lines)
        return tuple(blocks)

    def _lines(
        self, sentence: str, width: int, size: int, *, strong: bool
    ) -> tuple[str, ...] | None:
        """Break greedily; None if one piece is wider than the line."""
        key = (sentence, width, size, strong)
        if key not in self._broken:
            self._broken[key] = self._broken_anew(sentence, width, size, strong=strong)
        return self._broken[key]

    def _broken_anew(
        self, sentence: str, width: int, size: int, *, strong: bool
    ) -> tuple[str, ...] | None:
        if self.letters.width(sentence, size, strong=strong) <= width:
            return (sentence,)
        parts = pieces(sentence)
        lines: list[str] = []
        start = 0
        while start < len(parts):
            # Halving: each measuring costs, and a line has many pieces.
            end, beyond = start, len(parts) + 1
            while beyond - end > 1:
                half = (end + beyond) // 2
                line = "".join(parts[start:half]).strip()
                if self.letters.width(line, size, strong=strong) <= width:
                    end = half
                else:
                    beyond = half
            if end == start:
                return None
            lines.append("".join(parts[start:end]).strip())
            start = end
        return tuple(filter(None, lines))

    def _even(
        self, sentence: str, count: int, width: int, size: int, *, strong: bool
    ) -> tuple[float, tuple[str, ...]]:
        """Break into `count` lines of like length, after a comma rather than inside a clause, hardly ever inside a word."""
        parts, breaks = pieces(sentence), costs(sentence)
        ideal = self.letters.width(sentence, size, strong=strong) / count
        # By how much pieces alone may measure wider than the lines they make: rounding, and blanks at breaks.
        slack = len(parts) * (3 + size // 40) + count * size
        ends = list(accumulate(self.letters.width(piece, size, strong=strong) for piece in parts))
        # best[n]: cost and lines of the first n pieces, for the number of lines reached so far
        best: dict[int, tuple[float, tuple[str, ...]]] = {0: (0.0, ())}
        for left in reversed(range(count)):
            longer: dict[int, tuple[float, tuple[str, ...]]] = {}
            for start, (cost, lines) in best.items():
                line = ""
                for end in range(start + 1, len(parts) + 1):
                    line += parts[end - 1]
                    if ends[-1] - ends[end - 1] > left * width + slack:
                        continue  # the rest has no room
                    taken = self.letters.width(line.strip(), size, strong=strong)
                    if taken > width:
                        break
                    total = cost + (taken / ideal - 1) ** 2
                    if end < len(parts):
                        total += breaks[end]
                    # Of equals the later start: the upper line is the longer one.
                    if end not in longer or total < longer[end][0] + 0.001:
                        longer[end] = (total, (*lines, line.strip()))
            best = longer
        cost, lines = best[len(parts)]
        return cost, tuple(filter(None, lines))

    def _cut(
        self, sentences: tuple[str, ...], box: Box, style: Style, size: int
    ) -> tuple[tuple[str, ...], ...]:
        """One line for each sentence that has room, each with an ellipsis where it was cut."""
        step = line_height(size) + int(style.gap * size)
        room = max(1, (box.h + int(style.gap * size)) // step)
        blocks = []
        for sentence in sentences[:room]:
            text = sentence
            while text and self.letters.width(text + "…", size, strong=style.strong) > box.w:
                text = text[:-1]
            blocks.append((text + "…",))
        return tuple(blocks)

    def _place(
        self, blocks: tuple[tuple[str, ...], ...], box: Box, style: Style, *, whole: bool
    ) -> tuple[Words, ...]:
        size, height = style.largest, line_height(style.largest)
        gap = int(style.gap * size)
        total = sum(map(len, blocks)) * height + gap * (len(blocks) - 1)
        y = box.y + max(0, int((box.h - total) * style.middle))
        words = []
        for lines in blocks:
            for line in lines:
                width = min(box.w, self.letters.width(line, size, strong=style.strong))
                x = {
                    Align.LEFT: box.x,
                    Align.CENTRE: box.x + (box.w - width) // 2,
                    Align.RIGHT: box.right - width,
                }[style.align]
                place = Box(x, y, width, height)
                words.append(
                    Words(
                        place, line, size, style.ink, style.ground, style.align, style.strong, whole
                    )
                )
                y += height
            y += gap
        return tuple(words)


def _clean(text: str) -> str:
    return _UNPRINTABLE.sub(" ", text).strip()
