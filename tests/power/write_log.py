"""A disk's writes in their order, as QEMU's blklogwrites driver logs them, and what a power cut leaves of them; pure.

The format is that of Linux's dm-log-writes (drivers/md/dm-log-writes.c): a superblock, then for each write a sector
that describes it and the sectors of its data; all numbers little-endian.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

__all__ = ["SECTOR", "Write", "note", "notes", "read_log", "settled", "survivors"]

SECTOR = 512
SUPERBLOCK = struct.Struct("<QQQI")
MAGIC = 0x6A736677736872
ENTRY = struct.Struct("<QQQQ")
FLUSH, FUA, DISCARD = 1, 2, 4
NOTE = b"said: "


@dataclass(frozen=True, slots=True)
class Write:
    """`at` is in bytes. A flush has no data: what stands before it is safe."""

    at: int
    data: bytes | memoryview
    flush: bool = False


def read_log(raw: bytes | memoryview) -> list[Write]:
    """Every write up to the last flush. Raises ValueError for what is no such log, or is one that ends too early."""
    magic, version, entries, sector = SUPERBLOCK.unpack_from(raw)
    if (magic, version, sector) != (MAGIC, 1, SECTOR):
        raise ValueError(f"no log of writes: {magic:#x}, version {version}, sectors of {sector}")
    found, at = [], SECTOR
    for number in range(entries):
        first, sectors, flags, _ = ENTRY.unpack_from(raw, at)
        if flags & ~(FLUSH | FUA) or (at := at + SECTOR) + sectors * SECTOR > len(raw):
            raise ValueError(f"entry {number} of the log: flags {flags:#x}, {sectors} sectors")
        data = raw[at : at + sectors * SECTOR]
        at += len(data)
        if data:
            found.append(Write(first * SECTOR, data))
        if flags:
            found.append(Write(0, b"", flush=True))
    return found


def note(line: str) -> bytes:
    """A sector that says a line."""
    text = NOTE + line.encode() + b"\n"
    if len(text) > SECTOR:
        raise ValueError(f"too long for a sector: {line}")
    return text.ljust(SECTOR, b"\0")


def notes(write: Write) -> Iterator[str]:
    """The lines that were noted in the sectors of a write."""
    for at in range(0, len(write.data), SECTOR):
        text = bytes(write.data[at : at + SECTOR])
        if text.startswith(NOTE):
            yield text[len(NOTE) : text.index(b"\n")].decode()


def settled(log: Sequence[Write], cut: int) -> int:
    """How many of the first `cut` entries no power cut takes away any more: those up to the last flush."""
    return max((n + 1 for n in range(cut) if log[n].flush), default=0)


def survivors(unsettled: Iterable[Write], random: Random) -> Iterator[Write]:
    """What comes to rest of writes that no flush made sure: all of one, none of it, or some of its sectors.

    How many do is the cut's own lot: a disk may have written nearly all of its cache or nearly nothing.
    """
    whole, torn = sorted((random.random(), random.random()))
    for write in unsettled:
        lot = random.random()
        if lot < whole:
            yield write
        elif lot < torn:
            yield from _torn(write, random)


def _torn(write: Write, random: Random) -> Iterator[Write]:
    sectors = range(0, len(write.data), SECTOR)
    if random.random() < 0.5:
        kept = list(sectors[: random.randrange(len(sectors))])
    else:
        kept = [at for at in sectors if random.random() < 0.5]
    for at in kept:
        yield Write(write.at + at, write.data[at : at + SECTOR])
