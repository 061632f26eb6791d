"""The boot partition of a card: what can be asked of it and done to it, wherever it lies; never what stands on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

__all__ = ["CardFault", "Partition", "Source", "Told", "chunks", "nobody", "size"]

CHUNK = 1 << 20

Source = bytes | Path
"""What is written: a text, or a file too large for the memory."""

Told = Callable[[int], None]
"""Is told of every piece that is written or read, in bytes."""


class CardFault(ValueError):
    """A card is not written, or not whole: a sentence for the technician; no board takes it for one of the hall's."""


class Partition(Protocol):
    """Paths are relative, with `/`. What fails raises OSError; a path that is not there FileNotFoundError."""

    def names(self, folder: str = "") -> frozenset[str]:
        """What lies directly in a folder; nothing, if there is none."""
        ...

    def read(self, path: str) -> bytes: ...

    def write(self, path: str, source: Source, told: Told) -> None:
        """Put a file there under its name once all of it is there; its folder is made, an older one replaced."""
        ...

    def remove(self, path: str) -> None: ...

    def sha256(self, path: str, told: Told) -> str:
        """The hash of what the card gives back, not of what the system still remembers."""
        ...

    def free(self) -> int:
        """Bytes that still fit."""
        ...

    def flush(self) -> None:
        """Return once all that was written is on the card."""
        ...


def nobody(_bytes: int) -> None:
    """Told by those who do not want to know."""


def chunks(source: Source) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield source
        return
    with source.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def size(source: Source) -> int:
    return len(source) if isinstance(source, bytes) else source.stat().st_size
