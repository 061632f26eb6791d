"""A boot partition that the laptop has mounted as a folder."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

from firmware.cards.partition import CHUNK, Source, Told, chunks

__all__ = ["Mounted"]


class Mounted:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self, folder: str = "") -> frozenset[str]:
        try:
            return frozenset(one.name for one in (self._folder / folder).iterdir())
        except FileNotFoundError:
            if folder and self._folder.exists():
                return frozenset()
            raise

    def read(self, path: str) -> bytes:
        return (self._folder / path).read_bytes()

    def write(self, path: str, source: Source, told: Told) -> None:
        target = self._folder / path
        target.parent.mkdir(exist_ok=True)
        part = target.with_name(target.name + ".part")
        with part.open("wb") as file:
            for chunk in chunks(source):
                file.write(chunk)
                told(len(chunk))
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
        _sync(target.parent)

    def remove(self, path: str) -> None:
        target = self._folder / path
        if target.is_dir():
            target.rmdir()
        else:
            target.unlink()
        _sync(target.parent)

    def sha256(self, path: str, told: Told) -> str:
        found = sha256()
        with (self._folder / path).open("rb") as file:
            # Or it is the laptop's memory that is read back, not the card.
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            while chunk := file.read(CHUNK):
                found.update(chunk)
                told(len(chunk))
        return found.hexdigest()

    def free(self) -> int:
        found = os.statvfs(self._folder)
        return found.f_bavail * found.f_frsize

    def flush(self) -> None:
        _sync(self._folder)


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
