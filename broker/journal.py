"""The durable journal: one row per event, committed before anyone hears of it; it decides nothing."""

from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import get_args

import msgspec

from broker.database import ROOM, make_room, open_database
from broker.messages import Event, SettingsAdopted

__all__ = ["Journal", "JournalFault", "Record", "Row"]

log = logging.getLogger(__name__)

GENESIS = bytes(32)
_SPARE_BYTES = 100_000_000  # many times what the room takes
# As the partial index has it: only a query that says so, too, is answered by it and not by reading years of rows.
MARKS = "kind IN ('SettingsAdopted', 'DayOpened')"
KNOWN = frozenset(kind.__name__ for kind in get_args(Event))
COLUMNS = "seq, day, at, kind, command_id, sender, body, hash"


class JournalFault(OSError):
    """The journal could not be read or written: nothing of the batch is in it."""


@dataclass(frozen=True, slots=True)
class Record:
    """An event to be written: `command_id` and `sender` are empty for what the hub told itself."""

    event: Event
    at: int
    day: str
    command_id: str = ""
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it stands in the journal."""

    seq: int
    day: str
    at: int
    kind: str
    command_id: str | None
    sender: str
    body: str
    hash: bytes


class _Kind(msgspec.Struct, frozen=True):
    """What every event says of itself, known or not."""

    type: str


class Journal:
    """Written by one thread. `head` is the hash of the newest row: the seal of all before it."""

    def __init__(self, path: Path) -> None:
        try:
            self._db = open_database(path, "journal")
            self.seq, self.last_at, self.head = self._end()
        except (sqlite3.Error, OSError) as fault:
            raise JournalFault(f"{path}: the journal cannot be opened: {fault}") from fault
        self.path = path
        self._encode = msgspec.json.Encoder().encode
        self._decode: Callable[[str], Event] = msgspec.json.Decoder(Event).decode
        self._kind_in = msgspec.json.Decoder(_Kind).decode

    def _end(self) -> tuple[int, int, bytes]:
        """The newest row's number, time and hash."""
        newest = "SELECT seq, at, hash FROM event ORDER BY seq DESC LIMIT 1"
        match self._db.execute(newest).fetchone():
            case None:
                return 0, 0, GENESIS
            case (int(seq), int(at), bytes(head)):
                return seq, at, head
            case damaged:
                # SQLite reads a page of zeroes as a row of nothing.
                raise sqlite3.DatabaseError(f"its newest row is damaged: {damaged}")

    def make_room(self, pages: int = ROOM) -> None:
        """Make commits quick, unless the disk is nearly full. Raises JournalFault, and all works on without it."""
        if shutil.disk_usage(self.path.parent).free < _SPARE_BYTES:
            return
        try:
            make_room(self._db, pages)
        except sqlite3.Error as fault:
            self._roll_back()
            raise JournalFault(
                f"{self.path}: there is no room to write quickly: {fault}"
            ) from fault

    def begin(self) -> None:
        """What is read from here on is read in the commit that the next `write` makes, which is quicker; or `end` it."""
        # A disk that cannot be written can be read: `write` will say so.
        with suppress(sqlite3.Error):
            self._db.execute("BEGIN IMMEDIATE")

    def end(self) -> None:
        """Nothing is to be written."""
        self._roll_back()

    def write(self, records: Sequence[Record]) -> None:
        """Write all records in one commit, or none. Raises JournalFault."""
        seq, head = self.seq, self.head
        rows = []
        for record in records:
            seq += 1
            body = self._encode(record.event).decode()
            row = (
                seq,
                record.day,
                record.at,
                type(record.event).__name__,
                record.command_id or None,
                record.sender,
                body,
            )
            head = _link(head, row)
            rows.append((*row, head))
        try:
            if not self._db.in_transaction:
                self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany(
                f"INSERT INTO event ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows
            )
            self._db.execute("COMMIT")
        except sqlite3.Error as fault:
            self._roll_back()
            raise JournalFault(
                f"{self.path}: the journal cannot be written: {fault}; see that its disk has room and is whole"
            ) from fault
        self.seq, self.head = seq, head
        if records:
            self.last_at = records[-1].at

    def _roll_back(self) -> None:
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def answer(self, command_id: str) -> tuple[Event, ...]:
        """What was written down for a command; empty if it is not known. Raises JournalFault."""
        try:
            found = self._db.execute(
                "SELECT kind, body FROM event WHERE command_id = ? ORDER BY seq", (command_id,)
            ).fetchall()
        except sqlite3.Error as fault:
            raise JournalFault(f"{self.path}: the journal cannot be read: {fault}") from fault
        answer = tuple(self._event(body) for kind, body in found if kind in KNOWN)
        if found and not answer:
            # To decide it again would be to do it twice.
            raise JournalFault(
                f"{self.path}: newer software answered {command_id}, in words that this one does not know"
            )
        return answer

    def replay(self) -> Iterator[tuple[Event, int]]:
        """The newest day's events with their times, led by the settings that were in force when it began.

        What newer software told in words that this one does not know is passed over. Raises JournalFault.
        """
        try:
            # Anew: a commit that was reported as failed may have gone through all the same.
            self.seq, self.last_at, self.head = self._end()
            day = self._mark("DayOpened", self.seq)
            settings = self._mark("SettingsAdopted", day or self.seq)
            if settings and settings < day:
                yield from self._events("seq = ?", settings)
            yield from self._events("seq >= ?", day or settings or 1)
        except sqlite3.Error as fault:
            raise JournalFault(f"{self.path}: the journal cannot be read: {fault}") from fault

    def _mark(self, kind: str, upto: int) -> int:
        (seq,) = self._db.execute(
            f"SELECT max(seq) FROM event WHERE {MARKS} AND kind = ? AND seq <= ?", (kind, upto)
        ).fetchone()
        return seq or 0

    def _events(self, where: str, seq: int) -> Iterator[tuple[Event, int]]:
        for number, kind, body, at in self._db.execute(
            f"SELECT seq, kind, body, at FROM event WHERE {where} ORDER BY seq", (seq,)
        ):
            if kind in KNOWN:
                yield self._event(body), at
            else:
                self._must_be_newer(kind, body)
                log.warning("row %d is a %s of newer software: it is passed over", number, kind)

    def _event(self, body: str) -> Event:
        try:
            return self._decode(body)
        except (msgspec.DecodeError, TypeError) as damage:
            raise JournalFault(
                f"{self.path}: a row of the journal is damaged: {damage}; `jiaohao journal --verify` names it"
            ) from damage

    def _must_be_newer(self, kind: str, body: str) -> None:
        """What a dying card left where an event was is not taken for one that this software does not know."""
        try:
            whole = self._kind_in(body).type == kind
        except (msgspec.DecodeError, TypeError):
            whole = False
        if not whole:
            raise JournalFault(
                f"{self.path}: a row of the journal is damaged; `jiaohao journal --verify` names it"
            )

    def adopted(self, since: int) -> tuple[str, ...]:
        """The texts of all settings that were in force at `since` or later. Raises JournalFault."""
        try:
            found = self._db.execute(
                "SELECT body, at FROM event WHERE kind = 'SettingsAdopted' ORDER BY seq"
            ).fetchall()
        except sqlite3.Error as fault:
            raise JournalFault(f"{self.path}: the journal cannot be read: {fault}") from fault
        over = sum(at <= since for _, at in found) - 1
        events = (self._decode(body) for body, _ in found[max(0, over) :])
        return tuple(event.text for event in events if isinstance(event, SettingsAdopted))

    def rows(self, after: int = 0) -> Iterator[Row]:
        """Every row after a number, oldest first."""
        for row in self._db.execute(
            f"SELECT {COLUMNS} FROM event WHERE seq > ? ORDER BY seq", (after,)
        ):
            yield Row(*row)

    def verify(self) -> str:
        """Walk the whole chain: empty if it is whole, else a sentence that names the first row that is not."""
        head, expected = GENESIS, 1
        for row in self.rows():
            head = _link(
                head, (row.seq, row.day, row.at, row.kind, row.command_id, row.sender, row.body)
            )
            if row.seq != expected:
                return f"row {expected} is missing from the journal: the next one is {row.seq}"
            if row.hash != head:
                return f"row {row.seq} of {row.day} was altered after it was written, or the row before it"
            expected += 1
        return ""

    def close(self) -> None:
        self._db.close()


def _link(head: bytes, row: tuple[object, ...]) -> bytes:
    # Not `repr`: it writes a sign in one way or another by the Unicode tables of the Python that runs.
    return sha256(head + msgspec.json.encode(row)).digest()
