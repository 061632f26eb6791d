"""A scanner for tests and the virtual hall: the real Protocol, and a world's side that holds codes before it."""

from __future__ import annotations

from collections.abc import Callable

from firmware.hal import Health, Trouble

__all__ = ["MockScanner"]


class MockScanner:
    """`scanned` holds each code that was posted; when broken or not listened to it sees none."""

    def __init__(self, *, watcher: Callable[[], None] | None = None) -> None:
        self.scanned: list[str] = []
        self.closed = False
        self._watcher = watcher
        self._post: Callable[[str], None] | None = None
        self._broken = False

    # The Protocol.

    def listen(self, post: Callable[[str], None]) -> None:
        self._post = post

    def health(self) -> Health:
        if self._broken:
            return Health(usable=False, troubles=(Trouble.OFFLINE,))
        return Health()

    def close(self) -> None:
        self._post = None
        self.closed = True

    # The world's side.

    def hold(self, code: str) -> None:
        """Hold a code before the scanner and take it away again."""
        if (
            self._post is None
            or self._broken
            or not (code and code.isascii() and code.isprintable())
        ):
            return
        self.scanned.append(code)
        self._post(code)
        if self._watcher:
            self._watcher()

    def break_down(self) -> None:
        self._broken = True

    def repair(self) -> None:
        self._broken = False
