"""What a hub's backup holds, and under which names: settings, PINs, authority, the desk's papers, the journal's copy."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from broker.desk.packing import settings_files
from broker.journal import Journal, JournalFault
from broker.staff import PINS

__all__ = [
    "DESK",
    "HALL",
    "JOURNAL",
    "KEPT",
    "SETTINGS",
    "copy_journal",
    "head_of",
    "mended",
    "named_files",
    "small",
    "verified",
]

JOURNAL = "journal.db"
SETTINGS = "settings"
HALL = f"{SETTINGS}/hall.toml"
DESK = "desk"
KEPT = (PINS, "ca", DESK)
"""Of the hub's folder. Not the day's key for card readers: it has to be gone with its day."""
# Bundles come again from whoever built them; reports are made anew each minute.
LEFT_OUT = ("releases", "reports", "doctor")


def small(hall_toml: Path, data: Path) -> dict[str, bytes]:
    """Everything but the journal, by its path in the backup. Raises OSError."""
    found = {HALL: hall_toml.read_bytes()}
    for name, path in named_files(hall_toml).items():
        found[f"{SETTINGS}/{name}"] = path.read_bytes()
    for path in _kept(data):
        found[path.relative_to(data).as_posix()] = path.read_bytes()
    return found


def _kept(data: Path) -> Iterator[Path]:
    for name in KEPT:
        path = data / name
        if path.is_file():
            yield path
        for one in sorted(path.rglob("*")) if path.is_dir() else ():
            inside = one.relative_to(path).parts
            if one.is_file() and one.suffix != ".part" and inside[0] not in LEFT_OUT:
                yield one


def named_files(hall_toml: Path) -> dict[str, Path]:
    """The files beside hall.toml that it names: catalogue, photos, themes, voices; each by its path from there. Raises OSError."""
    try:
        found = settings_files(hall_toml)
    except ValueError:
        return {}  # it is kept as it is, for whoever mends it
    return {name: path for name, path in found.items() if name != "hall.toml"}


def copy_journal(data: Path, to: Path) -> tuple[int, int, bytes]:
    """Copy the journal as it is at one moment, while its coordinator may write: rows, time of the last, seal.

    The copy's chain is verified. Raises OSError with a sentence.
    """
    path = data / JOURNAL
    if not path.is_file():
        raise OSError(f"{path}: there is no journal to keep; name its folder with --data")
    to.unlink(missing_ok=True)
    os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with (
            closing(sqlite3.connect(f"file:{quote(str(path))}?mode=rw", uri=True)) as source,
            closing(sqlite3.connect(to)) as copy,
        ):
            # All at once: in parts it would begin anew at each of the coordinator's commits.
            source.backup(copy)
            # One file, without a log beside it.
            copy.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as fault:
        raise OSError(f"{path} cannot be copied: {fault}") from fault
    return verified(to)


def verified(path: Path) -> tuple[int, int, bytes]:
    """A journal's rows, time of the last, seal; OSError with a sentence if its chain is not whole."""
    try:
        with closing(Journal(path)) as journal:
            if wrong := journal.verify():
                raise JournalFault(wrong)
            return journal.seq, journal.last_at, journal.head
    except sqlite3.Error as fault:
        raise JournalFault(f"{path}: {fault}") from fault


def mended(path: Path) -> tuple[int, int, bytes]:
    """As `verified`, of a copy whose indexes are made anew: what a dying card spoilt there no chain would show."""
    try:
        with closing(sqlite3.connect(path)) as db:
            db.execute("REINDEX")
            (state,) = db.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.Error as fault:
        raise JournalFault(f"{path}: {fault}") from fault
    if state != "ok":
        raise JournalFault(f"{path}: {state}")
    return verified(path)


def head_of(data: Path) -> bytes:
    """The seal of the journal as it is now; empty where there is none. Raises OSError."""
    path = data / JOURNAL
    if not path.is_file():
        return b""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=rw", uri=True)) as db:
            (head,) = db.execute("SELECT hash FROM event ORDER BY seq DESC LIMIT 1").fetchone() or (
                b"",
            )
            return bytes(head)
    except (sqlite3.Error, TypeError) as fault:
        raise OSError(f"{path} cannot be read: {fault}") from fault
