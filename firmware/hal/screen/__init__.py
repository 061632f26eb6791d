"""A screen shows one page at a time; pages are content, the driver gives them their looks."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal, Protocol

from msgspec import Meta, Struct

from firmware.hal import Health

__all__ = [
    "CounterRow",
    "HallPage",
    "KioskKey",
    "KioskPage",
    "Page",
    "PygameScreenSettings",
    "Screen",
    "ScreenSettings",
    "ServiceRow",
    "Tone",
    "open_screen",
]

Pixels = Annotated[int, Meta(ge=240, le=7680)]


class Tone(StrEnum):
    """What a page is about, for colour and sign together; never told by colour alone."""

    CALM = "calm"
    GOOD = "good"
    WAIT = "wait"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class KioskKey:
    """One key of the kiosk as its screen shows it; `key` is the name that a press posts.

    One that is not `enabled` looks so, and posts all the same: the kiosk says why.
    """

    key: str
    label: str
    note: str = ""
    enabled: bool = True
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class KioskPage:
    """A page of the ticket kiosk: a title, one large word (a ticket's number), sentences, and keys."""

    title: str
    large: str = ""
    lines: tuple[str, ...] = ()
    keys: tuple[KioskKey, ...] = ()
    tone: Tone = Tone.CALM
    notice: str = ""


@dataclass(frozen=True, slots=True)
class CounterRow:
    """A counter in the hall display's table. `fresh` marks the newest call, to be shown large."""

    counter: str
    ticket: str
    status: str
    services: str = ""
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class ServiceRow:
    prefix: str
    name: str
    waiting: int


@dataclass(frozen=True, slots=True)
class HallPage:
    """The hall display: the newest call, the table of counters, waiting counts, a notice."""

    title: str
    call: str = ""
    counters: tuple[CounterRow, ...] = ()
    services: tuple[ServiceRow, ...] = ()
    notice: str = ""
    tone: Tone = Tone.CALM


Page = KioskPage | HallPage


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
