"""Feeds the system's watchdog while every thread of a service moves, and leaves word how it is; restarts nothing itself.

A service that stops feeding is ended and started anew by the system: see the units in `firmware/onboard/units`.
"""

from __future__ import annotations

import logging
import math
import os
import time
from collections.abc import Callable, Collection
from importlib.metadata import version
from pathlib import Path

import msgspec

from broker.notify import System
from broker.pulse import Pulse

__all__ = ["HEALTH_FILE", "Vitals", "Watchdog", "watchdog_of_this_service"]

log = logging.getLogger(__name__)

HEALTH_FILE = "health.json"
FEEDS_PER_LIMIT = 4
LOOK_S = 5.0
"""How often it looks where nobody watches, and only the file is wanted."""
AGAIN_S = 1.0


class Vitals(msgspec.Struct, frozen=True, kw_only=True):
    """How a service is: its line to the hub and why it has none, its parts, each usable or not."""

    link: bool = True
    why: str = ""
    parts: dict[str, bool] = {}

    @property
    def sentence(self) -> str:
        """For the person who asks the system.

        >>> Vitals(link=False, why="the hub is silent", parts={"kiosk-1 printer": False}).sentence
        'alone: the hub is silent; not usable: kiosk-1 printer'
        """
        broken = ", ".join(part for part, usable in self.parts.items() if not usable)
        line = "connected" if self.link else f"alone: {self.why}"
        return f"{line}; not usable: {broken}" if broken else line


class _Health(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What stands in health.json; `at` is in seconds since 1970, by the system's clock. Not every installation has releases."""

    ready: bool
    link: str
    why: str
    parts: dict[str, bool]
    at: int
    version: str
    release: str = ""


class Watchdog:
    """`look` when it is `due`: it feeds only if no pulse is late, and nobody is ready before each has begun."""

    def __init__(
        self,
        system: System,
        folder: Path | None = None,
        wall: Callable[[], float] = time.time,
        release: str = "",
    ) -> None:
        """`folder` is where health.json is left, if anywhere; `release` the one that runs, by its folder's name."""
        self._system, self._folder, self._wall, self._release = system, folder, wall, release
        self._period = (system.watchdog_s or LOOK_S * FEEDS_PER_LIMIT) / FEEDS_PER_LIMIT
        self._told = ""
        self.ready = False
        self.due = -math.inf if system.listens or folder else math.inf
        """By the monotonic clock."""

    def look(self, now: float, pulses: Collection[Pulse], vitals: Vitals) -> None:
        if not self.ready and not all(pulse.begun for pulse in pulses):
            self.due = now + AGAIN_S / 4
            return
        late = ", ".join(pulse.name for pulse in pulses if pulse.is_late(now))
        if late:
            self._refuse(now, late)
            return
        self.due = now + self._period
        words = {"WATCHDOG": "1"}
        if not self.ready:
            self.ready, words = True, {"READY": "1", **words}
        if vitals.sentence != self._told:
            self._told = words["STATUS"] = vitals.sentence
        # First the file: who hears that we are ready may look there.
        self._leave_word(vitals)
        self._system.tell(**words)

    def stopping(self) -> None:
        """From here on nobody need move: the system waits for our end."""
        self.due = math.inf
        self._system.tell(STOPPING="1")

    def _refuse(self, now: float, late: str) -> None:
        self.due = now + AGAIN_S
        sentence = f"does not move any more: {late}"
        if sentence != self._told:
            self._told = sentence
            log.error("%s; the watchdog is not fed until it does", sentence)
            self._system.tell(STATUS=sentence)

    def _leave_word(self, vitals: Vitals) -> None:
        if self._folder is None:
            return
        health = _Health(
            ready=self.ready,
            link="up" if vitals.link else "down",
            why=vitals.why,
            parts=vitals.parts,
            at=int(self._wall()),
            version=version("jiaohao"),
            release=self._release,
        )
        part = self._folder / f"{HEALTH_FILE}.part"
        try:
            # In memory, and read by root alone who asks whether it is fresh: whole is enough.
            part.write_bytes(msgspec.json.encode(health))
            part.replace(self._folder / HEALTH_FILE)
        except OSError as fault:
            log.warning("%s cannot be written: %s", self._folder / HEALTH_FILE, fault)


def watchdog_of_this_service(*, leaves_word: bool = True) -> Watchdog:
    """The one that the system gave this process, or one that nobody hears; health.json goes into RUNTIME_DIRECTORY."""
    folder = os.environ.get("RUNTIME_DIRECTORY", "").partition(":")[0]
    return Watchdog(
        System(os.environ),
        Path(folder) if folder and leaves_word else None,
        release=os.environ.get("JIAOHAO_RELEASE", ""),
    )
