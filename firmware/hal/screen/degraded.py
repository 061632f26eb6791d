"""What a screen does without: each told once in the log, all of it in its health, none of it a reason for a blank glass."""

from __future__ import annotations

import logging

from firmware.hal import Trouble

__all__ = ["Degraded"]

_log = logging.getLogger(__name__)


class Degraded:
    def __init__(self) -> None:
        self._told: dict[Trouble, str] = {}

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        return tuple(self._told)

    def without(self, trouble: Trouble, why: str) -> None:
        """It is done without; `why` is a sentence, or several."""
        if self._told.get(trouble) != why:
            _log.warning("%s", why)
        self._told[trouble] = why

    def again(self, trouble: Trouble) -> None:
        """It is there again, or not needed any more."""
        if self._told.pop(trouble, None) is not None:
            _log.info("the screen has no trouble %r any more", trouble.value)
