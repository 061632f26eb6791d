"""The paints of the screens by name, and how far colours stand apart (WCAG 2.2); a theme's file says what is mixed."""

from __future__ import annotations

from dataclasses import dataclass

from firmware.hal.screen import Tone
from firmware.hal.screen.drawing import Box, Colour, Paint, Picture, Shape, Tint, colour_of

__all__ = [
    "HALL",
    "KIOSK",
    "LARGE",
    "PLAIN",
    "Ink",
    "Logo",
    "Look",
    "Theme",
    "contrast",
    "tone_band",
    "tone_sign",
]


@dataclass(frozen=True, slots=True)
class Ink:
    """Type on its ground: the main ink and a quieter one for what is second."""

    ground: Tint
    main: Tint
    quiet: Tint


@dataclass(frozen=True, slots=True)
class Theme:
    """One kind of page: bare ground, cards on it, and cards that stand out, chosen or out of use."""

    bare: Ink
    card: Ink
    other_card: Ink
    fresh: Ink
    off: Ink
    notice: Ink
    accent: Tint
    edge: Tint


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture file, and how many times as wide as high it is."""

    file: str
    ratio: float


@dataclass(frozen=True, slots=True)
class Look:
    """What of a theme changes places: `smallest` is in pixels, 0 leaves it to the layouts."""

    scale: float = 1.0
    smallest: int = 0
    logo: Logo | None = None

    def in_band(self, band: Box) -> tuple[tuple[Picture, ...], Box]:
        """The logo at the left of a page's band, if there is one, and the rest of the band."""
        if self.logo is None:
            return (), band
        inner = band.inset(0, band.h // 12)
        place = inner.left(min(round(inner.h * self.logo.ratio), band.w // 3))
        return (Picture(place, self.logo.file),), band.beside(place.w + band.h // 3)


PLAIN = Look()


def _paints(theme: str) -> Theme:
    def ink(card: str) -> Ink:
        ground, main, quiet = (Paint(theme, f"{card}.{of}") for of in ("ground", "main", "quiet"))
        return Ink(ground, main, quiet)

    return Theme(
        bare=ink("bare"),
        card=ink("card"),
        other_card=ink("other_card"),
        fresh=ink("fresh"),
        off=ink("off"),
        notice=ink("notice"),
        accent=Paint(theme, "accent"),
        edge=Paint(theme, "edge"),
    )


# Light for reading at arm's length, dark for a bright panel seen across a hall, large for those who see little.
KIOSK, HALL, LARGE = _paints("kiosk"), _paints("hall"), _paints("large")


def tone_band(tone: Tone) -> Ink:
    """Colours of the band that carries the title."""
    main = Paint("tones", f"{tone}.main")
    return Ink(Paint("tones", f"{tone}.ground"), main, main)


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


def contrast(one: Tint, other: Tint) -> float:
    """Give the contrast ratio by WCAG 2.2, from 1 to 21.

    >>> contrast((0, 0, 0), (255, 255, 255))
    21.0
    """
    light, dark = sorted((_luminance(colour_of(one)), _luminance(colour_of(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (part / 255 for part in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
