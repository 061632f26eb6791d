"""The releases of the run: the first as `jiaohao bundle` makes it, a later one of the same, and one that does not start."""

from __future__ import annotations

import tarfile
import time
from dataclasses import dataclass
from pathlib import Path

from firmware.cards.packing import Release, pack
from firmware.cards.release_key import open_key
from firmware.cards.targets import TARGETS
from firmware.onboard.whole import MANIFEST, PACKAGES, SIGNATURE

__all__ = ["TARGET", "Bundle", "first", "packed_anew"]

TARGET = "x86_64-cp311"
BOARD = f"{PACKAGES}/firmware/board.py"
START = '    """`jiaohao board`: run the devices of one board on real hardware."""\n'
BREAK = '    raise SystemExit("this release is broken")\n'


@dataclass(frozen=True, slots=True)
class Bundle:
    """`name` is the release's folder on a board."""

    path: Path
    name: str


def first(made: Path) -> Bundle:
    """What `jiaohao bundle` has made."""
    from firmware.onboard.unpacking import Bundle as Opened

    with Opened(made) as opened:
        return Bundle(made, opened.manifest.name)


def packed_anew(made: Path, key: Path, counter: int, out: Path, *, broken: bool = False) -> Bundle:
    """The same files under a later counter; `broken`: they can all be imported, and yet no board starts by them."""
    stage = out / f"stage-{counter}"
    with tarfile.open(made) as tar:
        tar.extractall(stage, filter="data")
    for name in (MANIFEST, SIGNATURE):
        (stage / name).unlink()
    if broken:
        board = stage / BOARD
        text = board.read_text(encoding="utf-8")
        assert START in text
        board.write_text(text.replace(START, START + BREAK), encoding="utf-8")
    release = Release(
        version=made.name.split("-")[1],
        counter=counter,
        target=TARGETS[TARGET],
        role="board",
        built=int(time.time()),
    )
    path, manifest = pack(stage, release, open_key(key), out)
    return Bundle(path, manifest.name)
