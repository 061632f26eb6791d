"""A boot partition inside an image file or a block device: nothing is mounted, GNU mtools read and write it."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from firmware.cards.partition import CHUNK, Source, Told, chunks

__all__ = ["STAGE", "Mtools", "Tool", "run_tool"]

STAGE = "jiaohao.part"
"""Files are written in this folder and moved out of it once they are whole: moved, a short name keeps its small letters."""

QUIET = {"MTOOLSRC": os.devnull, "LC_ALL": "C.UTF-8"}

Tool = Callable[[list[str], Iterable[bytes]], Iterator[bytes]]
"""Runs a program with this on its standard input and gives its output, piece by piece. Raises OSError if it fails."""


def run_tool(command: list[str], given: Iterable[bytes]) -> Iterator[bytes]:
    # No shell; the programs are mtools' own, the arguments our own names.
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | QUIET,
    ) as tool:
        into, out, said = tool.stdin, tool.stdout, tool.stderr
        if not (into and out and said):
            raise OSError(f"{command[0]} has no streams")
        # A program that has ended early says why on its way out.
        with contextlib.suppress(BrokenPipeError):
            for piece in given:
                into.write(piece)
            into.close()
        while chunk := out.read(CHUNK):
            yield chunk
        words = said.read().decode(errors="replace").strip().splitlines()
    if tool.returncode and words and words[-1].endswith("not found"):
        raise FileNotFoundError(words[-1])
    if tool.returncode:
        raise OSError(words[-1] if words else f"{command[0]} failed")


class Mtools:
    """The partition begins `offset` bytes into the image."""

    def __init__(self, image: Path, offset: int, tool: Tool = run_tool) -> None:
        self._image, self._tool = image, tool
        self._at = f"{image}@@{offset}"
        self._folders = {""}

    def names(self, folder: str = "") -> frozenset[str]:
        try:
            listed = self._do("mdir", "-b", f"::/{folder}").decode().splitlines()
        except FileNotFoundError:
            return frozenset()
        return frozenset(line.rstrip("/").rpartition("/")[2] for line in listed if line)

    def read(self, path: str) -> bytes:
        return self._do("mcopy", f"::/{path}", "-")

    def write(self, path: str, source: Source, told: Told) -> None:
        folder, _, name = path.rpartition("/")
        if missing := {STAGE, folder} - self._folders:
            for needed in sorted(missing - self.names()):
                self._do("mmd", f"::/{needed}")
            self._folders |= missing
        self._do("mcopy", "-o", "-", f"::/{STAGE}/{name}", given=_told(source, told))
        self._do("mmove", "-D", "o", f"::/{STAGE}/{name}", f"::/{path}")

    def remove(self, path: str) -> None:
        # Also a folder, with what a card that was pulled out left there.
        self._do("mdeltree", f"::/{path}")
        self._folders.discard(path)

    def sha256(self, path: str, told: Told) -> str:
        self.flush()
        found = sha256()
        for piece in self._tool(["mcopy", "-i", self._at, f"::/{path}", "-"], ()):
            found.update(piece)
            told(len(piece))
        return found.hexdigest()

    def free(self) -> int:
        said = self._do("mdir", "::/").decode()
        last = re.search(r"([\d ]+) bytes free\s*\Z", said)
        if last is None:
            raise OSError("mdir does not say how much is free")
        return int(last[1].replace(" ", ""))

    def flush(self) -> None:
        opened = os.open(self._image, os.O_RDONLY)
        try:
            os.fsync(opened)
            # What is read next comes from the card, not from the laptop's memory.
            os.posix_fadvise(opened, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(opened)

    def _do(self, program: str, *arguments: str, given: Iterable[bytes] = ()) -> bytes:
        return b"".join(self._tool([program, "-i", self._at, *arguments], given))


def _told(source: Source, told: Told) -> Iterator[bytes]:
    for piece in chunks(source):
        yield piece
        told(len(piece))
