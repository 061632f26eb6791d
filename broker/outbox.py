"""A board's durable log: unanswered commands, marks of what was done, what devices remember; written by its own thread."""

from __future__ import annotations

import logging
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from broker.database import open_database
from broker.messages import Request
from broker.pulse import Pulse

__all__ = ["Outbox"]

log = logging.getLogger(__name__)

IDLE_S = 5.0
STALL_S = 60.0
"""A card that takes longer for one write is as good as dead; they stall for seconds."""
# By name: newer software may have given a table more columns.
KEEP = "INSERT OR IGNORE INTO asked (command_id, request) VALUES (?, ?)"
MARK = "INSERT OR REPLACE INTO mark (name, value) VALUES (?, ?)"
REMEMBER = "INSERT OR REPLACE INTO remembered (name, value) VALUES (?, ?)"


class Outbox:
    """Nothing in it is lost by a power cut. Its own thread writes, because an SD card can stall for seconds."""

    def __init__(self, path: Path) -> None:
        self.pulse = Pulse("outbox")
        self._db = open_database(path, "outbox")
        self._todo: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write, name="outbox", daemon=True)
        self._thread.start()

    def waiting(self) -> tuple[Request, ...]:
        """What was asked before a restart and not answered, oldest first.

        What newer software asked in words that this one does not know stays there until that is back.
        """
        return tuple(self._requests())

    def _requests(self) -> Iterator[Request]:
        decode = msgspec.json.Decoder(Request).decode
        for command_id, row in self._db.execute(
            "SELECT command_id, request FROM asked ORDER BY rowid"
        ):
            try:
                yield decode(row)
            except msgspec.ValidationError as fault:
                log.warning("request %s is of newer software: %s", command_id, fault)

    def marks(self) -> dict[str, int]:
        return dict(self._db.execute("SELECT name, value FROM mark"))

    def remembered(self) -> dict[str, str]:
        return dict(self._db.execute("SELECT name, value FROM remembered"))

    def keep(self, request: Request, then: Callable[[], None]) -> None:
        """Write a request down, then call `then` from the outbox's thread."""
        row = (request.command_id, msgspec.json.encode(request))
        self._todo.put(lambda: self._do(KEEP, row, then))

    def drop(self, command_id: str) -> None:
        """Forget a request: it has been answered."""
        self._todo.put(lambda: self._do("DELETE FROM asked WHERE command_id = ?", (command_id,)))

    def mark(self, name: str, value: int, then: Callable[[], None]) -> None:
        """Write a mark down, then call `then` from the outbox's thread."""
        self._todo.put(lambda: self._do(MARK, (name, value), then))

    def remember(self, name: str, value: str) -> None:
        """Write a value down, in its turn: before anything that is kept later."""
        self._todo.put(lambda: self._do(REMEMBER, (name, value)))

    def _do(
        self, sql: str, row: tuple[object, ...], then: Callable[[], None] | None = None
    ) -> None:
        self._db.execute(sql, row)
        if then:
            then()

    def _write(self) -> None:
        while True:
            self.pulse.beat(STALL_S)
            try:
                work = self._todo.get(timeout=IDLE_S)
            except queue.Empty:
                continue
            if work is None:
                return
            self._until_done(work)

    def _until_done(self, work: Callable[[], None]) -> None:
        pause = threading.Event()
        while True:
            self.pulse.beat(STALL_S)
            try:
                work()
            except sqlite3.Error as fault:
                log.error(
                    "the outbox cannot be written: %s; make room on the board's disk. Trying again",
                    fault,
                )
                pause.wait(2)
            else:
                return

    def close(self) -> None:
        self._todo.put(None)
        self._thread.join(timeout=5)
        self._db.close()
