"""The desk's durable book: every enrolment, acceptance, revocation and wanted release, one line each, on the disk before anybody hears of it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from msgspec import Struct

from broker.private import make_private_folder

__all__ = [
    "Accepted",
    "Asked",
    "Book",
    "Enrolled",
    "Entry",
    "ReleaseWanted",
    "Revoked",
    "TurnedAway",
]

NAME = "deeds.jsonl"


class _Entry(Struct, frozen=True, kw_only=True, tag_field="deed", tag=True):
    """`at` in ms since 1970."""

    board: str
    at: int


class Asked(_Entry, frozen=True):
    """A board waits for a technician. `key` is the hash of its public key, `token` the token's number."""

    token: str
    key: str


class Accepted(_Entry, frozen=True):
    key: str


class TurnedAway(_Entry, frozen=True):
    key: str


class Enrolled(_Entry, frozen=True):
    """The token is used. `serial`, in hex, is the certificate's, which is made only now, and made again after a power cut."""

    token: str
    key: str
    serial: str
    replace: bool = False
    devices: tuple[str, ...] = ()


class Revoked(_Entry, frozen=True):
    by: str
    certificates: int


class ReleaseWanted(_Entry, frozen=True):
    """The board is told to run it."""

    version: str
    counter: int
    sha256: str


Entry = Asked | Accepted | TurnedAway | Enrolled | Revoked | ReleaseWanted


@dataclass(slots=True)
class Book:
    """Several processes write in it; each sees what stands in it as long as it holds it open."""

    folder: Path
    tokens: dict[str, Asked | Enrolled] = field(default_factory=dict)
    """By the token's number: who came with it."""
    enrolled: dict[str, Enrolled] = field(default_factory=dict)
    """By board: the newest."""
    answers: dict[str, Accepted | TurnedAway] = field(default_factory=dict)
    """By key: what a technician said of it last."""
    wanted: dict[str, str] = field(default_factory=dict)
    """By board: the hash of the bundle that it was told to run last."""
    _read: int = 0

    @contextmanager
    def open(self) -> Iterator[Pen]:
        """Nobody else writes meanwhile. Raises OSError, ValueError if a line is damaged."""
        make_private_folder(self.folder)
        file = os.open(self.folder / NAME, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            self._catch_up(file)
            yield Pen(self, file)
        finally:
            os.close(file)

    def waiting(self) -> tuple[Asked, ...]:
        """The boards that wait for a technician's word."""
        return tuple(
            one
            for one in self.tokens.values()
            if isinstance(one, Asked) and one.key not in self.answers
        )

    def _catch_up(self, file: int) -> None:
        size = os.fstat(file).st_size
        text = os.pread(file, size - self._read, self._read)
        whole = text.rfind(b"\n") + 1
        if whole < len(text):
            # A power cut tore the last line; nobody was told what it says.
            os.ftruncate(file, self._read + whole)
            os.fsync(file)
        for line in text[:whole].splitlines():
            try:
                self._take(msgspec.json.decode(line, type=Entry))
            except msgspec.DecodeError as fault:
                raise ValueError(
                    f"{self.folder / NAME} is damaged: {line[:80]!r} is no line of it ({fault})"
                ) from fault
        self._read += whole

    def _take(self, entry: Entry) -> None:
        match entry:
            case Asked(token=token):
                self.tokens[token] = entry
            case Enrolled(token=token, board=board):
                self.tokens[token] = self.enrolled[board] = entry
            case Accepted(key=key) | TurnedAway(key=key):
                self.answers[key] = entry
            case ReleaseWanted(board=board, sha256=sha256):
                self.wanted[board] = sha256
            case Revoked():
                pass  # stands there to be read


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes in a book that is held open."""

    _book: Book
    _file: int

    def write(self, entry: Entry) -> None:
        """It is on the disk when this returns. Raises OSError; then it does not stand there."""
        line = msgspec.json.encode(entry) + b"\n"
        before = os.fstat(self._file).st_size
        try:
            written = os.write(self._file, line)
            os.fsync(self._file)
        except OSError:
            os.ftruncate(self._file, before)
            raise
        if written < len(line):
            os.ftruncate(self._file, before)
            raise OSError(f"the disk is full: {self._book.folder / NAME} cannot be written")
        self._book._take(entry)  # noqa: SLF001 - the two are one
        self._book._read = before + len(line)  # noqa: SLF001
