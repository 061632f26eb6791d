"""Keys for tests and the virtual hall: the real Protocol, and a world's side that presses."""

from __future__ import annotations

from collections.abc import Callable

from firmware.hal import Health, Trouble

__all__ = ["MockKeypad"]


class MockKeypad:
    """`pressed` holds each press that was posted; before `listen`, after `close` and when broken nobody hears one."""

    def __init__(self, *, watcher: Callable[[], None] | None = None) -> None:
        self.pressed: list[str] = []
        self.closed = False
        self._watcher = watcher
        self._post: Callable[[str], None] | None = None
        self._broken = False

    # The Protocol.

    def listen(self, post: Callable[[str], None]) -> None:
        self._post = post

    def health(self) -> Health:
        if self._broken:
            return Health(usable=False, troubles=(Trouble.BROKEN,))
        return Health()

    def close(self) -> None:
        self._post = None
        self.closed = True

    # The world's side.

    def press(self, key: str) -> None:
        if self._post is None or self._broken:
            return
        self.pressed.append(key)
        self._post(key)
        if self._watcher:
            self._watcher()

    def break_down(self) -> None:
        self._broken = True

    def repair(self) -> None:
        self._broken = False
