"""An LED panel for tests and the virtual hall: the real Protocol, a world's side to unplug it, a memory of texts."""

from __future__ import annotations

from collections.abc import Callable

from firmware.hal import HardwareFault, Health, Trouble

__all__ = ["MockLedPanel"]


class MockLedPanel:
    """`shown` holds each text that was shown; the last one stays, even when its line is unplugged."""

    def __init__(self, *, watcher: Callable[[], None] | None = None) -> None:
        self.shown: list[str] = []
        self.closed = False
        self._watcher = watcher
        self._plugged = True

    @property
    def text(self) -> str:
        """What stands there now."""
        return self.shown[-1] if self.shown else ""

    # The Protocol.

    def show(self, text: str) -> None:
        if not self._plugged:
            raise HardwareFault(
                "The mock panel is unplugged. Plug it in on the world's side.", Trouble.OFFLINE
            )
        self.shown.append(text)
        if self._watcher:
            self._watcher()

    def health(self) -> Health:
        if self._plugged:
            return Health()
        return Health(usable=False, troubles=(Trouble.OFFLINE,))

    def close(self) -> None:
        self.closed = True

    # The world's side.

    def unplug(self) -> None:
        self._plugged = False

    def replug(self) -> None:
        self._plugged = True
