"""Opens a SQLite file the one way this house does: WAL, FULL, numbered schemas; never a query of its own."""

from __future__ import annotations

import os
import sqlite3
from importlib.resources import files
from pathlib import Path

__all__ = ["ROOM", "make_room", "open_database"]

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
        _migrate(db, schema, path)
    except BaseException:
        db.close()
        raise
    return db


def _migrate(db: sqlite3.Connection, schema: str, path: Path) -> None:
    steps = sorted(
        (
            s
            for s in files("broker").joinpath("schema", schema).iterdir()
            if s.name.endswith(".sql")
        ),
        key=lambda s: s.name,
    )
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > len(steps):
        raise sqlite3.DatabaseError(
            f"{path} has schema {version}, this software knows {len(steps)}: install the newer software again"
        )
    for number, step in enumerate(steps[version:], start=version + 1):
        db.executescript(
            f"BEGIN IMMEDIATE;\n{step.read_text(encoding='utf-8')}\nPRAGMA user_version = {number};\nCOMMIT;"
        )


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
