"""A screen shows one page at a time; pages are content, the driver gives them their looks."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal, Protocol

from msgspec import Meta, Struct

from firmware.hal import Health
from firmware.hal.buses.input_places import InputPlace, input_claim, parse_touch
from firmware.hal.claims import Claim
from firmware.hal.screen.pages import (
    Called,
    CounterPage,
    CounterRow,
    HallLabels,
    HallPage,
    KeySign,
    KioskKey,
    KioskPage,
    Label,
    Manner,
    Mood,
    PadKey,
    PadPage,
    Page,
    Person,
    Section,
    ServiceRow,
    Standard,
    Tone,
)

__all__ = [
    "Called",
    "CounterPage",
    "CounterRow",
    "HallLabels",
    "HallPage",
    "KeySign",
    "KioskKey",
    "KioskPage",
    "Label",
    "Manner",
    "Mood",
    "PadKey",
    "PadPage",
    "Page",
    "Person",
    "PygameScreenSettings",
    "Screen",
    "ScreenSettings",
    "Section",
    "ServiceRow",
    "Standard",
    "Tone",
    "TouchSettings",
    "open_screen",
]

Pixels = Annotated[int, Meta(ge=240, le=7680)]
Turn = Literal[0, 90, 180, 270]


class Screen(Protocol):
    """Draws when told to, and only then."""

    def show(self, page: Page) -> None: ...

    def health(self) -> Health: ...

    def close(self) -> None: ...


class TouchSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A touch screen that is an input device of the kernel.

    `width` and `height` are how far its own numbers go from 0, for one that does not tell; `rotate` is how far it is
    turned clockwise against the panel that it lies on.
    """

    port: str
    width: Annotated[int, Meta(ge=2, le=65536)] | None = None
    height: Annotated[int, Meta(ge=2, le=65536)] | None = None
    rotate: Turn = 0

    def __post_init__(self) -> None:
        _ = self.place
        if (self.width is None) != (self.height is None):
            raise ValueError("the touch screen's width and height go together: give both, or none")

    @property
    def place(self) -> InputPlace:
        return parse_touch(self.port)


class PygameScreenSettings(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="model", tag="pygame"
):
    """A panel that SDL can draw on, with or without a desktop.

    `width` and `height` are as people see the page; `rotate` is how far the page is turned clockwise
    on the panel, so a 1920x1080 panel hung upright is 1080x1920 with `rotate = 90` or `270`.
    `diagonal_in` is the picture's diagonal in inches, for keys that no finger misses; 0 is as panels of that many
    pixels mostly are. `fullscreen = false` opens a window on a desktop. `font` is empty for the theme's, `theme` for
    the shipped one; both are files beside hall.toml. Without `touch` it is touched as SDL's mouse.
    """

    width: Pixels = 1080
    height: Pixels = 1920
    fullscreen: bool = True
    rotate: Turn = 0
    font: str = ""
    theme: str = ""
    diagonal_in: Annotated[float, Meta(ge=0, le=200)] = 0
    touch: TouchSettings | None = None

    def claims(self) -> Iterator[Claim]:
        if self.touch:
            claim = input_claim(self.touch.port, self.touch.place)
            yield replace(claim, steps=("touch", *claim.steps))

    @property
    def dp(self) -> float:
        """Pixels that a 160th of an inch has."""
        pixels = math.hypot(self.width, self.height)
        diagonal = (
            self.diagonal_in
            or _DIAGONALS_IN.get((self.width, self.height))
            or pixels / _OTHERWISE_PER_INCH
        )
        return pixels / diagonal / 160


# As kiosks and panels of that many pixels are sold.
_DIAGONALS_IN = {
    (1080, 1920): 32.0,
    (1920, 1080): 21.5,
    (1280, 800): 10.1,
    (800, 1280): 10.1,
    (1024, 600): 7.0,
    (600, 1024): 7.0,
    (800, 480): 7.0,
    (480, 800): 7.0,
}
_OTHERWISE_PER_INCH = 120

ScreenSettings = PygameScreenSettings


def open_screen(settings: ScreenSettings, folder: Path = Path()) -> Screen:
    """Open the screen; `folder` has the files that pages and settings name. HardwareFault if there is no panel at all."""
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    from firmware.hal.screen.pygame_screen import PygameScreen

    return PygameScreen(settings, folder)
