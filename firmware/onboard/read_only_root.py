"""A system whose root is never written: switched on once, then looked at by each boot. What must last is on a partition of its own.

Raspberry Pi OS and Debian have it as the package `overlayroot`: what is written to the root goes into memory and is
gone with the power. It runs in the initramfs, whose shell finds `grep` in busybox alone, which it does not ask for.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from firmware.onboard.durable import write_durably
from firmware.onboard.places import Places

__all__ = [
    "DATA_LABEL",
    "DEBS",
    "FAULTS",
    "NEEDED",
    "Mount",
    "RootFault",
    "is_unwritten",
    "look",
    "mounts",
    "put_in_fstab",
    "switch_on",
    "what_is_wrong",
]

NEEDED = ("overlayroot", "busybox")
DEBS = "debs/read-only-root"
"""Where a release that was made for it brings these packages, with what they need beside Raspberry Pi OS Lite."""
DATA_LABEL = "jiaohao-data"
DATA = "/data"
# recurse=0: without it every other line of fstab becomes read-only as well, /data among them, or the system does not start.
WORDS = 'overlayroot="tmpfs:recurse=0"'
CONFIGURED = "etc/overlayroot.local.conf"
PROGRAMS = ("usr/share/initramfs-tools/scripts/init-bottom/overlayroot", "bin/busybox")
"""By which the packages are known, in their order."""
# A card whose data partition is gone still starts, and says so.
FSTAB = f"LABEL={DATA_LABEL} {DATA} ext4 noatime,errors=remount-ro,commit=5,nofail 0 2"
INITRAMFS_S = 1800
MOUNTINFO = Path("/proc/self/mountinfo")
FAULTS = "root.json"
"""In `Places.run`: a list of sentences, for the board and for who asks how it is."""


class RootFault(OSError):
    """It cannot be switched on here; a sentence says why."""


@dataclass(frozen=True, slots=True)
class Mount:
    place: str
    kind: str
    options: frozenset[str]

    @property
    def is_written(self) -> bool:
        return "rw" in self.options


def mounts(mountinfo: str) -> dict[str, Mount]:
    r"""By place, from /proc/self/mountinfo (proc(5)); of several at one place the last, which hides the others.

    >>> text = "30 1 0:26 / / rw - overlay overlayroot rw,lowerdir=/media/root-ro\n"
    >>> mounts(text)["/"].kind
    'overlay'
    """
    found = {}
    for line in mountinfo.splitlines():
        ours, dash, theirs = line.partition(" - ")
        words, of = ours.split(" "), theirs.split(" ")
        if not dash or len(words) < 6 or len(of) < 3:
            continue
        place = words[4].replace("\\040", " ")
        # The mount's own options and the file system's: one that fell back to read-only says so in the second alone.
        both = [frozenset(words[5].split(",")), frozenset(of[2].split(","))]
        written = all("rw" in options for options in both)
        others = (both[0] | both[1]) - {"rw", "ro"}
        found[place] = Mount(place, of[0], others | {"rw" if written else "ro"})
    return found


def what_is_wrong(wanted: bool, found: dict[str, Mount]) -> Iterator[str]:
    """Sentences for the technician about root and data partition; none if all is as it was `wanted`."""
    root, data = found.get("/"), found.get(DATA)
    is_overlay = root is not None and root.kind == "overlay"
    if wanted and not is_overlay:
        yield (
            "the root is written to the card, though it was to be read-only: a power cut can damage it;"
            " see /etc/overlayroot.local.conf, or write a new card"
        )
    if not wanted and is_overlay:
        yield "the root is kept in memory, though nobody wanted that: what is set on this board is gone at the next start"
    if is_overlay and data is None:
        yield (
            f"there is no data partition ({DATA_LABEL}): what the hall writes is gone with the power; write a new card"
        )
    elif is_overlay and data is not None and data.kind == "overlay":
        yield f"{DATA} is kept in memory: what the hall writes is gone with the power; it wants {WORDS}"
    elif data is not None and not data.is_written:
        yield f"{DATA} has become read-only: the card is failing, write a new one"


def is_unwritten(mountinfo: Path = MOUNTINFO) -> bool:
    """Whether this boot runs so."""
    root = mounts(mountinfo.read_text(encoding="utf-8")).get("/")
    return root is not None and root.kind == "overlay"


def look(places: Places, root: Path = Path("/"), mountinfo: Path = MOUNTINFO) -> list[str]:
    """Once in each boot: what is wrong, as `what_is_wrong` says it, is left where the hall's programs find it."""
    faults = [*what_is_wrong(_is_wanted(root), mounts(mountinfo.read_text(encoding="utf-8")))]
    places.run.mkdir(parents=True, exist_ok=True)
    write_durably(places.run / FAULTS, json.dumps(faults).encode())
    return faults


def _is_wanted(root: Path) -> bool:
    configured = root / CONFIGURED
    return configured.is_file() and configured.read_text(encoding="utf-8").strip() == WORDS


def switch_on(root: Path = Path("/"), *, labels: Path = Path("/dev/disk/by-label")) -> bool:
    """From the next start on. False if it is so already. Raises RootFault, and nothing is changed then."""
    for package, program in zip(NEEDED, PROGRAMS, strict=True):
        if not (root / program).exists():
            raise RootFault(
                f"the root cannot be made read-only: the package {package} is not installed;"
                " make the bundle with it (`jiaohao bundle --read-only-root`), and write the card anew"
            )
    if not (labels / DATA_LABEL).exists():
        raise RootFault(
            f"the root cannot be made read-only: there is no partition {DATA_LABEL} for what must last"
        )
    if not put_in_fstab(root) and _is_wanted(root):
        return False
    # First fstab, then the rest: a start in between finds the data, on a root that is still written.
    _make_initramfs(root)
    write_durably(root / CONFIGURED, f"{WORDS}\n".encode())
    return True


def put_in_fstab(root: Path) -> bool:
    """The data partition's line, in place of any other for `/data`. False if it is there already."""
    fstab = root / "etc/fstab"
    lines = fstab.read_text(encoding="utf-8").splitlines()
    if FSTAB in lines:
        return False
    kept = [line for line in lines if line.split()[1:2] != [DATA]]
    write_durably(fstab, "\n".join([*kept, FSTAB, ""]).encode())
    return True


def _make_initramfs(root: Path) -> None:
    words = ["update-initramfs", "-u", "-k", "all"]
    if root != Path("/"):
        words = ["chroot", str(root), *words]
    said = subprocess.run(words, check=False, capture_output=True, text=True, timeout=INITRAMFS_S)
    if said.returncode:
        raise RootFault(f"update-initramfs: {said.stderr.strip().splitlines()[-1:]}")
