"""A run of a real process as its disk saw it: every write, sync and truncation of its files, in order, by strace."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.power import write_log

__all__ = ["Disk", "Op", "Said", "Sync", "Truncate", "Unlink", "Write", "record"]

CALLS = "openat,close,pwrite64,write,fdatasync,fsync,ftruncate,unlink"
SECTOR = write_log.SECTOR
FOLDER = "."


@dataclass(frozen=True, slots=True)
class Write:
    file: str
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Sync:
    file: str


@dataclass(frozen=True, slots=True)
class Truncate:
    file: str
    size: int


@dataclass(frozen=True, slots=True)
class Unlink:
    file: str


@dataclass(frozen=True, slots=True)
class Said:
    """A line on the standard output: what the process has told the world by now."""

    line: str


Op = Write | Sync | Truncate | Unlink | Said

CALL = re.compile(r"^\d+ +(?P<name>\w+)\((?P<arguments>.*)\) += (?P<result>-?\d+)")
TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


def record(module: str, folder: Path, *arguments: str) -> list[Op]:
    """Run `python -m module folder arguments`, and tell what it did to the files of `folder` and said."""
    trace = folder.parent / f"{folder.name}.strace"
    command = [sys.executable, "-m", module, str(folder), *arguments]
    strace = ["strace", "-f", "-xx", "-s", "10000000", "-e", f"trace={CALLS}", "-o", str(trace)]
    subprocess.run([*strace, *command], check=True, stdout=subprocess.DEVNULL)
    with trace.open(encoding="ascii") as lines:
        return list(_ops(_whole(lines), folder))


def _whole(lines: Iterator[str]) -> Iterator[tuple[str, str, int]]:
    """Calls in the order in which they ended; one that another thread interrupted is put together again."""
    open_: dict[str, str] = {}
    for line in lines:
        thread, _, rest = line.rstrip("\n").partition(" ")
        if rest.endswith("<unfinished ...>"):
            open_[thread] = rest.removesuffix("<unfinished ...>")
            continue
        if " resumed>" in rest:
            rest = open_.pop(thread) + rest.partition(" resumed>")[2]
        if found := CALL.match(f"{thread} {rest}"):
            yield found["name"], found["arguments"], int(found["result"])


def _ops(calls: Iterator[tuple[str, str, int]], folder: Path) -> Iterator[Op]:
    files: dict[int, str] = {}
    for name, arguments, result in calls:
        if result < 0:
            continue
        first = arguments.partition(",")[0]
        if name == "openat":
            path = Path(_text(arguments).decode())
            files.pop(result, None)
            if path == folder:
                files[result] = FOLDER
            elif path.parent == folder and not path.name.endswith(("-shm", ".lock")):
                files[result] = path.name
        elif name == "unlink":
            yield Unlink(Path(_text(arguments).decode()).name)
        elif name == "close":
            files.pop(int(first), None)
        elif name == "write" and int(first) == 1:
            yield from (Said(line) for line in _text(arguments).decode().splitlines())
        elif int(first) in files:
            yield from _on_file(name, arguments, files[int(first)])


def _on_file(name: str, arguments: str, file: str) -> Iterator[Op]:
    last = arguments.rpartition(", ")[2]
    match name:
        case "pwrite64":
            yield Write(file, int(last), _text(arguments))
        case "ftruncate":
            yield Truncate(file, int(last))
        case "fdatasync" | "fsync":
            yield Sync(file)
        case _:
            raise AssertionError(f"{name} on {file} is not understood by this recording")


def _text(arguments: str) -> bytes:
    found = TEXT.search(arguments)
    assert found, arguments
    return bytes.fromhex(found[1].replace("\\x", ""))


@dataclass(slots=True)
class Disk:
    """Files as they would be found after the power went: what was synced, and what became of the rest.

    Names of files are taken to be there at once: SQLite syncs the folder itself. A file that was taken away may come
    back, until the folder is synced or there is a new one of its name.
    """

    synced: dict[str, bytearray] = field(default_factory=dict)
    pending: dict[str, list[Write | Truncate]] = field(default_factory=dict)
    gone: dict[str, bytes] = field(default_factory=dict)

    def take(self, op: Op) -> None:
        match op:
            case Write(file=file) | Truncate(file=file):
                self.gone.pop(file, None)
                self.synced.setdefault(file, bytearray())
                self.pending.setdefault(file, []).append(op)
            case Sync(file=file) if file == FOLDER:
                self.gone.clear()
            case Sync(file=file):
                self.synced[file] = self._content(file, self.pending.pop(file, []))
            case Unlink(file=file):
                # SQLite asks for the -journal that a WAL database never had.
                if file in self.synced:
                    self.gone[file] = bytes(self.synced.pop(file))
                self.pending.pop(file, None)
            case Said():
                pass

    def _content(self, file: str, ops: list[Write | Truncate]) -> bytearray:
        content = bytearray(self.synced.get(file, b""))
        for op in ops:
            match op:
                case Write(offset=offset, data=data):
                    content.extend(bytes(max(0, offset + len(data) - len(content))))
                    content[offset : offset + len(data)] = data
                case Truncate(size=size):
                    del content[size:]
                    content.extend(bytes(size - len(content)))
        return content

    def everything(self) -> dict[str, bytes]:
        """All that was written came to rest."""
        return {
            file: bytes(self._content(file, self.pending.get(file, []))) for file in self.synced
        }

    def torn(self, random: Random) -> dict[str, bytes]:
        """All but the last write, of which some sectors, or some bytes, are missing at its end."""
        last = {file: ops[-1] for file, ops in self.pending.items() if ops}
        found = self.everything()
        for file, op in last.items():
            if isinstance(op, Write) and op.data:
                keep = random.randrange(len(op.data))
                keep -= keep % random.choice((1, SECTOR))
                cut = Write(file, op.offset, op.data[:keep])
                found[file] = bytes(self._content(file, [*self.pending[file][:-1], cut]))
        return found

    def lost(self, random: Random) -> dict[str, bytes]:
        """Of what was not synced, some writes came to rest and others did not, in any order the disk liked."""
        return self._left(random, lambda ops: [op for op in ops if random.random() < 0.5])

    def scattered(self, random: Random) -> dict[str, bytes]:
        """As `lost`, and of some writes only some sectors, anywhere in them."""
        return self._left(random, lambda ops: list(_scattered(ops, random)))

    def _left(
        self, random: Random, some: Callable[[list[Write | Truncate]], list[Write | Truncate]]
    ) -> dict[str, bytes]:
        back = {file: content for file, content in self.gone.items() if random.random() < 0.5}
        return back | {
            file: bytes(self._content(file, some(self.pending.get(file, []))))
            for file in self.synced
        }


def _scattered(ops: Sequence[Write | Truncate], random: Random) -> Iterator[Write | Truncate]:
    for op in ops:
        match op:
            case Write(file=file, offset=offset, data=data) if data:
                for part in write_log.survivors([write_log.Write(offset, data)], random):
                    yield Write(file, part.at, bytes(part.data))
            case _ if random.random() < 0.5:
                yield op
