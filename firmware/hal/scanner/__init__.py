"""A scanner of QR and bar codes: posts the text of each code, and knows nothing of what it means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from firmware.hal import Health

__all__ = ["Scanner"]


class Scanner(Protocol):
    """Posts each code once, printable ASCII, from its own thread. `listen` is called once."""

    def listen(self, post: Callable[[str], None]) -> None: ...

    def health(self) -> Health: ...

    def close(self) -> None: ...
