"""A run of a real process as its disk saw it, with folders: every name that came and went, every write and sync, by strace.

What a power cut leaves of it is taken as badly as POSIX allows: of each folder the changes of its names since it was
synced, up to any of them; of each file what was synced, and of the rest all, some or nothing.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

__all__ = ["Tree", "record_tree"]

CALLS = (
    "openat,close,write,pwrite64,fsync,fdatasync,ftruncate,mkdir,mkdirat,rename,renameat,renameat2,"
    "symlink,symlinkat,unlink,unlinkat,rmdir,link,linkat,sendfile,copy_file_range"
)
CALL = re.compile(r"^\d+ +(?P<name>\w+)\((?P<arguments>.*)\) += (?P<result>-?\d+)(?P<path><.*>)?")
TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
BRACKETS = re.compile(r"<((?:\\x[0-9a-f]{2})*)>")

Call = tuple[str, ...]


def record_tree(module: str, folder: Path) -> list[Call]:
    """Run `python -m module folder`, and tell what it did below `folder`, by paths relative to it, and said."""
    trace = folder.parent / f"{folder.name}.strace"
    strace = [
        "strace",
        "-f",
        "-y",
        "-xx",
        "-s",
        "10000000",
        "-e",
        f"trace={CALLS}",
        "-o",
        str(trace),
    ]
    command = [sys.executable, "-m", module, str(folder)]
    subprocess.run([*strace, *command], check=True, stdout=subprocess.DEVNULL)
    with trace.open(encoding="ascii") as lines:
        return list(_calls(lines, str(folder)))


def _calls(lines: Iterator[str], top: str) -> Iterator[Call]:
    open_: dict[str, str] = {}
    for line in lines:
        thread, _, rest = line.rstrip("\n").partition(" ")
        if rest.endswith("<unfinished ...>"):
            open_[thread] = rest.removesuffix("<unfinished ...>")
            continue
        if " resumed>" in rest:
            rest = open_.pop(thread) + rest.partition(" resumed>")[2]
        found = CALL.match(f"{thread} {rest}")
        if found is None or int(found["result"]) < 0:
            continue
        yield from _call(found["name"], found["arguments"], found["path"] or "", top)


def _call(name: str, arguments: str, result: str, top: str) -> Iterator[Call]:
    call: Call
    texts = [_bytes(one) for one in TEXT.findall(arguments)]
    opened = [_bytes(one).decode() for one in BRACKETS.findall(arguments)]

    def path(number: int) -> str:
        text = texts[number].decode()
        # Relative to the opened folder that stands before it.
        return text if text.startswith("/") else f"{opened[number]}/{text}"

    match name:
        case "openat" if "O_CREAT" in arguments or "O_TRUNC" in arguments:
            (there,) = BRACKETS.findall(result)
            kind = "emptied" if "O_TRUNC" in arguments else "opened"
            call = (kind, _bytes(there).decode())
        case "write" | "pwrite64":
            if arguments.startswith("1<"):
                yield from (("said", line) for line in texts[0].decode().splitlines())
                return
            offset = arguments.rpartition(", ")[2] if name == "pwrite64" else ""
            assert not offset
            call = ("write", opened[0], texts[0].decode("latin-1"))
        case "fsync" | "fdatasync":
            call = ("sync", opened[0])
        case "mkdir" | "mkdirat":
            call = ("folder", path(0))
        case "rename" | "renameat" | "renameat2":
            call = ("rename", path(0), path(1))
        case "symlink" | "symlinkat":
            assert texts[1].startswith(b"/")
            call = ("link", texts[1].decode(), texts[0].decode())
        case "unlink" | "unlinkat" | "rmdir":
            call = ("gone", path(0))
        case "openat" | "close":
            return
        case _:
            raise AssertionError(f"{name} is not understood by this recording: {arguments[:200]}")
    if call[1] == top or call[1].startswith(f"{top}/"):
        paths = 2 if call[0] == "rename" else 1
        below = (one.removeprefix(top).strip("/") for one in call[1 : 1 + paths])
        yield (call[0], *below, *call[1 + paths :])


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


@dataclass(slots=True, eq=False)
class _File:
    synced: bytes = b""
    written: bytes = b""


@dataclass(slots=True, eq=False)
class _Link:
    target: str


@dataclass(slots=True, eq=False)
class _Folder:
    """`names` as they are now, `synced` as the last sync left them, `since` every state that they had after it."""

    names: dict[str, _Node] = field(default_factory=dict)
    synced: dict[str, _Node] = field(default_factory=dict)
    since: list[dict[str, _Node]] = field(default_factory=list)

    def change(self, **names: _Node | None) -> None:
        self.names = {n: node for n, node in {**self.names, **names}.items() if node is not None}
        self.since.append(self.names)


_Node = _File | _Link | _Folder


class Tree:
    """The folder of a recording, as it goes on."""

    def __init__(self) -> None:
        self._top = _Folder()

    def take(self, call: Call) -> bool:
        """Whether a cut after it can leave anything that one before it could not."""
        match call:
            case ("opened" | "emptied" as kind, path):
                folder, name = self._at(path)
                file = folder.names.get(name)
                if not isinstance(file, _File):
                    folder.change(**{name: _File()})
                elif kind == "emptied":
                    file.written = b""
            case ("write", path, text):
                file = self._node(path)
                assert isinstance(file, _File)
                file.written += text.encode("latin-1")
            case ("sync", path):
                self._sync(self._node(path))
            case ("folder", ""):
                pass
            case ("folder", path):
                folder, name = self._at(path)
                folder.change(**{name: _Folder()})
            case ("link", path, target):
                folder, name = self._at(path)
                folder.change(**{name: _Link(target)})
            case ("rename", old, new):
                folder, name = self._at(old)
                to, new_name = self._at(new)
                assert folder is to, "a rename from one folder to another is not one change"
                folder.change(**{name: None, new_name: folder.names[name]})
            case ("gone", path):
                folder, name = self._at(path)
                folder.change(**{name: None})
            case ("said", _):
                return False
            case other:
                raise AssertionError(other)
        return True

    @staticmethod
    def _sync(node: _Node) -> None:
        match node:
            case _File():
                node.synced = node.written
            case _Folder():
                node.synced, node.since = node.names, []
            case _Link():
                raise AssertionError("a link cannot be opened")

    def _at(self, path: str) -> tuple[_Folder, str]:
        above, _, name = path.rpartition("/")
        folder = self._node(above)
        assert isinstance(folder, _Folder)
        return folder, name

    def _node(self, path: str) -> _Node:
        node: _Node = self._top
        for part in path.split("/") if path else ():
            assert isinstance(node, _Folder)
            node = node.names[part]
        return node

    def left(self, random: Random, to: Path) -> None:
        """Write what a power cut now leaves into the folder `to`, which is not there yet."""
        # Each cut has its own luck: nearly all may have come to rest, or nearly nothing.
        self._write(self._top, to, random, random.random())

    def _write(self, node: _Node, to: Path, random: Random, luck: float) -> None:
        match node:
            case _File():
                to.write_bytes(_content(node, random, luck))
            case _Link():
                to.symlink_to(node.target)
            case _Folder():
                to.mkdir()
                was = [node.synced, *node.since]
                names = was[-1] if random.random() < luck else random.choice(was)
                for name, below in names.items():
                    self._write(below, to / name, random, luck)


def _content(file: _File, random: Random, luck: float) -> bytes:
    if file.synced == file.written or random.random() < luck:
        return file.written
    more = file.written[len(file.synced) :]
    match random.randrange(3):
        case 0:
            return file.synced
        case 1:
            return file.synced + more[: random.randrange(len(more) + 1)]
        case _:
            return file.synced + bytes(len(more))
