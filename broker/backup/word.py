"""What is known of the hub's backups, as a file for the coordinator, and in sentences for the technician."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from broker.private import write_private
from broker.settings import Backup

__all__ = ["MINUTE_MS", "WORD", "Word", "leave_word", "read_word", "sentences"]

WORD = "backup.json"
MINUTE_MS = 60_000
# A box that is switched off overnight, or a stick that is changed, is no trouble yet.
LATE_MS = 26 * 60 * MINUTE_MS


class Word(Struct, frozen=True, kw_only=True):
    """`good_at` is when the last good one was made, 0 if never, `state` of what; `fault` is why the last try failed."""

    tried_at: int
    good_at: int = 0
    where: str = ""
    state: str = ""
    fault: str = ""


def leave_word(folder: Path, word: Word) -> None:
    """Raises OSError."""
    write_private(folder / WORD, msgspec.json.encode(word))


def read_word(folder: Path) -> Word | None:
    """None where no backup was ever tried."""
    try:
        return msgspec.json.decode((folder / WORD).read_bytes(), type=Word)
    except (OSError, msgspec.DecodeError):
        return None


def sentences(word: Word | None, settings: Backup, now: int, zone: str) -> tuple[str, ...]:
    """What the technician should know; nothing where no backup is wanted, or all is well.

    >>> sentences(Word(tried_at=9, fault="there is no stick"), Backup(to="stick"), 10, "Asia/Shanghai")
    ('the hub was not backed up: there is no stick. There is no good backup',)
    """
    if word is None:
        never = "the hub has never been backed up: see that jiaohao-backup.timer runs"
        return (never,) if settings.to else ()
    last = (
        f"The last good backup is of {datetime.fromtimestamp(word.good_at / 1000, ZoneInfo(zone)):%Y-%m-%d %H:%M}"
        if word.good_at
        else "There is no good backup"
    )
    if word.fault:
        return (f"the hub was not backed up: {word.fault}. {last}",)
    if settings.to and now - word.tried_at > LATE_MS:
        return (f"no backup was tried for a day: see that jiaohao-backup.timer runs. {last}",)
    return ()
