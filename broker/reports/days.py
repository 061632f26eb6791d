"""The journal as readers see it, day by day, while the coordinator writes on; nothing is changed here."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from broker.journal import JournalFault
from broker.messages import Event

__all__ = ["Days"]

# SQLite has no larger row number.
LAST_ROW = 2**63 - 1


class Days:
    """The days that a journal holds; `names` are their dates, the oldest first. Raises JournalFault, here and later."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise JournalFault(f"{path}: there is no journal; name its folder with --data")
        self.path = path
        # Not mode=ro: such a reader leaves its -wal and -shm files behind, and can make none where it may not write.
        self._db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=5)
        self._decode = msgspec.json.Decoder(Event).decode
        try:
            self._rows("PRAGMA query_only = ON")
            begins = self._rows(
                # Both kinds are named as in the partial index, which serves only who says so.
                "SELECT day, seq FROM event WHERE kind IN ('SettingsAdopted', 'DayOpened')"
                " AND kind = 'DayOpened' ORDER BY seq"
            )
        except JournalFault:
            self.close()
            raise
        ends = [seq - 1 for _, seq in begins[1:]]
        self._span = {
            day: (seq, end) for (day, seq), end in zip(begins, [*ends, LAST_ROW], strict=False)
        }
        self.names = tuple(self._span)

    def close(self) -> None:
        self._db.close()

    def newest_with(self, ticket: str) -> str:
        """The newest day on which a number was given; empty if it never was."""
        return next((day for day in reversed(self.names) if self.has(day, ticket)), "")

    def has(self, day: str, ticket: str) -> bool:
        issued = (
            "SELECT 1 FROM event WHERE seq BETWEEN ? AND ? AND kind = 'TicketIssued'"
            " AND json_extract(body, '$.ticket') = ? LIMIT 1"
        )
        return bool(self._rows(issued, *self._span[day], ticket))

    def events(self, day: str) -> Iterator[tuple[Event, int]]:
        """A day's events with their times, led by the settings that were in force when it began."""
        begins, ends = self._span[day]
        settings = (
            "SELECT seq, body, at FROM event WHERE seq ="
            " (SELECT max(seq) FROM event WHERE kind IN ('SettingsAdopted', 'DayOpened')"
            " AND kind = 'SettingsAdopted' AND seq < ?)"
        )
        yield from self._events(settings, begins)
        yield from self._events(
            "SELECT seq, body, at FROM event WHERE seq BETWEEN ? AND ? ORDER BY seq", begins, ends
        )

    def _events(self, query: str, *values: int) -> Iterator[tuple[Event, int]]:
        for seq, body, at in self._rows(query, *values):
            try:
                yield self._decode(body), at
            except msgspec.DecodeError as fault:
                raise JournalFault(
                    f"{self.path}: row {seq} cannot be read by this software: {fault}"
                ) from fault

    def _rows(self, query: str, *values: int | str) -> list[tuple[Any, ...]]:
        # All at once: a reader that keeps a query open keeps the writer from tidying up its log.
        try:
            return self._db.execute(query, values).fetchall()
        except sqlite3.Error as fault:
            raise JournalFault(f"{self.path}: the journal cannot be read: {fault}") from fault
