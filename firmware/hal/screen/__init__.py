"""A screen shows one page at a time; pages are content, the driver gives them their looks."""

from __future__ import annotations

import os
from typing import Annotated, Literal, Protocol

from msgspec import Meta, Struct

from firmware.hal import Health
from firmware.hal.screen.pages import (
    CounterRow,
    HallPage,
    KioskKey,
    KioskPage,
    Manner,
    Page,
    Section,
    ServiceRow,
    Tone,
)

__all__ = [
    "CounterRow",
    "HallPage",
    "KioskKey",
    "KioskPage",
    "Manner",
    "Page",
    "PygameScreenSettings",
    "Screen",
    "ScreenSettings",
    "Section",
    "ServiceRow",
    "Tone",
    "open_screen",
]

Pixels = Annotated[int, Meta(ge=240, le=7680)]


class Screen(Protocol):
    """Draws when told to, and only then."""

    def show(self, page: Page) -> None: ...

    def health(self) -> Health: ...

    def close(self) -> None: ...


class PygameScreenSettings(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="model", tag="pygame"
):
    """A panel that SDL can draw on, with or without a desktop.

    `width` and `height` are as people see the page; `rotate` is how far the page is turned clockwise
    on the panel, so a 1920x1080 panel hung upright is 1080x1920 with `rotate = 90` or `270`.
    `fullscreen = false` opens a window on a desktop. `font` is empty for Noto Sans SC.
    """

    width: Pixels = 1080
    height: Pixels = 1920
    fullscreen: bool = True
    rotate: Literal[0, 90, 180, 270] = 0
    font: str = ""


ScreenSettings = PygameScreenSettings


def open_screen(settings: ScreenSettings) -> Screen:
    """Open the screen; HardwareFault if there is none, or if it is not as the settings say."""
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    from firmware.hal.screen.pygame_screen import PygameScreen

    return PygameScreen(settings)
