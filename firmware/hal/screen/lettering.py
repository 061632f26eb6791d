"""Lines of two sizes on one baseline: Chinese with small English after it, a number with small words around it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from firmware.hal.screen.drawing import Align, Box, Words
from firmware.hal.screen.pages import Label
from firmware.hal.screen.typesetting import Style, Typesetter, line_height

__all__ = ["Lettering", "Run", "digits"]

_FIGURE = re.compile(r"\d+|\D+")
_AROUND = 0.46  # words around a number, to the number
_ENGLISH = 0.7  # English after Chinese


def digits(text: str) -> str:
    """The number in a text, or the text if it has none.

    >>> digits("112号窗口"), digits("VIP")
    ('112', 'VIP')
    """
    found = re.search(r"\d+", text)
    return found[0] if found else text


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line, at a size of its own."""

    text: str
    size: int
    quiet: bool = False
    strong: bool = True


@dataclass(frozen=True, slots=True)
class Lettering:
    typesetter: Typesetter

    def figure(self, text: str, size: int) -> tuple[Run, ...]:
        """A text whose numbers stand out: "112号窗口"."""
        pieces: list[str] = _FIGURE.findall(text)
        if not any(piece[0].isdecimal() for piece in pieces):
            return (Run(text, max(8, round(size * _AROUND))),)
        small = max(8, round(size * _AROUND))
        return tuple(Run(piece, size if piece[0].isdecimal() else small) for piece in pieces)

    def label(self, label: Label, size: int, *, strong: bool = True) -> tuple[Run, ...]:
        """Chinese, then English, smaller and quiet."""
        english = Run(label.english, max(8, round(size * _ENGLISH)), quiet=True, strong=False)
        return tuple(run for run in (Run(label.text, size, strong=strong), english) if run.text)

    def width(self, runs: tuple[Run, ...]) -> int:
        width = self.typesetter.letters.width
        widths = [width(run.text, run.size, strong=run.strong) for run in runs]
        return sum(widths) + sum(self._gap(run) for run in runs[1:])

    def fit(self, runs: tuple[Run, ...], width: int) -> tuple[Run, ...]:
        """What of a line is left where all of it would be too wide: its first piece, if that fits."""
        while runs and self.width(runs) > width:
            runs = runs[:-1]
        return runs

    def set(
        self, runs: tuple[Run, ...], box: Box, style: Style, quiet: Style | None = None
    ) -> tuple[Words, ...]:
        """Set a line in the middle of the box's height; what is too wide is set smaller, then cut openly."""
        runs = tuple(run for run in runs if run.text)
        wide = self.width(runs)
        if wide > box.w and wide:
            shrunk = box.w / wide
            runs = tuple(replace(run, size=max(8, int(run.size * shrunk) - 1)) for run in runs)
            wide = min(self.width(runs), box.w)
        largest = max((run.size for run in runs), default=0)
        x = {
            Align.LEFT: box.x,
            Align.CENTRE: box.x + (box.w - wide) // 2,
            Align.RIGHT: box.right - wide,
        }[style.align]
        top = box.y + max(0, int((box.h - line_height(largest)) * style.middle))
        words: tuple[Words, ...] = ()
        for number, run in enumerate(runs):
            x += self._gap(run) if number else 0
            ink = quiet.ink if quiet and run.quiet else style.ink
            own = replace(
                style,
                largest=run.size,
                smallest=run.size,
                ink=ink,
                strong=run.strong,
                align=Align.LEFT,
                middle=0.0,
            )
            width = self.typesetter.letters.width(run.text, run.size, strong=run.strong)
            # On one baseline, which lies an em below the top of each line.
            place = Box(
                x, top + largest - run.size, min(width, box.right - x), line_height(run.size)
            )
            words += self.typesetter.set((run.text,), place, own)
            x += width
        return words

    def _gap(self, run: Run) -> int:
        """Air before a piece: a language needs it, a number's own words less."""
        return round(run.size * (0.5 if run.quiet else 0.16))
