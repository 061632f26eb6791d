"""How each sign is drawn: discs and strokes, in hundredths of its side; no font has a part in it."""

from __future__ import annotations

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
    Shape.PERSON: (Disc(50, 27, 21), Disc(50, 88, 36)),
}
"""In the order of drawing; the next covers the one before."""
