"""The hall's key of the day for card readers: in one private file of the hub, and gone with its day; who is told it is not decided here."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex

import msgspec

from broker.messages import JUNK, CardKey
from broker.private import check_private, write_private

__all__ = ["CardKeys"]

log = logging.getLogger(__name__)

KEY_BYTES = 32


class CardKeys:
    """One day's key at a time. `fault` is why there is none, a sentence for the technician; empty while there is one.

    What the journal holds of a person can be traced back by nobody once the key is gone: neither this nor anything
    else keeps an old one. On flash memory an overwritten page may outlive its file, out of the reach of programs.
    """

    def __init__(self, path: Path, new: Callable[[], str] = lambda: token_hex(KEY_BYTES)) -> None:
        self._path, self._new = path, new
        self._key: CardKey | None = None
        self.fault = ""

    def of(self, day: str) -> CardKey | None:
        """The key of a day, also after a restart; with a new day a new one, and the old one is gone. None with a fault."""
        if self._key is not None and self._key.day == day:
            return self._key
        self._key = None
        try:
            self._key = self._kept(day) or self._made(day)
        except OSError as fault:
            self.fault = (
                f"the card readers have no key today, so that tickets are not limited by person: {fault};"
                " see that the disk has room and can be written"
            )
            return None
        self.fault = ""
        return self._key

    def forget(self) -> None:
        """Nobody needs one."""
        self._key, self.fault = None, ""
        try:
            self._burn()
        except OSError as fault:
            self.fault = (
                f"an old key for card readers cannot be thrown away: {fault}; delete {self._path}"
            )

    def _burn(self) -> None:
        try:
            with self._path.open("r+b", buffering=0) as file:
                file.write(bytes(self._path.stat().st_size))
                os.fsync(file.fileno())
        except FileNotFoundError:
            return
        self._path.unlink()

    def _kept(self, day: str) -> CardKey | None:
        try:
            check_private(self._path)
            kept = msgspec.json.decode(self._path.read_bytes(), type=CardKey)
        except FileNotFoundError:
            return None
        except PermissionError as fault:
            log.warning("%s; the card readers get a new key now", fault)
            return None
        except JUNK:
            log.warning("%s is no key; the card readers get a new one now", self._path)
            return None
        return kept if kept.day == day else None

    def _made(self, day: str) -> CardKey:
        self._burn()
        made = CardKey(day=day, key=self._new())
        write_private(self._path, msgspec.json.encode(made))
        return made
