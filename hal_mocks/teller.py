"""What mocks share that tell something by themselves: a listener, a world's side that breaks and repairs them, a memory."""

from __future__ import annotations

from collections.abc import Callable

from firmware.hal import Health, Trouble

__all__ = ["MockTeller"]


class MockTeller:
    """`told` holds all that was posted; before `listen`, after `close` and when broken nobody hears anything."""

    BROKEN = Trouble.BROKEN

    def __init__(self, *, watcher: Callable[[], None] | None = None) -> None:
        self.told: list[str] = []
        self.closed = False
        self._watcher = watcher
        self._post: Callable[[str], None] | None = None
        self._broken = False

    # The Protocol.

    def listen(self, post: Callable[[str], None]) -> None:
        self._post = post

    def health(self) -> Health:
        return Health(usable=False, troubles=(self.BROKEN,)) if self._broken else Health()

    def close(self) -> None:
        self._post = None
        self.closed = True

    # The world's side.

    def break_down(self) -> None:
        self._broken = True

    def repair(self) -> None:
        self._broken = False

    def _tell(self, said: str) -> None:
        if self._post is None or self._broken:
            return
        self.told.append(said)
        self._post(said)
        if self._watcher:
            self._watcher()
