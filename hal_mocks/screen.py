"""A screen for trying and testing: remembers the pages it was told to show, and draws nothing."""

from __future__ import annotations

from collections.abc import Callable

from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.screen import Page

__all__ = ["MockScreen"]


class MockScreen:
    """`shown` holds each page that differed from the one before; `watcher` is told after it changed."""

    def __init__(self, watcher: Callable[[], None] | None = None) -> None:
        self.shown: list[Page] = []
        self.watcher = watcher
        self._unplugged = False
        self._closed = False
        self._post: Callable[[str], None] | None = None

    @property
    def current(self) -> Page | None:
        return self.shown[-1] if self.shown else None

    def show(self, page: Page) -> None:
        if self._closed:
            raise HardwareFault("The mock screen is closed; open another to show a page.")
        if self._unplugged:
            raise HardwareFault(
                "The mock screen is unplugged, so the page was not shown; plug it in again.",
                Trouble.NO_ANSWER,
            )
        if page == self.current:
            return
        self.shown.append(page)
        if self.watcher:
            self.watcher()

    def listen(self, post: Callable[[str], None]) -> None:
        self._post = post

    def health(self) -> Health:
        if self._unplugged:
            return Health(usable=False, troubles=(Trouble.NO_ANSWER,))
        return Health()

    def close(self) -> None:
        self._closed = True

    def touch(self, key: str) -> None:
        """The world side: a finger on this key of the page."""
        if self._post and not self._unplugged:
            self._post(key)

    def unplug(self) -> None:
        """The world side: the panel loses its cable."""
        self._unplugged = True

    def plug_in(self) -> None:
        self._unplugged = False
