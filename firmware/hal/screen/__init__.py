"""A screen shows one page at a time; pages are content, the driver gives them their looks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from firmware.hal import Health

__all__ = ["CounterRow", "HallPage", "KioskKey", "KioskPage", "Page", "Screen", "ServiceRow", "Tone"]


class Tone(StrEnum):
    """What a page is about, for colour and sign together; never told by colour alone."""

    CALM = "calm"
    GOOD = "good"
    WAIT = "wait"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class KioskKey:
    """One key of the kiosk as its screen shows it; `key` is the name that a press posts."""

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
