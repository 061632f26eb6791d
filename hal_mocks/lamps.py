"""Lamps for tests and the virtual hall: the real Protocol, and a memory of what was lit."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from firmware.hal.lamps import Light

__all__ = ["MockLamps"]


class MockLamps:
    """`lit` holds each lamp's light, `history` every change of one in order."""

    def __init__(
        self, lamps: Iterable[str] = (), *, watcher: Callable[[], None] | None = None
    ) -> None:
        self.lit: dict[str, Light] = dict.fromkeys(lamps, Light.OFF)
        self.history: list[tuple[str, Light]] = []
        self.closed = False
        self._watcher = watcher

    def light(self, lamp: str, light: Light) -> None:
        if self.closed or self.lit.get(lamp, light) is light:
            return
        self.lit[lamp] = light
        self.history.append((lamp, light))
        if self._watcher:
            self._watcher()

    def close(self) -> None:
        self.lit = dict.fromkeys(self.lit, Light.OFF)
        self.closed = True
