"""What runs inside the guest: work on two disks, or a look at what a power cut left of them. Says its findings on stdout."""

from __future__ import annotations

import mmap
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from tests.power import board_at_work, hub_at_work, release_at_work
from tests.power.laws import LAWS, Found
from tests.power.write_log import SECTOR, note

__all__ = ["DISK_BYTES", "DONE", "FILE_SYSTEM_BYTES", "WORK", "Left"]

# Behind the file system each disk has room for what was said: it stands in the same log, so before or after is exact.
FILE_SYSTEM_BYTES = 128 << 20
DISK_BYTES = FILE_SYSTEM_BYTES + (16 << 20)
DONE = "done"
MOUNTS = Path("/run/disks")
# Several checkpoints, several commits of ext4's own journal, and its write-back after half a minute.
CHECKPOINT_PAGES = 100
WORK: dict[str, Callable[[Path, Callable[[str], None]], None]] = {
    "journal": lambda folder, say: hub_at_work.work(folder, say, 450, CHECKPOINT_PAGES),
    "outbox": lambda folder, say: board_at_work.work(folder, say, 1500, CHECKPOINT_PAGES),
    "release": lambda folder, say: release_at_work.work(folder, say, 45),
}


class Notes:
    """Lines noted past the file system: straight to the disk, and without a flush that would save anybody's writes."""

    def __init__(self, device: Path) -> None:
        self._disk = os.open(device, os.O_WRONLY | os.O_DIRECT)
        self._at = FILE_SYSTEM_BYTES
        # O_DIRECT wants memory that is aligned.
        self._sector = mmap.mmap(-1, SECTOR)

    def say(self, line: str) -> None:
        if self._at == DISK_BYTES:
            raise OSError("the disk has no more room for notes: let the work be shorter")
        self._sector[:] = note(line)
        assert os.pwrite(self._disk, self._sector, self._at) == SECTOR
        self._at += SECTOR


class Left(msgspec.Struct, frozen=True):
    """A disk after a cut, by the serial number under which the guest finds it, and what had been said before."""

    serial: str
    law: str
    said: list[str]


def device(serial: str) -> Path:
    (found,) = (
        path.parent.name
        for path in Path("/sys/block").glob("vd*/serial")
        if path.read_text().strip("\n\0") == serial
    )
    return Path("/dev") / found


def mount(serial: str) -> Path:
    folder = MOUNTS / serial
    folder.mkdir(parents=True, exist_ok=True)
    # As Raspberry Pi OS mounts its card.
    subprocess.run(["mount", "-o", "defaults,noatime", device(serial), folder], check=True)
    return folder / "hall"


def work(serial: str) -> None:
    WORK[serial](mount(serial), Notes(device(serial)).say)


def look(left: Left) -> Found:
    # As Raspberry Pi OS starts (fsck.repair=yes); it ends with 1 where it mended something.
    fsck = ["fsck.ext4", "-y", str(device(left.serial))]
    mended = subprocess.run(fsck, check=False, capture_output=True, text=True)
    if mended.returncode not in {0, 1}:
        return Found(opened=f"fsck.ext4 ended with {mended.returncode}: {mended.stdout}")
    try:
        folder = mount(left.serial)
    except subprocess.CalledProcessError as fault:
        return Found(opened=f"the file system cannot be mounted: {fault}")
    try:
        return LAWS[left.law](folder, left.said)
    except Exception as fault:
        # Whatever it is, the other disks are still to be looked at.
        return Found(opened=repr(fault))


def main() -> None:
    match sys.argv[1:]:
        case ["work"]:
            workers = [multiprocessing.Process(target=work, args=(serial,)) for serial in WORK]
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
            assert not any(worker.exitcode for worker in workers)
            os.sync()
        case ["look", disks]:
            for left in msgspec.json.decode(Path(disks).read_bytes(), type=list[Left]):
                print(msgspec.json.encode(look(left)).decode(), flush=True)
        case other:
            assert other == ["nothing"]
    print(DONE, flush=True)


if __name__ == "__main__":
    main()
