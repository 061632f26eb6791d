"""Engines that make speech for voice packs: one Protocol, one file per engine; they run on a build machine alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from firmware.studio.levels import Samples

__all__ = ["Engine", "EngineFault"]


class EngineFault(RuntimeError):
    """An engine that is not there, or makes no sound: what to do about it, in a sentence."""


class Engine(Protocol):
    """Makes speech. `maker`, `licence` and `provenance` go into the manifest, so they say whose voice it is."""

    @property
    def rate(self) -> int:
        """Samples a second; every sound has the same."""

    @property
    def maker(self) -> str: ...
    @property
    def licence(self) -> str: ...
    @property
    def provenance(self) -> str: ...

    def speak(self, text: str) -> Samples:
        """Raises EngineFault."""

    def takes(self, text: str) -> Iterator[Samples]:
        """The same text, said otherwise each time, made as it is asked for; none if there is but one way."""
