"""The ports of hub and board that can die at a step: session, journal, outbox. What they do is what the real ones do."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from broker.journal import Journal, Record
from broker.messages import Request
from broker.outbox import Outbox
from broker.session import Session
from tests.chaos.actors.diary import Diary
from tests.chaos.actors.steps import Steps

__all__ = ["board_session", "hub_session", "mortal_journal", "mortal_outbox"]


def _kind(topic: str) -> str:
    """`command`, `answer`, `board`, or which state: `hub`, `queue`, `counter`, `kiosk`."""
    levels = topic.split("/")
    return levels[3] if levels[2] == "state" else levels[2]


def hub_session(steps: Steps) -> type[Session]:
    class HubSession(Session):
        def __init__(self, *details: Any, on_message: Callable[[str, bytes], None], **more: Any):
            def heard(topic: str, payload: bytes) -> None:
                steps.at("hearing a command")
                on_message(topic, payload)

            super().__init__(*details, on_message=heard, **more)

        def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
            steps.at(f"before publishing {_kind(topic)}")
            super().publish(topic, payload, retain=retain)
            steps.after(f"after publishing {_kind(topic)}")

    return HubSession


def board_session(steps: Steps, diary: Diary) -> type[Session]:
    """Writes down what was asked, and every answer before the board has it."""

    class BoardSession(Session):
        def __init__(self, *details: Any, on_message: Callable[[str, bytes], None], **more: Any):
            def heard(topic: str, payload: bytes) -> None:
                kind = _kind(topic)
                if kind == "answer":
                    diary.note("answer", answer=msgspec.json.decode(payload))
                if kind == "hub":
                    diary.note("beat", hub=msgspec.json.decode(payload))
                steps.at(f"before hearing {kind}")
                on_message(topic, payload)
                steps.after(f"after hearing {kind}")

            super().__init__(*details, on_message=heard, **more)

        def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
            if _kind(topic) != "command":
                super().publish(topic, payload, retain=retain)
                return
            request = msgspec.json.decode(payload)
            command = request["command"]["type"]
            diary.note("sent", request=request)
            steps.at(f"before sending {command}")
            super().publish(topic, payload, retain=retain)
            steps.after(f"after sending {command}")

    return BoardSession


class _WatchedConnection:
    """A connection that can die between its rows and their commit, take long over it, or find its disk read-only.

    The disk is read-only as long as the file `read_only` is there.
    """

    def __init__(
        self, db: sqlite3.Connection, steps: Steps, read_only: Path, commit_takes_s: float = 0.0
    ) -> None:
        self._db, self._steps, self._commit_takes_s = db, steps, commit_takes_s
        self._read_only = read_only

    def __getattr__(self, name: str) -> Any:
        return getattr(self._db, name)

    def execute(self, sql: str, *more: Any) -> sqlite3.Cursor:
        if sql.startswith(("BEGIN", "INSERT", "DELETE", "UPDATE")):
            # SQLite's own refusal, as from a disk that the kernel has remounted after an error.
            self._db.execute(f"PRAGMA query_only = {int(self._read_only.exists())}")
        if sql == "COMMIT":
            self._steps.at("rows written, not committed")
            time.sleep(self._commit_takes_s)
        return self._db.execute(sql, *more)


def mortal_journal(steps: Steps, commit_takes_s: float, read_only: Path) -> type[Journal]:
    class MortalJournal(Journal):
        def __init__(self, path: Path) -> None:
            super().__init__(path)
            self._db: Any = _WatchedConnection(self._db, steps, read_only, commit_takes_s)

        def write(self, records: Sequence[Record]) -> None:
            steps.at("before the commit")
            super().write(records)
            steps.at("after the commit")

    return MortalJournal


def mortal_outbox(steps: Steps, diary: Diary, read_only: Path) -> type[Outbox]:
    class MortalOutbox(Outbox):
        def __init__(self, path: Path) -> None:
            super().__init__(path)
            self._db: Any = _WatchedConnection(self._db, steps, read_only)

        def keep(self, request: Request, then: Callable[[], None]) -> None:
            def kept() -> None:
                diary.note("kept", command_id=request.command_id)
                steps.at("after keeping")
                then()

            steps.at("before keeping")
            super().keep(request, kept)

        def drop(self, command_id: str) -> None:
            steps.at("before dropping")
            super().drop(command_id)
            steps.after("after dropping")

        def mark(self, name: str, value: int, then: Callable[[], None]) -> None:
            def marked() -> None:
                steps.at("after marking")
                then()

            steps.at("before marking")
            super().mark(name, value, marked)

        def remember(self, name: str, value: str) -> None:
            steps.at("before remembering")
            super().remember(name, value)
            self._todo.put(lambda: steps.at("after remembering"))

    return MortalOutbox
