"""Which release each board is to run: one file, which `jiaohao update` writes and the desk reads at every question."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from broker.desk.book import Book, ReleaseWanted
from broker.private import make_private_folder, write_private

__all__ = ["Release", "Wanted", "read_wanted", "releases_in", "write_wanted"]

NAME = "wanted.json"

Hash = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]


class Release(Struct, frozen=True, kw_only=True):
    """`file` is a bundle's name in the desk's folder `releases`, `sha256` the whole file's; `counter` is the bundle's."""

    file: Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._+-]{0,120}\.bundle\Z")]
    sha256: Hash
    counter: int
    version: str


class Wanted(Struct, frozen=True, kw_only=True):
    """By board, the hub's own under `coordinator`; who is not named keeps what it has."""

    releases: dict[str, Release] = {}


def releases_in(desk: Path) -> Path:
    """Where the bundles lie that the desk hands out."""
    return desk / "releases"


def read_wanted(desk: Path) -> Wanted:
    """Nothing is wanted as long as nobody said so. Raises OSError, msgspec.DecodeError."""
    try:
        return msgspec.json.decode((desk / NAME).read_bytes(), type=Wanted)
    except FileNotFoundError:
        return Wanted()


def write_wanted(desk: Path, wanted: Wanted, now_ms: int) -> None:
    """From now on boards are told this; what is new in it stands in the desk's book first. Raises OSError, ValueError."""
    make_private_folder(desk)
    before = read_wanted(desk).releases
    with Book(desk).open() as pen:
        for board, release in wanted.releases.items():
            if before.get(board) != release:
                entry = ReleaseWanted(
                    board=board,
                    at=now_ms,
                    version=release.version,
                    counter=release.counter,
                    sha256=release.sha256,
                )
                pen.write(entry)
        write_private(desk / NAME, msgspec.json.format(msgspec.json.encode(wanted)))
