"""What must hold of a folder after a power cut, given what had been said before it; changes nothing but what a start does."""

from __future__ import annotations

import marshal
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import msgspec

from broker.journal import JournalFault
from broker.outbox import Outbox
from firmware.onboard import releases
from firmware.onboard.manifest import ReleaseFault
from firmware.onboard.places import Places
from firmware.onboard.state import State, read_state
from firmware.onboard.whole import altered, is_whole, names
from tests.power.board_at_work import request
from tests.power.hub_at_work import answered
from tests.queue.ports import hub_in

__all__ = ["LAWS", "Found", "journal", "outbox", "release"]


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """`opened` is empty where it did, else why not; so is `broken`. `lost` names what had been promised and is away."""

    opened: str = ""
    lost: tuple[str, ...] = ()
    broken: str = ""
    open_s: float = 0.0

    @property
    def is_good(self) -> bool:
        return not (self.opened or self.lost or self.broken)


def journal(folder: Path, said: Sequence[str]) -> Found:
    """The coordinator starts, its chain is whole, and every answer that was given is there, word for word."""
    began = time.perf_counter()
    try:
        with hub_in(folder) as hub:
            took = time.perf_counter() - began
            lost = []
            for word in " ".join(said).split():
                command_id = word.partition("=")[0]
                if answered(command_id, hub.journal.answer(command_id)) != word:
                    lost.append(word)
            numbers = list(hub.coordinator.queue.tickets)
            gap = numbers != [f"B{n:03d}" for n in range(1, len(numbers) + 1)]
            broken = hub.journal.verify() or ("a ticket's number is missing" if gap else "")
            return Found(lost=tuple(lost), broken=broken, open_s=took)
    except (JournalFault, sqlite3.Error) as fault:
        return Found(opened=f"{fault}")


def outbox(folder: Path, said: Sequence[str]) -> Found:
    """The outbox opens, has what was kept and not dropped, word for word, and no mark went back; and it goes on."""
    began = time.perf_counter()
    try:
        with closing(Outbox(folder / "outbox.db")) as opened:
            waiting = {request.command_id: request for request in opened.waiting()}
            marks, remembered = opened.marks(), opened.remembered()
            took = time.perf_counter() - began
            (whole,) = opened._db.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.Error as fault:
        return Found(opened=f"{fault}")
    kept, dropping = set(_numbers("kept", said)), set(_numbers("dropping", said))
    lost = [f"kept {n}" for n in sorted(kept - dropping) if waiting.get(f"r{n}") != request(n)]
    newest = max(kept, default=-1)
    if int(remembered.get("newest", -1)) < newest:
        lost.append(f"remembered {newest}")
    marked = max(_numbers("marked", said), default=-1)
    if marks.get("call", -1) < marked:
        lost.append(f"marked {marked}")
    return Found(lost=tuple(lost), broken="" if whole == "ok" else whole, open_s=took)


def _numbers(verb: str, said: Sequence[str]) -> Iterator[int]:
    for line in said:
        if line.startswith(f"{verb} "):
            yield int(line.removeprefix(f"{verb} "))


def release(folder: Path, said: Sequence[str]) -> Found:
    """The release that the links lead to is whole, so is every other that bears its name, and no flip was forgotten."""
    began = time.perf_counter()
    places = Places(folder, folder.parent / "boot", folder.parent / "run")
    flipped = max(_numbers("flipped", said), default=0)
    try:
        if not flipped and read_state(places) == State():
            return Found()  # nothing was ever said to run
        name = releases.attempt(places, counts=False)
        took = time.perf_counter() - began
        broken = [one for one in names(places) for _ in torn(places.releases / one)]
        state = read_state(places)
    except (ReleaseFault, OSError, ValueError) as fault:
        return Found(opened=repr(fault))
    if places.current.resolve() != (places.releases / name).resolve() or not is_whole(places, name):
        return Found(opened=f"{places.current} does not lead to {name}")
    lost = [f"flipped {flipped}"] if state.flipped_at < flipped else []
    decided = max(_numbers("decided", said), default=0)
    if state.candidate and state.flipped_at <= decided:
        lost.append(f"decided {decided}")
    return Found(lost=tuple(lost), broken=", ".join(broken), open_s=took)


def torn(folder: Path) -> Iterator[Path]:
    """Files of a release that are not what was signed, or what Python had made of it."""
    yield from (folder / name for name in altered(folder))
    for path in folder.rglob("*.pyc"):
        try:
            marshal.loads(path.read_bytes()[16:])
        except (EOFError, ValueError, TypeError):
            yield path


Law = Callable[[Path, Sequence[str]], Found]
# By the name of the disk.
LAWS: dict[str, Law] = {"journal": journal, "outbox": outbox, "release": release}
