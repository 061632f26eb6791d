"""A voice for tests and the virtual hall: the real Protocol, a world's side to break it, a memory of sentences."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from firmware.hal import HardwareFault, Health, Trouble

__all__ = ["MockVoice"]

_LOOK_SECONDS = 0.005


class MockVoice:
    """`said` holds each sentence that was heard to its end, `saying` the one that sounds now, `cut_off` those broken off.

    It takes `seconds_per_character`; the chips need about 0.18.
    """

    def __init__(
        self, seconds_per_character: float = 0.0, *, watcher: Callable[[], None] | None = None
    ) -> None:
        self.said: list[str] = []
        self.cut_off: list[str] = []
        self.saying = ""
        self.closed = False
        self.seconds_per_character = seconds_per_character
        self._watcher = watcher
        self._broken = threading.Event()

    # The Protocol.

    def say(self, text: str, cut: threading.Event | None = None) -> None:
        cut = cut or threading.Event()
        if cut.is_set():
            return
        self.saying = text
        self._tell()
        ends = time.monotonic() + len(text) * self.seconds_per_character
        broke = self._broken.is_set()
        while not (broke or cut.is_set()) and (left := ends - time.monotonic()) > 0:
            cut.wait(min(left, _LOOK_SECONDS))
            broke = self._broken.is_set()
        self.saying = ""
        (self.cut_off if broke or cut.is_set() else self.said).append(text)
        self._tell()
        if broke:
            raise HardwareFault(
                "The mock voice broke down. Repair it on the world's side.", Trouble.BROKEN
            )

    def health(self) -> Health:
        if self._broken.is_set():
            return Health(usable=False, troubles=(Trouble.BROKEN,))
        return Health()

    def close(self) -> None:
        self.closed = True

    # The world's side.

    def break_down(self) -> None:
        """At once, even in the middle of a sentence."""
        self._broken.set()

    def repair(self) -> None:
        self._broken.clear()

    def _tell(self) -> None:
        if self._watcher:
            self._watcher()
