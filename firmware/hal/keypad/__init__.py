"""Keys that people press: a driver posts the name of each key pressed, debounced, from its own thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from firmware.hal import Health

__all__ = ["Keypad"]


class Keypad(Protocol):
    """Named keys. `listen` is called once; `post` only puts the name into an inbox and never blocks."""

    def listen(self, post: Callable[[str], None]) -> None: ...

    def health(self) -> Health: ...

    def close(self) -> None: ...
