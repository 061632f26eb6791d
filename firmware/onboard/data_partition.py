"""A partition of its own for what must last, behind that of the system: made once, before anything is written there."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from firmware.onboard.read_only_root import DATA, DATA_LABEL, RootFault, mounts, put_in_fstab

__all__ = ["Layout", "layout", "make_data_partition", "wanted_parts"]

SECTOR = 512
ALIGNED = 8192
"""Sectors, 4 MiB: what a card erases at once."""
# The system is never written afterwards; what is updated lies on the other one.
ROOT_SECTORS = (4 << 30) // SECTOR
LEAST_DATA_SECTORS = (1 << 30) // SECTOR
PATIENCE_S = 600


@dataclass(frozen=True, slots=True)
class Layout:
    """The card's disk and the root's partition on it; all in sectors of 512 bytes. `last`: nothing lies behind it."""

    disk: str
    sectors: int
    root: str
    number: int
    start: int
    size: int
    last: bool


def layout(mountinfo: str, sys: Path = Path("/sys")) -> Layout:
    """Where the root lies. Raises RootFault if that is no partition of a card."""
    device = next((w[2] for w in map(str.split, mountinfo.splitlines()) if w[4:5] == ["/"]), "")
    block = (sys / "dev/block" / device).resolve()
    if not (block / "partition").is_file():
        raise RootFault(
            "the root is no partition of a card: there is no room for another behind it"
        )

    def number(path: Path) -> int:
        return int(path.read_text())

    disk = block.parent
    start = number(block / "start")
    others = [number(one.parent / "start") for one in disk.glob("*/partition")]
    return Layout(
        disk=disk.name,
        sectors=number(disk / "size"),
        root=block.name,
        number=number(block / "partition"),
        start=start,
        size=number(block / "size"),
        last=max(others) == start,
    )


def wanted_parts(found: Layout) -> tuple[int, int, int]:
    """How large the root is to be, where the data begins and how large that is. Raises RootFault.

    >>> card = Layout("mmcblk0", 15_000_000, "mmcblk0p2", 2, 1_064_960, 5_000_000, last=True)
    >>> wanted_parts(card)
    (8388608, 9453568, 5545984)
    """
    if not found.last:
        raise RootFault("there is a partition behind the root's: write the card anew")
    root = max(found.size, ROOT_SECTORS)
    begin = -(-(found.start + root) // ALIGNED) * ALIGNED
    left = found.sectors - begin
    if left < LEAST_DATA_SECTORS:
        raise RootFault(
            f"there is no room for a data partition: {max(left, 0) * SECTOR >> 20} MB behind the system;"
            " use a larger card, and write it anew"
        )
    # The end of a card may be less than a whole piece.
    return root, begin, left // ALIGNED * ALIGNED


def make_data_partition(
    root: Path = Path("/"),
    *,
    labels: Path = Path("/dev/disk/by-label"),
    mountinfo: Path = Path("/proc/self/mountinfo"),
) -> None:
    """It is there and mounted in the end. May be cut off anywhere, and done again. Raises RootFault, OSError."""
    text = mountinfo.read_text(encoding="utf-8")
    if DATA in mounts(text):
        return
    if not (labels / DATA_LABEL).exists():
        _make(layout(text))
    put_in_fstab(root)
    (root / DATA.lstrip("/")).mkdir(exist_ok=True)
    _run("mount", DATA)


def _make(found: Layout) -> None:
    disk = f"/dev/{found.disk}"
    place = f"{found.root.removesuffix(str(found.number))}{found.number + 1}"
    data = f"/dev/{place}"
    if not Path(f"/sys/class/block/{place}").exists():
        size, begin, left = wanted_parts(found)
        if size > found.size:
            _run(
                "sfdisk",
                "--no-reread",
                "--force",
                "-N",
                str(found.number),
                disk,
                given=f",{size}\n",
            )
        new = f"start={begin}, size={left}, type=83\n"
        _run("sfdisk", "--no-reread", "--force", "--append", disk, given=new)
        _run("partx", "--update", disk)
        _run("udevadm", "settle")
    _run("resize2fs", f"/dev/{found.root}")
    # Without a name it is not finished: a power cut came between.
    _run("mkfs.ext4", "-q", "-F", "-L", DATA_LABEL, data)
    _run("udevadm", "settle")


def _run(*words: str, given: str = "") -> None:
    said = subprocess.run(
        words, input=given, check=False, capture_output=True, text=True, timeout=PATIENCE_S
    )
    if said.returncode:
        last = (said.stderr or said.stdout).strip().splitlines()[-1:]
        raise RootFault(f"{' '.join(words[:2])}: {''.join(last)}")
