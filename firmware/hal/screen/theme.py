"""The colours of the screens and how far they stand apart (WCAG 2.2); never a size, never a place."""

from __future__ import annotations

from dataclasses import dataclass

from firmware.hal.screen import Tone
from firmware.hal.screen.drawing import Colour, Shape

__all__ = ["HALL", "KIOSK", "LARGE", "Ink", "Theme", "contrast", "tone_band", "tone_sign"]

WHITE: Colour = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Ink:
    """Type on its ground: the main ink and a quieter one for what is second."""

    ground: Colour
    main: Colour
    quiet: Colour


@dataclass(frozen=True, slots=True)
class Theme:
    """One kind of page: bare ground, cards on it, and cards that stand out, chosen or out of use."""

    bare: Ink
    card: Ink
    other_card: Ink
    fresh: Ink
    off: Ink
    notice: Ink
    accent: Colour
    edge: Colour


# Light for reading at arm's length, dark for a bright panel seen across a hall.
KIOSK = Theme(
    bare=Ink((241, 245, 248), (15, 36, 55), (56, 75, 92)),
    card=Ink(WHITE, (15, 36, 55), (56, 75, 92)),
    other_card=Ink((230, 239, 246), (15, 36, 55), (50, 68, 84)),
    fresh=Ink((11, 74, 127), WHITE, (226, 238, 248)),
    off=Ink((222, 228, 233), (52, 64, 75), (52, 64, 75)),
    notice=Ink((255, 243, 209), (66, 42, 0), (66, 42, 0)),
    accent=(11, 74, 127),
    edge=(176, 198, 216),
)
# Black on white, for those who see little.
LARGE = Theme(
    bare=Ink(WHITE, (0, 0, 0), (27, 37, 46)),
    card=Ink(WHITE, (0, 0, 0), (27, 37, 46)),
    other_card=Ink((237, 243, 248), (0, 0, 0), (27, 37, 46)),
    fresh=Ink((0, 48, 92), WHITE, WHITE),
    off=Ink((228, 228, 228), (43, 43, 43), (43, 43, 43)),
    notice=Ink((255, 239, 184), (43, 27, 0), (43, 27, 0)),
    accent=(0, 48, 92),
    edge=(0, 48, 92),
)
HALL = Theme(
    bare=Ink((9, 23, 37), WHITE, (200, 214, 227)),
    card=Ink((19, 45, 69), WHITE, (200, 214, 227)),
    other_card=Ink((14, 34, 53), WHITE, (200, 214, 227)),
    fresh=Ink((255, 215, 94), (18, 28, 38), (48, 40, 8)),
    off=Ink((14, 34, 53), (200, 214, 227), (200, 214, 227)),
    notice=Ink((24, 55, 84), WHITE, (222, 232, 241)),
    accent=(255, 215, 94),
    edge=(42, 78, 110),
)


def tone_band(tone: Tone) -> Ink:
    """Colours of the band that carries the title."""
    match tone:
        case Tone.CALM:
            return Ink((11, 74, 127), WHITE, WHITE)
        case Tone.GOOD:
            return Ink((10, 92, 54), WHITE, WHITE)
        case Tone.WAIT:
            return Ink((122, 70, 0), WHITE, WHITE)
        case Tone.STOP:
            return Ink((150, 23, 27), WHITE, WHITE)


def tone_sign(tone: Tone) -> Shape | None:
    """Name the sign that says the same as the band's colour; a calm page needs none."""
    match tone:
        case Tone.CALM:
            return None
        case Tone.GOOD:
            return Shape.CHECK
        case Tone.WAIT:
            return Shape.CLOCK
        case Tone.STOP:
            return Shape.STOP


def contrast(one: Colour, other: Colour) -> float:
    """Give the contrast ratio by WCAG 2.2, from 1 to 21.

    >>> contrast((0, 0, 0), (255, 255, 255))
    21.0
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (part / 255 for part in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
