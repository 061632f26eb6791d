"""What a laid-out page consists of: panels, words, signs, pictures and key areas in pixels; no colours chosen, no pixel drawn."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

__all__ = [
    "Align",
    "Box",
    "Code",
    "Colour",
    "Drawing",
    "KeyArea",
    "Paint",
    "Panel",
    "Picture",
    "Pulse",
    "Shape",
    "Sign",
    "Tint",
    "Words",
    "colour_of",
]

Colour = tuple[int, int, int]


class Paint(NamedTuple):
    """A colour by its name in a theme, `kiosk` and `card.main`: layouts name paints, a theme's file mixes them."""

    theme: str
    name: str


Tint = Colour | Paint


def colour_of(tint: Tint) -> Colour:
    """The colour of what is painted already. Raises TypeError."""
    if isinstance(tint, Paint):
        raise TypeError(f"nobody has mixed {tint.theme}.{tint.name} yet: paint the drawing first")
    return tint


class Align(StrEnum):
    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


class Shape(StrEnum):
    """Signs that are drawn, not typeset, so that no font can lack them."""

    CHECK = "check"
    CLOCK = "clock"
    STOP = "stop"
    NOTICE = "notice"
    ARROW = "arrow"
    ARROW_DOWN = "arrow_down"
    CHEVRON = "chevron"
    PERSON = "person"
    BACK = "back"
    HOME = "home"
    CHEVRON_BACK = "chevron_back"
    GLOBE = "globe"
    MAGNIFIER = "magnifier"
    MAGNIFIER_LESS = "magnifier_less"
    CHAIR = "chair"
    SPEAKER = "speaker"
    BELL = "bell"
    HOURGLASS = "hourglass"
    DELIGHTED = "delighted"
    PLEASED = "pleased"
    CONTENT = "content"
    DISPLEASED = "displeased"
    UPSET = "upset"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels from the top left corner; `right` and `bottom` are outside it."""

    x: int
    y: int
    w: int
    h: int

    @property
    def right(self) -> int:
        return self.x + self.w

    @property
    def bottom(self) -> int:
        return self.y + self.h

    def inset(self, dx: int, dy: int) -> Box:
        return Box(self.x + dx, self.y + dy, max(0, self.w - 2 * dx), max(0, self.h - 2 * dy))

    def upper(self, height: int) -> Box:
        return Box(self.x, self.y, self.w, max(0, min(height, self.h)))

    def under(self, height: int) -> Box:
        """What remains below the uppermost `height` pixels."""
        height = max(0, min(height, self.h))
        return Box(self.x, self.y + height, self.w, self.h - height)

    def left(self, width: int) -> Box:
        return Box(self.x, self.y, max(0, min(width, self.w)), self.h)

    def beside(self, width: int) -> Box:
        """What remains to the right of the leftmost `width` pixels."""
        width = max(0, min(width, self.w))
        return Box(self.x + width, self.y, self.w - width, self.h)

    def square(self, side: int) -> Box:
        """A square in the middle."""
        side = max(0, min(side, self.w, self.h))
        return Box(self.x + (self.w - side) // 2, self.y + (self.h - side) // 2, side, side)

    def overlaps(self, other: Box) -> bool:
        return (
            self.x < other.right
            and other.x < self.right
            and self.y < other.bottom
            and other.y < self.bottom
        )

    def holds(self, other: Box) -> bool:
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def grid(self, columns: int, rows: int, gap: int) -> tuple[Box, ...]:
        """Equal cells row by row, `gap` pixels apart."""
        width = max(0, (self.w - gap * (columns - 1)) // columns)
        height = max(0, (self.h - gap * (rows - 1)) // rows)
        return tuple(
            Box(self.x + column * (width + gap), self.y + row * (height + gap), width, height)
            for row in range(rows)
            for column in range(columns)
        )


@dataclass(frozen=True, slots=True)
class Panel:
    """A filled area with round corners; `edge` is drawn inside the box."""

    box: Box
    fill: Tint
    radius: int = 0
    edge: Tint | None = None
    edge_width: int = 0


@dataclass(frozen=True, slots=True)
class Words:
    """One line of type. Its box is as wide as the line may be; `whole` is False if text had to be left out."""

    box: Box
    text: str
    size: int
    ink: Tint
    ground: Tint
    align: Align = Align.CENTRE
    strong: bool = False
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Sign:
    box: Box
    shape: Shape
    ink: Tint
    ground: Tint


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG or JPEG file, as large as its box allows, in its middle. One that cannot be read leaves its box empty."""

    box: Box
    file: str


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code in the middle of its box, quiet zone included; its modules are whole pixels."""

    box: Box
    text: str
    ink: Tint
    ground: Tint


@dataclass(frozen=True, slots=True)
class Pulse:
    """For `seconds` from its first sight the panel at `box` moves: its edge turns to `edge` and back, its signs swing by `swing` pixels.

    One that is named as on the page before goes on, and does not begin anew.
    """

    name: str
    box: Box
    edge: Tint
    seconds: float = 6.0
    swing: int = 0


@dataclass(frozen=True, slots=True)
class KeyArea:
    """Where a touch means this key."""

    box: Box
    key: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A whole page, in the order of drawing: ground, panels, then pictures, codes, words and signs, which never overlap."""

    ground: Tint
    panels: tuple[Panel, ...] = ()
    words: tuple[Words, ...] = ()
    signs: tuple[Sign, ...] = ()
    keys: tuple[KeyArea, ...] = ()
    pictures: tuple[Picture, ...] = ()
    codes: tuple[Code, ...] = ()
    pulses: tuple[Pulse, ...] = ()

    def __add__(self, other: Drawing) -> Drawing:
        """Both, `other` over this one, on this one's ground."""
        return Drawing(
            self.ground,
            self.panels + other.panels,
            self.words + other.words,
            self.signs + other.signs,
            self.keys + other.keys,
            self.pictures + other.pictures,
            self.codes + other.codes,
            self.pulses + other.pulses,
        )

    def key_at(self, x: int, y: int) -> str | None:
        """Name the key at a point, if there is one."""
        point = Box(x, y, 1, 1)
        return next((k.key for k in self.keys if k.box.holds(point)), None)
