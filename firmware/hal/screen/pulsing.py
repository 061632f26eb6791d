"""How what is new moves for a moment: a page as it looks some time after its pulses began; knows no clock. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from firmware.hal.screen.drawing import Colour, Drawing, Panel, Pulse, Shape, Sign, Tint, colour_of

__all__ = ["FRAME_SECONDS", "PERIOD_SECONDS", "moved", "still_moving"]

FRAME_SECONDS = 0.125
PERIOD_SECONDS = 1.0
"""There and back. Three flashes a second can bring on a seizure (WCAG 2.2, 2.3.1); this is one, and a soft one."""

_SWINGING = {Shape.ARROW: (1, 0), Shape.ARROW_DOWN: (0, 1)}


def still_moving(pulse: Pulse, age: float) -> bool:
    return 0 <= age < pulse.seconds


def moved(drawing: Drawing, ages: Mapping[str, float]) -> Drawing:
    """The drawing with each pulse as it is at its age, in seconds; one that is over has left no trace."""
    for pulse in drawing.pulses:
        age = ages.get(pulse.name, pulse.seconds)
        if still_moving(pulse, age):
            drawing = _pulsed(drawing, pulse, _swing(age))
    return drawing


def _swing(age: float) -> float:
    """From 0 to 1 and back, softly."""
    return (1 - math.cos(2 * math.pi * age / PERIOD_SECONDS)) / 2


def _pulsed(drawing: Drawing, pulse: Pulse, far: float) -> Drawing:
    def panel(one: Panel) -> Panel:
        if one.box != pulse.box or one.edge is None:
            return one
        return replace(one, edge=_between(one.edge, pulse.edge, far))

    def sign(one: Sign) -> Sign:
        dx, dy = _SWINGING.get(one.shape, (0, 0))
        shift = round(pulse.swing * far)
        if not (shift and (dx or dy) and pulse.box.holds(one.box)):
            return one
        box = replace(one.box, x=one.box.x + dx * shift, y=one.box.y + dy * shift)
        return replace(one, box=box)

    return replace(
        drawing,
        panels=tuple(map(panel, drawing.panels)),
        signs=tuple(map(sign, drawing.signs)),
    )


def _between(one: Tint, other: Tint, far: float) -> Colour:
    red, green, blue = (
        round(a + (b - a) * far) for a, b in zip(colour_of(one), colour_of(other), strict=True)
    )
    return red, green, blue
