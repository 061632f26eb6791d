"""The hall's keys for card readers, one for each day: in private files of the hub, each gone with its day; who is told is not decided here."""

from __future__ import annotations

import hmac
import logging
import os
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex

import msgspec

from broker.lock import hold
from broker.messages import JUNK, CardKey
from broker.private import check_private, write_private

__all__ = ["KEY_FILE", "CardKeys", "key_ahead", "person_of"]

log = logging.getLogger(__name__)

KEY_BYTES = 32
KEY_FILE = "card.key"


def person_of(key: CardKey, number: str) -> str:
    """Whom an identity number belongs to, as the hall's card readers tell it on the key's day: HMAC-SHA256, in hex."""
    return hmac.digest(bytes.fromhex(key.key), number.encode(), "sha256").hex()


def key_ahead(
    folder: Path, day: str, new: Callable[[], str] = lambda: token_hex(KEY_BYTES)
) -> CardKey:
    """The key that `day`, today or one to come, has or will have: for what is booked with a card. Raises OSError."""
    with hold(folder / "card.lock", "the keys for card readers"):
        for path in (folder / KEY_FILE, _ahead(folder, day)):
            kept = _read(path)
            if kept is not None and kept.day == day:
                return kept
        made = CardKey(day=day, key=new())
        write_private(_ahead(folder, day), msgspec.json.encode(made))
        return made


def _ahead(folder: Path, day: str) -> Path:
    return folder / f"card-{day}.key"


def _read(path: Path) -> CardKey | None:
    """None for one that is not there, or that others may have read. Raises OSError."""
    try:
        check_private(path)
        return msgspec.json.decode(path.read_bytes(), type=CardKey)
    except FileNotFoundError:
        return None
    except PermissionError as fault:
        log.warning("%s; the card readers get a new key now", fault)
        return None
    except JUNK:
        log.warning("%s is no key; the card readers get a new one now", path)
        return None


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
            self._key = self._kept(day) or self._taken_up(day) or self._made(day)
            self._burn_earlier(day)
        except OSError as fault:
            self.fault = (
                f"the card readers have no key today, so that tickets are not limited by person, nor appointments found by card: {fault};"
                " see that the disk has room and can be written"
            )
            return None
        self.fault = ""
        return self._key

    def forget(self) -> None:
        """Nobody needs one."""
        self._key, self.fault = None, ""
        try:
            self._burn(self._path)
            self._burn_earlier("9999")
        except OSError as fault:
            self.fault = (
                f"an old key for card readers cannot be thrown away: {fault}; delete {self._path}"
            )

    @staticmethod
    def _burn(path: Path) -> None:
        try:
            with path.open("r+b", buffering=0) as file:
                file.write(bytes(path.stat().st_size))
                os.fsync(file.fileno())
        except FileNotFoundError:
            return
        path.unlink()

    def _burn_earlier(self, day: str) -> None:
        """Those that were made ahead for days that are over, and for one that got another in its place."""
        for path in self._path.parent.glob("card-*.key"):
            if path.name <= _ahead(path.parent, day).name:
                self._burn(path)

    def _kept(self, day: str) -> CardKey | None:
        kept = _read(self._path)
        return kept if kept and kept.day == day else None

    def _taken_up(self, day: str) -> CardKey | None:
        """One that was made ahead for this day."""
        path = _ahead(self._path.parent, day)
        made = _read(path)
        if made is None or made.day != day:
            return None
        self._burn(self._path)
        path.replace(self._path)
        return made

    def _made(self, day: str) -> CardKey:
        self._burn(self._path)
        made = CardKey(day=day, key=self._new())
        write_private(self._path, msgspec.json.encode(made))
        return made
