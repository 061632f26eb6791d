"""A voice in a zone: says one sentence at a time."""

from __future__ import annotations

from typing import Protocol

from firmware.hal import Health

__all__ = ["Voice"]


class Voice(Protocol):
    """Speaks Mandarin. `say` blocks until the sentence has been heard; HardwareFault if it was not."""

    def say(self, text: str) -> None: ...

    def health(self) -> Health: ...

    def close(self) -> None: ...
