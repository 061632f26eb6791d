"""Which recorded pieces make a sentence, and where it pauses; knows texts alone, no sound and no file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["Clip", "NoPieces", "Pause", "Pauses", "Pieces", "Step"]

COMMAS = frozenset("，、；：,;:")
STOPS = frozenset("。！？.!?")


@dataclass(frozen=True, slots=True)
class Clip:
    """The piece whose text this is."""

    text: str


@dataclass(frozen=True, slots=True)
class Pause:
    ms: int


Step = Clip | Pause


@dataclass(frozen=True, slots=True)
class Pauses:
    """Milliseconds of silence between two pieces that touch, at a comma, at the end of a sentence."""

    between: int = 60
    comma: int = 180
    stop: int = 450


class NoPieces(LookupError):
    """`gap` is the first part of a sentence that no pieces make."""

    def __init__(self, text: str, gap: str) -> None:
        super().__init__(f"no pieces for {gap!r} of {text!r}")
        self.gap = gap


class Pieces:
    """The texts that a voice has recordings of, and the sentences that they make.

    >>> pieces = Pieces(["请A", "零一七号", "到三号窗口", "零"])
    >>> pieces.plan("请A零一七号，到三号窗口")
    (Clip(text='请A'), Pause(ms=60), Clip(text='零一七号'), Pause(ms=180), Clip(text='到三号窗口'))
    """

    def __init__(self, texts: Iterable[str], pauses: Pauses | None = None) -> None:
        self._texts = frozenset(texts)
        self._pauses = pauses or Pauses()
        self._longest = max(map(len, self._texts), default=0)

    def plan(self, text: str) -> tuple[Step, ...]:
        """The fewest pieces that make `text`, with pauses only between two of them. Raises NoPieces."""
        # For each place: how many pieces lead to it, and where the last of them began.
        best: list[tuple[int, int] | None] = [None] * (len(text) + 1)
        best[0] = (0, 0)
        reached = 0
        for start in range(len(text)):
            if (here := best[start]) is None:
                continue
            reached = start
            for end, pieces in self._ways(text, start):
                way = (here[0] + pieces, start)
                # Of equals the one that was found first stays: its last piece is the longest.
                if (known := best[end]) is None or way[0] < known[0]:
                    best[end] = way
        if best[-1] is None:
            raise NoPieces(text, _section(text, reached))
        places = [len(text)]
        while places[-1] and (before := best[places[-1]]) is not None:
            places.append(before[1])
        places.reverse()
        parts = [text[start:end] for start, end in pairwise(places)]
        return tuple(self._steps(parts))

    def _ways(self, text: str, start: int) -> Iterable[tuple[int, int]]:
        """Where the next piece, or the next sign that is not spoken, may end; and how many pieces that takes."""
        if _is_silent(text[start]):
            yield start + 1, 0
        for end in range(start + 1, min(len(text), start + self._longest) + 1):
            if text[start:end] in self._texts and not _within_word(text, start, end):
                yield end, 1

    def _steps(self, parts: list[str]) -> list[Step]:
        steps: list[Step] = []
        silence = 0
        for part in parts:
            if part in self._texts:
                if steps:
                    steps.append(Pause(max(silence, self._pauses.between)))
                steps.append(Clip(part))
                silence = 0
            elif part in STOPS:
                silence = max(silence, self._pauses.stop)
            elif part in COMMAS:
                silence = max(silence, self._pauses.comma)
        return steps


def _is_silent(sign: str) -> bool:
    return sign.isspace() or sign in COMMAS or sign in STOPS


def _within_word(text: str, start: int, end: int) -> bool:
    """Whether one of the cuts goes through a word of Latin letters: "ten" is no piece of "tenth"."""
    return any(
        0 < cut < len(text) and _is_latin(text[cut - 1]) and _is_latin(text[cut])
        for cut in (start, end)
    )


def _is_latin(sign: str) -> bool:
    return sign.isascii() and sign.isalpha()


def _section(text: str, start: int) -> str:
    """From a place to the next sign that is not spoken."""
    while start < len(text) and _is_silent(text[start]):
        start += 1
    end = next((i for i in range(start, len(text)) if _is_silent(text[i])), len(text))
    return text[start:end]
