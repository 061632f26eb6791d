"""Finds the boot partition behind a path that the technician names: a mounted folder, an image file, a card reader's device."""

from __future__ import annotations

import os
import shutil
import stat
import struct
from collections.abc import Iterable
from pathlib import Path

from firmware.cards.mounted import Mounted
from firmware.cards.mtools import Mtools
from firmware.cards.partition import CardFault, Partition

__all__ = ["fat_offset", "mounted_of", "open_partition"]

SECTOR = 512
FAT = {0x04, 0x06, 0x0B, 0x0C, 0x0E}
GPT = 0xEE
MOUNTS = Path("/proc/self/mounts")
SUFFIXES = (".xz", ".zip", ".gz", ".zst")
PROGRAMS = ("mcopy", "mdir", "mmove", "mmd", "mdeltree")


def open_partition(path: Path) -> Partition:
    """Raises CardFault with a sentence if no boot partition can be there, OSError if the path cannot be read."""
    if not path.exists():
        raise CardFault(f"there is no {path}: is the card in the reader, is its partition mounted?")
    if path.is_dir():
        if not {"config.txt", "issue.txt"} <= {name.name.lower() for name in path.iterdir()}:
            raise CardFault(
                f"{path} is a folder, but no boot partition of Raspberry Pi OS: name the folder where the card's"
                " partition `bootfs` is mounted, the card reader's device (such as /dev/sda), or an image file"
            )
        return Mounted(path)
    if path.name.endswith(SUFFIXES):
        raise CardFault(f"{path} is packed: unpack it first (unxz, unzip), then name the .img file")
    if stat.S_ISBLK(path.stat().st_mode) and MOUNTS.exists():
        for where in mounted_of(path, MOUNTS.read_text(encoding="utf-8").splitlines()):
            raise CardFault(
                f"{path} is in use, mounted at {where}: name that folder, if it is the card's boot partition,"
                " or unmount it first"
            )
    if not os.access(path, os.R_OK | os.W_OK):
        raise CardFault(
            f"{path} may not be read and written by you: use sudo, or mount the card and name its folder"
        )
    if missing := [program for program in PROGRAMS if shutil.which(program) is None]:
        raise CardFault(
            f"an image or a device is written by mtools, and {missing[0]} is not here: sudo apt install mtools"
        )
    with path.open("rb") as file:
        offset = fat_offset(file.read(SECTOR))
    if offset is None:
        raise CardFault(
            f"{path} has no boot partition of Raspberry Pi OS: is the card empty, or another kind of disk?"
            " Flash Raspberry Pi OS Lite (64-bit) onto it first"
        )
    return Mtools(path, offset)


def fat_offset(first: bytes) -> int | None:
    """Where the FAT file system begins, by the first sector of a disk or of a partition alone; in bytes."""
    if len(first) < SECTOR or first[510:512] != b"\x55\xaa":
        return None
    if first[82:87] == b"FAT32" or first[54:59] in (b"FAT16", b"FAT12"):
        return 0
    kind, begin = first[446 + 4], struct.unpack_from("<I", first, 446 + 8)[0]
    return begin * SECTOR if kind in FAT and begin else None


def mounted_of(device: Path, mounts: Iterable[str]) -> Iterable[str]:
    """Where the device itself, or a partition of it, is mounted, by lines as /proc/mounts has them."""
    for line in mounts:
        source, where, *_ = line.split(" ")
        rest = source.removeprefix(str(device))
        if source == str(device) or (rest != source and rest.lstrip("p").isdecimal()):
            yield where.replace("\\040", " ")
