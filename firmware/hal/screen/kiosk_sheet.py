"""What every part of a kiosk's page is measured and painted with: units, fingers, type, paints; no part itself."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from firmware.hal.screen import Manner
from firmware.hal.screen.drawing import Align, Box, Drawing, Tint, Words
from firmware.hal.screen.legible import ELDERS_TYPE_DP, FINGER_DP, TYPE_DP
from firmware.hal.screen.theme import KIOSK, LARGE, PLAIN, Ink, Look, Theme
from firmware.hal.screen.typesetting import Style, Typesetter, line_height

__all__ = ["Sheet", "block_height", "lowered"]

_LARGER = 1.3  # type for those who see badly, beside the usual


@dataclass(frozen=True, slots=True)
class Sheet:
    """A screen of `width` by `height` pixels, `dp` of them in a 160th of an inch."""

    width: int
    height: int
    dp: float
    manner: Manner
    typesetter: Typesetter
    look: Look = PLAIN

    def px(self, units: float) -> int:
        """Pixels for `units` of a 480th of the shorter side."""
        return max(1, round(units * min(self.width, self.height) / 480))

    def type(self, units: float) -> int:
        """Pixels to the em of type that is `units` large to most people, and larger to those who see badly."""
        units *= _LARGER if self.large else 1.0
        return max(self.smallest, round(self.px(100) * units * self.look.scale / 100))

    @property
    def smallest(self) -> int:
        """Pixels to the em of the smallest type that the page's text has."""
        return max(self.px(18 if self.large else 15), self.least, self.look.smallest)

    @property
    def least(self) -> int:
        """Pixels to the em below which nobody reads, however large the screen."""
        return math.ceil((ELDERS_TYPE_DP if self.large else TYPE_DP) * self.dp)

    @property
    def finger(self) -> int:
        """Side of the smallest key."""
        return max(self.px(48), math.ceil(FINGER_DP * self.dp))

    @property
    def upright(self) -> bool:
        return self.height > self.width

    @property
    def large(self) -> bool:
        return self.manner is Manner.LARGE

    @property
    def theme(self) -> Theme:
        return LARGE if self.large else KIOSK

    @property
    def bare(self) -> Drawing:
        """Nothing yet, on the page's ground."""
        return Drawing(self.theme.bare.ground)

    def style(
        self,
        largest: float,
        ink: Ink,
        *,
        smallest: float = 0,
        quiet: bool = False,
        align: Align = Align.LEFT,
        middle: float = 0.5,
        rows: int = 1,
        strong: bool = False,
        gap: float = 0.0,
    ) -> Style:
        """Type between two sizes in units; 0 is the smallest that there is."""
        low = self.type(smallest) if smallest else self.smallest
        main: Tint = ink.quiet if quiet else ink.main
        return Style(
            max(low, self.type(largest)), low, main, ink.ground, align, middle, rows, strong, gap
        )

    def fits(self, texts: tuple[str, ...], box: Box, style: Style) -> int:
        """The largest size at which all fit whole, or 0."""
        return self.typesetter.size(texts, box, style)

    def tall(self, texts: tuple[str, ...], width: int, style: Style, size: int) -> int:
        """Height that sentences take at a size; that of the style's rows if they take more of them."""
        lines = 0
        for text in texts:
            count = self.typesetter.rows(text, width, size, strong=style.strong)
            lines += count if count and count <= style.rows else style.rows
        return lines * line_height(size) + int(style.gap * size) * max(0, len(texts) - 1)


def block_height(words: tuple[Words, ...]) -> int:
    return words[-1].box.bottom - words[0].box.y if words else 0


def lowered(words: tuple[Words, ...], pixels: int) -> tuple[Words, ...]:
    return tuple(
        replace(one, box=Box(one.box.x, one.box.y + pixels, one.box.w, one.box.h)) for one in words
    )
