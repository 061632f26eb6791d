"""`jiaohao restore`: brings a hub back onto a new card, to the last answered command or to the last backup, and says which."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from broker.backup.as_owner import mounted_stick
from broker.backup.cli import passphrase_in
from broker.backup.contents import JOURNAL, KEPT, SETTINGS
from broker.backup.marks import HALF_DONE, leave_note
from broker.backup.owner import owned_as
from broker.backup.sources import Found, look
from broker.journal import Journal
from broker.lock import hold
from broker.messages import NoteRestore, RestoredFrom

__all__ = ["main"]

NOTHING = "nothing was restored"
# What two boxes' clocks may differ by.
MINUTE_MS = 60_000
NUMBERS = range(1, 10_000)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The source whose journal goes furthest; `whole`: it is the card that the hall ran on, so nothing is lost."""

    found: Found
    whole: bool
    others: tuple[Found, ...]


def main(argv: list[str]) -> int:
    """Exit status 0 if the hall is back; else 1, and the folder is as it was, or says that it is half done."""
    options = _options(argv)
    try:
        if not options.data.exists():
            options.data.mkdir(mode=0o700, parents=True)
            owned_as(options.data.absolute().parent, options.data)
        with hold(options.data / "coordinator.lock", "a coordinator"):
            for sentence in _restore(options):
                sys.stdout.write(f"{sentence}\n")
    except OSError as fault:
        sys.stderr.write(f"jiaohao restore: {fault}\n")
        return 1
    return 0


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="jiaohao restore", description="Bring a hub back from its old card, or from a backup."
    )
    parser.add_argument(
        "--from",
        dest="sources",
        type=Path,
        action="append",
        required=True,
        metavar="OLD|BACKUP|stick",
        help="the old card, where it is mounted; a backup, or a folder of them; may be given more than once",
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the new hub's journal")
    parser.add_argument(
        "--settings", type=Path, help="folder of the new hub's hall.toml (beside the data folder)"
    )
    parser.add_argument(
        "--passphrase-file", type=Path, help="what the backup was sealed with stands in this file"
    )
    parser.add_argument(
        "--numbers-from",
        type=int,
        default=0,
        help="where something is missing: the running number that today's tickets go on at",
    )
    parser.add_argument(
        "--force",
        action="store_true",
        help="also where another journal stands, which is set aside, or where the clock looks wrong",
    )
    options = parser.parse_args(argv)
    if options.numbers_from and options.numbers_from not in NUMBERS:
        parser.error(f"--numbers-from is 1 to {NUMBERS[-1]}")
    return options


def _restore(options: argparse.Namespace) -> Iterator[str]:
    data: Path = options.data
    settings = options.settings or data.absolute().parent / SETTINGS
    with ExitStack() as stack:
        sources = [
            stack.enter_context(mounted_stick(data)) if str(one) == "stick" else one
            for one in options.sources
        ]
        yield from _from(sources, data, settings, options)


def _from(
    sources: list[Path], data: Path, settings: Path, options: argparse.Namespace
) -> Iterator[str]:
    fresh = not (data / HALF_DONE).exists()
    work = data / HALF_DONE if not fresh else data / "restore.look"
    shutil.rmtree(data / "restore.look", ignore_errors=True)
    try:
        found, wrong = look(sources, work, passphrase_in(options.passphrase_file))
        yield from wrong
        if not found:
            raise OSError(f"none of what was named can be used: {NOTHING}")
        chosen = _choose(found)
        if not options.force:
            _check_clock(chosen.found)
            _check_nothing_is_lost(data / JOURNAL, chosen.found)
        if fresh:
            # From here on the coordinator refuses this folder, until all is in its place.
            work = (data / "restore.look").rename(data / HALF_DONE)
            chosen = _choose([_moved(one, work) for one in found])
    finally:
        shutil.rmtree(data / "restore.look", ignore_errors=True)
    _put(chosen, data, settings, numbers_from=options.numbers_from)
    yield from _told(chosen, options.numbers_from)


def _moved(one: Found, work: Path) -> Found:
    return Found(
        one.kind, one.where, work / one.folder.name, one.seq, one.last_at, one.head, one.unread
    )


def _choose(found: list[Found]) -> Chosen:
    """Of two that go as far the card, which has everything else as it was last, too."""
    best = max(found, key=lambda one: (one.seq, one.kind is RestoredFrom.OLD_CARD))
    others = tuple(one for one in found if one is not best)
    return Chosen(best, best.kind is RestoredFrom.OLD_CARD, others)


def _check_clock(found: Found) -> None:
    now = time.time_ns() // 1_000_000
    if now < found.last_at - MINUTE_MS:
        raise OSError(
            f"this box's clock says {_when(now)}, which is before the last event, of {_when(found.last_at)}: {NOTHING};"
            " set the clock (`timedatectl set-time`), or the day's numbers would be given twice"
        )


def _check_nothing_is_lost(journal: Path, found: Found) -> None:
    """Another hall's answers, or later ones, are not thrown away; what a fresh hub told itself is nobody's loss."""
    if not journal.exists():
        return
    with closing(Journal(journal)) as there:
        answered = [row.seq for row in there.rows() if row.sender]
        seq, last_at, head = there.seq, there.last_at, there.head
    if not answered or _has(found, seq, head):
        return
    raise OSError(
        f"{journal} holds {len(answered)} answers up to {_when(last_at)} that are not in what is to be restored"
        f" (up to {_when(found.last_at)}): {NOTHING}; --force sets it aside, and keeps it"
    )


def _has(found: Found, seq: int, head: bytes) -> bool:
    with closing(Journal(found.folder / JOURNAL)) as journal:
        row = next(journal.rows(after=seq - 1), None)
        return row is not None and row.seq == seq and row.hash == head


def _put(chosen: Chosen, data: Path, settings: Path, *, numbers_from: int) -> None:
    """Everything into its place, the journal last; what stood there is set aside. Cut short, it can be done again."""
    now = time.time_ns() // 1_000_000
    aside = data / f"before-restore-{now}"
    aside.mkdir(mode=0o700)
    found = chosen.found
    note = NoteRestore(
        source=found.kind,
        seq=found.seq,
        last_at=found.last_at,
        restored_at=now,
        whole=chosen.whole,
        numbers_from=0 if chosen.whole else numbers_from,
    )
    leave_note(data, uuid4().hex, note)
    for path in sorted((found.folder / SETTINGS).rglob("*")):
        if path.is_file():
            inside = path.relative_to(found.folder / SETTINGS)
            _place(path, settings / inside, aside / SETTINGS / inside)
    for name in KEPT:
        # What the old card does not give any more a backup may.
        giver = next((o for o in (found, *chosen.others) if (o.folder / name).exists()), None)
        if giver:
            _place(giver.folder / name, data / name, aside / name)
    for log in ("-wal", "-shm"):
        if (data / f"{JOURNAL}{log}").exists():
            (data / f"{JOURNAL}{log}").rename(aside / f"{JOURNAL}{log}")
    _place(found.folder / JOURNAL, data / JOURNAL, aside / JOURNAL)
    for log in ("-wal", "-shm"):
        (found.folder / f"{JOURNAL}{log}").unlink(missing_ok=True)
    owned_as(data, data, settings)
    os.sync()
    done = (data / HALF_DONE).rename(data / "restore.done")
    shutil.rmtree(done)
    if not any(aside.rglob("*")):
        aside.rmdir()
    os.sync()


def _place(path: Path, to: Path, aside: Path) -> None:
    """For its owner alone; what stood there is kept."""
    for one in (path, *path.rglob("*")):
        one.chmod(0o700 if one.is_dir() else 0o600)
    to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if to.exists():
        aside.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.move(to, aside)
    shutil.move(path, to)


def _told(chosen: Chosen, numbers_from: int) -> Iterator[str]:
    found = chosen.found
    yield from found.unread
    upto = f"up to row {found.seq}, {_when(found.last_at)}"
    if chosen.whole:
        yield f"Restored from the old card at {found.where}: {upto}, the last command that was answered. Nothing is missing."
        return
    first = (
        f"at {numbers_from}"
        if numbers_from
        else "at 8001 (or 500 later, where the backup has those)"
    )
    yield f"Restored from the backup {found.where}: {upto}. What was done after that is missing."
    yield (
        f"Numbers given after that are not known: today's tickets go on {first}, so that none is given twice, and kiosks"
        " borrow no more numbers today. Whoever holds a paper that the hall does not know: EnterTicket takes its number in."
        " Counters stand as they did then: clerks close or mark missed what they had done since. See docs/backup.md."
    )
    yield (
        "Identities that were revoked after that are valid again: revoke them again (`jiaohao ca revoke`). Boards that were"
        " enrolled after that need a new card."
    )


def _when(at: int) -> str:
    return datetime.fromtimestamp(at / 1000).astimezone().strftime("%Y-%m-%d %H:%M:%S")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
