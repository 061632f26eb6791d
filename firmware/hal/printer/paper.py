"""A paper that any printer can set: things below one another, centred unless they say else; how each is set is not known here.

Sizes are dots on 80 mm paper at 203 dots per inch: 24 is the smallest type there is, 48 is large.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "Badges",
    "Bitmap",
    "Box",
    "Code",
    "Facts",
    "Gap",
    "Heading",
    "Item",
    "Number",
    "Paper",
    "Rule",
    "Text",
]


@dataclass(frozen=True, slots=True)
class Bitmap:
    """A picture in printer's dots: `rows` holds `height` rows of `(width + 7) // 8` bytes, MSB left, 1 is black."""

    width: int
    height: int
    rows: bytes

    def __post_init__(self) -> None:
        if len(self.rows) != self.height * ((self.width + 7) // 8):
            raise ValueError(f"{len(self.rows)} bytes are no {self.width}x{self.height} bitmap")


@dataclass(frozen=True, slots=True)
class Gap:
    dots: int


@dataclass(frozen=True, slots=True)
class Rule:
    thickness: int = 1


@dataclass(frozen=True, slots=True)
class Text:
    """As many lines as it takes; `weight` is how much bolder than plain."""

    text: str
    size: int
    weight: float = 0.0
    left: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """One line, down to `smallest` where that is enough; else as many lines as it takes."""

    text: str
    size: int
    smallest: int
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Number:
    """As large as the paper allows."""

    text: str


@dataclass(frozen=True, slots=True)
class Badges:
    """Signs beside each other, one white on black, one in a frame; an empty one is left out."""

    filled: str
    framed: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Words, each with its figure."""

    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A box to tick, and what for."""

    text: str
    size: int


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code, none where `payload` is empty, and notes beside or below it."""

    payload: str
    notes: tuple[str, ...]
    size: int


Item = Gap | Rule | Text | Heading | Number | Badges | Facts | Box | Code | Bitmap
Paper = tuple[Item, ...]
