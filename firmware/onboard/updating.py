"""One pass of the updater: confirms what runs well, goes back from what does not, then takes what the hub wants run.

A timer starts it twice a minute; nothing of it stays in memory between.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

__all__ = ["Desk", "Report", "WantedRelease"]


@dataclass(frozen=True, slots=True)
class WantedRelease:
    """What the hub's desk wants this board to run: `name` is the release's folder, `file` the bundle's name there."""

    name: str
    file: str
    sha256: str
    size: int
    counter: int
    version: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a board tells the desk of its release; `state` is one of the words in `STATES`."""

    release: str
    version: str
    counter: int
    state: str
    sentence: str


class Desk(Protocol):
    """The hub's desk. Each raises OSError where the hub cannot be reached, or refuses, with a sentence."""

    def wanted(self) -> WantedRelease | None: ...

    def fetch(self, wanted: WantedRelease, to: Path) -> None:
        """Download the bundle; what of it is in `to` already is not asked for again."""

    def report(self, report: Report) -> None: ...
