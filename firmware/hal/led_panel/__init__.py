"""One line of light: the LED bar over a counter, or the small display in front of a clerk."""

from __future__ import annotations

from typing import Protocol

from firmware.hal import Health

__all__ = ["LedPanel"]


class LedPanel(Protocol):
    """Shows one text until the next. Raises HardwareFault when it knows that the text is not shown."""

    def show(self, text: str) -> None: ...

    def health(self) -> Health: ...

    def close(self) -> None: ...
