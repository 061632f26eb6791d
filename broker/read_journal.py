"""`jiaohao journal`: prints what is written down, one event a line, and says whether the chain is whole; it changes nothing."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path

from broker.journal import Journal, JournalFault, Row

__all__ = ["main"]


def main(argv: list[str]) -> int:
    """Exit status 0 if every row is as it was written, else 1."""
    parser = argparse.ArgumentParser(
        prog="jiaohao journal", description="Read a hall's journal and check its chain of hashes."
    )
    parser.add_argument("--data", type=Path, default=Path("var"), help="folder of the journal")
    parser.add_argument("--day", default="", help="only this day, as 2026-11-23")
    parser.add_argument("--verify", action="store_true", help="print no events, only the verdict")
    options = parser.parse_args(argv)
    path = options.data / "journal.db"
    if not path.is_file():
        sys.stderr.write(f"{path}: there is no journal; name its folder with --data\n")
        return 1
    try:
        with closing(Journal(path)) as journal:
            for row in () if options.verify else journal.rows():
                if options.day in ("", row.day):
                    sys.stdout.write(_line(row))
            wrong = journal.verify()
            rows, head = journal.seq, journal.head.hex()
    except (JournalFault, sqlite3.Error) as fault:
        sys.stderr.write(f"{path}: {fault}\n")
        return 1
    except BrokenPipeError:
        return 0  # whoever read the lines has seen enough
    sys.stdout.write(
        f"{path}: {wrong or f'all {rows} rows are as they were written; seal {head}'}\n"
    )
    return 1 if wrong else 0


def _line(row: Row) -> str:
    at = datetime.fromtimestamp(row.at / 1000).astimezone().isoformat(" ", "milliseconds")
    body = f"{len(row.body)} bytes" if row.kind == "SettingsAdopted" else row.body
    return f"{row.seq:6} {at} {row.sender or 'hub':12} {row.kind:18} {body}\n"
