"""Opens a SQLite file the one way this house does: WAL, FULL, numbered schemas; never a query of its own."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

__all__ = ["ROOM", "Step", "make_room", "open_database", "steps_of"]

OPENS_FOR = re.compile(r"-- opens for (\d+)\b")
ROOM = 1010  # pages: a few more than SQLite lets its log grow to before it writes over it from the start


def open_database(path: Path, schema: str) -> sqlite3.Connection:
    """The database at `path`, brought to the newest schema of the folder `schema`.

    Raises sqlite3.Error or OSError where it cannot be opened or written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # For its owner alone: it holds the codes of tickets. SQLite gives its other files the same rights.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        # FULL, not NORMAL: a hall loses power by the plug, and what was answered must be there afterwards.
        db.execute("PRAGMA synchronous = FULL")
        _migrate(db, steps_of(schema), path)
    except BaseException:
        db.close()
        raise
    return db


@dataclass(frozen=True, slots=True)
class Step:
    """One numbered schema. Software that knows schema `opens_for`, or any later one, can work in what it makes."""

    number: int
    sql: str
    opens_for: int


def steps_of(schema: str) -> tuple[Step, ...]:
    """Every step of a schema's folder. A first line `-- opens for 1` says that older software can work in it, too."""
    folder = files("broker").joinpath("schema", schema)
    texts = [
        step.read_text(encoding="utf-8")
        for step in sorted(folder.iterdir(), key=lambda step: step.name)
        if step.name.endswith(".sql")
    ]
    found = []
    for number, sql in enumerate(texts, start=1):
        said = OPENS_FOR.match(sql)
        found.append(Step(number, sql, int(said[1]) if said else number))
    return tuple(found)


def _migrate(db: sqlite3.Connection, steps: Sequence[Step], path: Path) -> None:
    """Bring it to the newest step; what newer software made is left as it is, if this one can work in it.

    In `application_id` stands the least schema that one must know for it.
    """
    (version,) = db.execute("PRAGMA user_version").fetchone()
    (least,) = db.execute("PRAGMA application_id").fetchone()
    if version > len(steps):
        if 0 < least <= len(steps):
            return
        raise sqlite3.DatabaseError(
            f"{path} has schema {version}, this software knows {len(steps)}: install the newer software again"
        )
    todo = steps[version:]
    if version and any(step.opens_for > version for step in todo):
        _keep_copy(db, path, version)
    for step in todo:
        least = max(least, step.opens_for)
        db.executescript(
            f"BEGIN IMMEDIATE;\n{step.sql}\nPRAGMA user_version = {step.number};\n"
            f"PRAGMA application_id = {least};\nCOMMIT;"
        )


def _keep_copy(db: sqlite3.Connection, path: Path, version: int) -> None:
    """What older software could still work in, beside it: the step that follows leaves none of it."""
    copy = path.with_name(f"{path.name}.schema-{version}")
    part = copy.with_name(f"{copy.name}.part")
    part.unlink(missing_ok=True)
    db.execute("VACUUM INTO ?", (str(part),))
    part.chmod(0o600)
    _sync(part)
    part.replace(copy)
    _sync(path.parent)


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def make_room(db: sqlite3.Connection, pages: int = ROOM) -> None:
    """Let the database's log have its full size from now on: a commit is quicker, and wears the disk less.

    With a log that grows, the file system writes a journal of its own at each commit. Raises sqlite3.Error.
    """
    (page,) = db.execute("PRAGMA page_size").fetchone()
    db.execute("DROP TABLE IF EXISTS room")  # of a start that was cut short
    db.execute("CREATE TABLE room (filled BLOB)")
    db.execute("INSERT INTO room VALUES (zeroblob(?))", (page * pages,))
    db.execute("DROP TABLE room")
    db.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()
