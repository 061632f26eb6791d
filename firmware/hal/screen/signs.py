"""How each sign is drawn: discs and strokes, in hundredths of its side; no font has a part in it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from firmware.hal.screen.drawing import Shape

__all__ = ["MARKS", "Disc", "Mark", "Stroke"]


@dataclass(frozen=True, slots=True)
class Disc:
    """`bare` in the colour of the sign's ground, else in its ink."""

    x: float
    y: float
    radius: float
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points, with round ends and corners."""

    width: float
    points: tuple[tuple[float, float], ...]
    bare: bool = False


Mark = Disc | Stroke
Points = tuple[tuple[float, float], ...]


def _bow(at: tuple[float, float], across: float, down: float, least: int, most: int) -> Points:
    """A part of an oval, from one twentieth of a turn to another; it begins at the right and goes down."""
    return tuple(
        (
            at[0] + across * math.cos(turn * math.pi / 10),
            at[1] + down * math.sin(turn * math.pi / 10),
        )
        for turn in range(least, most + 1)
    )


_EYES = (Disc(34, 40, 6), Disc(66, 40, 6))
_HEAD = (Disc(50, 50, 49), Disc(50, 50, 42.5, bare=True))
_LINE = 6.5  # of every face alike, so that none weighs more


def _mouth(corners: float, middle: float) -> Stroke:
    """A mouth from corner to corner, curved like a piece of a parabola; y grows downwards."""
    across = [step / 12 for step in range(13)]
    points = tuple((28 + 44 * x, middle + (corners - middle) * (2 * x - 1) ** 2) for x in across)
    return Stroke(_LINE, points)


MARKS: dict[Shape, tuple[Mark, ...]] = {
    Shape.CHECK: (Disc(50, 50, 49), Stroke(10, ((28, 52), (44, 68), (73, 35)), bare=True)),
    Shape.CLOCK: (Disc(50, 50, 49), Stroke(9, ((50, 22), (50, 52), (69, 64)), bare=True)),
    Shape.STOP: (Disc(50, 50, 49), Stroke(14, ((28, 50), (72, 50)), bare=True)),
    Shape.ARROW: (Stroke(13, ((12, 50), (86, 50))), Stroke(13, ((58, 20), (88, 50), (58, 80)))),
    Shape.ARROW_DOWN: (
        Stroke(13, ((50, 12), (50, 86))),
        Stroke(13, ((20, 58), (50, 88), (80, 58))),
    ),
    Shape.CHEVRON: (Stroke(12, ((36, 18), (68, 50), (36, 82))),),
    Shape.NOTICE: (
        Disc(50, 50, 49),
        Stroke(12, ((50, 25), (50, 54)), bare=True),
        Disc(50, 74, 8, bare=True),
    ),
    Shape.PERSON: (Disc(50, 27, 21), Disc(50, 88, 36)),
    # What keys do.
    Shape.BACK: (Stroke(12, ((88, 50), (14, 50))), Stroke(12, ((44, 18), (12, 50), (44, 82)))),
    Shape.HOME: (
        Stroke(11, ((9, 50), (50, 12), (91, 50))),
        Stroke(20, ((33, 52), (50, 36), (67, 52), (67, 80), (33, 80), (33, 52))),
        Stroke(16, ((50, 94), (50, 68)), bare=True),
    ),
    Shape.CHEVRON_BACK: (Stroke(12, ((64, 18), (32, 50), (64, 82))),),
    Shape.GLOBE: (
        Disc(50, 50, 48),
        Disc(50, 50, 41, bare=True),
        Stroke(6, _bow((50, 50), 20, 44, 0, 20)),
        Stroke(6, ((6, 50), (94, 50))),
        Stroke(6, ((14, 28), (86, 28))),
        Stroke(6, ((14, 72), (86, 72))),
    ),
    Shape.MAGNIFIER: (
        Disc(41, 41, 38),
        Disc(41, 41, 28, bare=True),
        Stroke(14, ((69, 69), (90, 90))),
        Stroke(9, ((26, 41), (56, 41))),
        Stroke(9, ((41, 26), (41, 56))),
    ),
    Shape.MAGNIFIER_LESS: (
        Disc(41, 41, 38),
        Disc(41, 41, 28, bare=True),
        Stroke(14, ((69, 69), (90, 90))),
        Stroke(9, ((26, 41), (56, 41))),
    ),
    Shape.CHAIR: (
        Disc(38, 12, 11),
        Stroke(9, _bow((44, 66), 26, 26, 1, 14)),
        Stroke(12, ((39, 32), (42, 60), (68, 60), (82, 88))),
        Stroke(9, ((41, 42), (64, 42))),
    ),
    Shape.SPEAKER: (
        Stroke(20, ((18, 50), (30, 50))),
        Stroke(10, ((24, 44), (46, 20), (46, 80), (24, 56))),
        Stroke(14, ((38, 40), (38, 60))),
        Stroke(8, _bow((50, 50), 22, 22, -4, 4)),
        Stroke(8, _bow((50, 50), 42, 42, -4, 4)),
    ),
    Shape.BELL: (
        Disc(50, 12, 8),
        Disc(50, 41, 28),
        Stroke(24, ((36, 44), (32, 66), (68, 66), (64, 44))),
        Stroke(10, ((12, 77), (88, 77))),
        Disc(50, 89, 9),
    ),
    Shape.HOURGLASS: (
        Stroke(10, ((20, 9), (80, 9))),
        Stroke(10, ((20, 91), (80, 91))),
        Stroke(8, ((28, 10), (28, 28), (48, 50), (28, 72), (28, 90))),
        Stroke(8, ((72, 10), (72, 28), (52, 50), (72, 72), (72, 90))),
        Stroke(12, ((42, 82), (50, 74), (58, 82), (42, 82))),
        Stroke(6, ((42, 32), (58, 32), (50, 42), (42, 32))),
    ),
    Shape.DELIGHTED: (*_HEAD, *_EYES, _mouth(56, 78), Stroke(_LINE, ((28, 56), (72, 56)))),
    Shape.PLEASED: (*_HEAD, *_EYES, _mouth(59, 75)),
    Shape.CONTENT: (*_HEAD, *_EYES, _mouth(65, 68)),
    Shape.DISPLEASED: (*_HEAD, *_EYES, _mouth(75, 59)),
    Shape.UPSET: (*_HEAD, *_EYES, _mouth(78, 56), Stroke(_LINE, ((28, 78), (72, 78)))),
}
"""In the order of drawing; the next covers the one before."""
