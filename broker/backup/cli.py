"""`jiaohao backup`: makes a backup of the hub now, or when one is due; proves one; what went wrong the technician reads in the hall."""

from __future__ import annotations

import argparse
import os
import sys
import time
import tomllib
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from broker.backup.archive import examine
from broker.backup.as_owner import as_owner_of, mounted_stick
from broker.backup.contents import head_of
from broker.backup.making import Made, back_up, newest_first, state_of
from broker.backup.places import Place, PlaceFault, open_place
from broker.backup.word import MINUTE_MS, Word, leave_word, read_word
from broker.loading import SettingsFault, load
from broker.lock import hold
from broker.private import check_private
from broker.settings import Hall

__all__ = ["main", "passphrase_in"]

# A timer that fires a little early is no reason to wait for its next time.
EARLY_MS = MINUTE_MS
LOCK = "backup.lock"


def main(argv: list[str]) -> int:
    """Exit status 0 if a good backup is there, or none was due; else 1."""
    options = _options(argv)
    try:
        if options.check:
            return _check(options)
        if not options.data.is_dir():
            raise OSError(
                f"{options.data}: there is no such folder; name the journal's with --data"
            )
        return _as_root(options)
    except (OSError, SettingsFault) as fault:
        sys.stderr.write(f"jiaohao backup: {fault}\n")
        return 1


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="jiaohao backup", description="Back up the hub: journal, settings, PINs, authority."
    )
    parser.add_argument("--hall", type=Path, default=Path("hall.toml"), help="hall.toml")
    parser.add_argument("--data", type=Path, default=Path("var"), help="folder of the journal")
    parser.add_argument(
        "--to", help="stick, a folder, or ssh://user@box/folder; as in [backup] if not given"
    )
    parser.add_argument("--keep", type=int, help="how many are kept; as in [backup] if not given")
    parser.add_argument(
        "--passphrase-file", type=Path, help="seal it with what stands in this file"
    )
    parser.add_argument(
        "--scheduled", action="store_true", help="only if one is due, and something has changed"
    )
    parser.add_argument("--check", type=Path, metavar="FILE", help="only prove a backup")
    return parser.parse_args(argv)


def _check(options: argparse.Namespace) -> int:
    manifest = examine(options.check, passphrase_in(options.passphrase_file))
    made = datetime.fromtimestamp(manifest.made / 1000).astimezone()
    sys.stdout.write(
        f"{options.check}: whole: hall {manifest.hall!r}, made {made:%Y-%m-%d %H:%M:%S},"
        f" {manifest.seq} rows of the journal, {len(manifest.files)} files\n"
    )
    return 0


def _as_root(options: argparse.Namespace) -> int:
    """What only root may is a stick that is not mounted; all else is done as whom the folder belongs to."""
    work = partial(_held, options)
    if os.geteuid() != 0 or "stick" not in (options.to, _wished(options)):
        return as_owner_of(options.data, work)
    try:
        with mounted_stick(options.data) as stick:
            return as_owner_of(options.data, partial(work, stick))
    except PlaceFault as fault:
        # If one is due it is told in the hall, too.
        return as_owner_of(options.data, partial(work, fault))


def _wished(options: argparse.Namespace) -> str:
    """Where to hall.toml says, as far as root needs to know before it is not root any more."""
    if options.to:
        return str(options.to)
    try:
        found = tomllib.loads(options.hall.read_text(encoding="utf-8")).get("backup", {})
        return str(found.get("to", ""))
    except (OSError, ValueError, AttributeError):
        return ""


def _held(options: argparse.Namespace, stick: Path | PlaceFault | None = None) -> int:
    try:
        with hold(options.data / LOCK, "another backup"):
            return _run(options, load(options.hall), stick)
    except (OSError, SettingsFault) as fault:
        sys.stderr.write(f"jiaohao backup: {fault}\n")
        return 1


def _run(options: argparse.Namespace, hall: Hall, stick: Path | PlaceFault | None) -> int:
    settings, now = hall.backup, time.time_ns() // 1_000_000
    to, before = options.to or settings.to, read_word(options.data) or Word(tried_at=0)
    if options.scheduled and (not to or not _is_due(before, settings.every_min, now)):
        return 0
    if not to:
        raise OSError("nothing says where to: give --to, or write [backup] into hall.toml")
    try:
        state = state_of(options.hall, options.data, head_of(options.data))
        if isinstance(stick, PlaceFault):
            raise stick
        place = open_place(to, options.data, stick)
        same = (state, to) == (before.state, before.where)
        # Another stick may have been plugged in, which has none yet.
        if options.scheduled and same and _has_one(place):
            leave_word(options.data, replace(before, tried_at=now, good_at=now, fault=""))
            return 0
        named = Path(settings.passphrase_file) if settings.passphrase_file else None
        made = back_up(
            place,
            options.hall,
            options.data,
            hall=hall.hall.id,
            now=now,
            keep=options.keep or settings.keep,
            passphrase=passphrase_in(options.passphrase_file or named),
        )
    except OSError as fault:
        # The hall's technician reads it where the hub's other troubles are.
        leave_word(options.data, replace(before, tried_at=now, fault=str(fault)))
        raise
    leave_word(options.data, Word(tried_at=now, good_at=now, where=to, state=state))
    sys.stdout.write(f"{_told(made, to, hall)}\n")
    return 0


def _has_one(place: Place) -> bool:
    try:
        return bool(newest_first(place.names()))
    except OSError:
        return False


def _is_due(before: Word, every_min: int, now: int) -> bool:
    # After a clock that was set back it is due, too.
    return not 0 <= now - before.tried_at < every_min * MINUTE_MS - EARLY_MS or bool(before.fault)


def _told(made: Made, to: str, hall: Hall) -> str:
    last = datetime.fromtimestamp(made.manifest.last_at / 1000, ZoneInfo(hall.hall.timezone))
    gone = f"; {len(made.gone)} older taken away" if made.gone else ""
    return (
        f"{to}: {made.name}: {made.manifest.seq} rows up to {last:%Y-%m-%d %H:%M:%S},"
        f" {len(made.manifest.files)} files, read back and whole{gone}"
    )


def passphrase_in(path: Path | None) -> bytes:
    """What a passphrase file holds, without the end of its line; nothing where none is named. Raises OSError."""
    if path is None:
        return b""
    check_private(path)
    passphrase = path.read_bytes().rstrip(b"\r\n")
    if len(passphrase) < 12:
        raise OSError(f"{path}: a passphrase has 12 characters at the least")
    return passphrase


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
