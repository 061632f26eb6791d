"""`python -m tests.power`: the power of a whole machine, cut at random; ends with a table, and with 1 if it is not clean."""

from __future__ import annotations

import argparse
import mmap
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

import msgspec

from tests.power.guest import FILE_SYSTEM_BYTES, WORK, Left
from tests.power.laws import Found
from tests.power.machine import ROOT, Machine, NoMachine, new_disk
from tests.power.write_log import Write, notes, read_log, settled, survivors

CUTS = 150
# Cut points looked at in one start of the machine, each on disks of its own: so many fit on its bus.
AT_ONCE = 8


def say(sentence: str) -> None:
    print(f"powercut: {time.strftime('%H:%M:%S')} {sentence}", flush=True)


class Disk:
    """One disk's log, and its content as the cuts go on through it: each at or after the one before."""

    def __init__(self, name: str, empty: Path, log: Path, folder: Path) -> None:
        with log.open("rb") as file:
            self.log = read_log(memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)))
        self.name = name
        self.said = [
            (n + 1, line)
            for n, write in enumerate(self.log)
            if write.at >= FILE_SYSTEM_BYTES
            for line in notes(write)
        ]
        self._safe, self._at = folder / f"safe-{name}", 0
        shutil.copy(empty, self._safe)

    def cut(self, at: int, left: Path, random: Random) -> list[str]:
        """Make the disk as the power left it after `at` entries; what had been said by then."""
        safe = settled(self.log, at)
        _put(self._safe, self.log[self._at : safe])
        self._at = safe
        # Not shutil.copy: most of the disk is a hole.
        subprocess.run(["cp", "--sparse=always", self._safe, left], check=True)
        _put(left, list(survivors(self.log[safe:at], random)))
        return [line for said_at, line in self.said if said_at <= at]


def _put(disk: Path, writes: list[Write]) -> None:
    with disk.open("r+b") as file:
        for write in writes:
            file.seek(write.at)
            file.write(write.data)


def record(machine: Machine, folder: Path) -> list[Disk]:
    """Let the guest work on empty disks."""
    empty = folder / "empty"
    new_disk(empty)
    used = {name: folder / f"used-{name}" for name in WORK}
    logs = {name: folder / f"log-{name}" for name in WORK}
    for name in WORK:
        shutil.copy(empty, used[name])
        logs[name].touch()
    machine.run("work", disks=used, logs=logs)
    return [Disk(name, empty, logs[name], folder) for name in WORK]


def look(machine: Machine, folder: Path, left: list[Left]) -> list[Found]:
    """Start the machine again with what the cuts left in `folder`."""
    listed = folder / "left.json"
    listed.write_bytes(msgspec.json.encode(left))
    try:
        lines = machine.run(
            "look",
            str(listed.relative_to(ROOT)),
            disks={one.serial: folder / one.serial for one in left},
        )
    except NoMachine as fault:
        return [Found(opened=f"{fault}")] * len(left)
    return [msgspec.json.decode(line, type=Found) for line in lines]


HEAD = (
    "disk",
    "cut points tried",
    "opened",
    "answered records lost",
    "chain broken",
    "longest open time (s)",
)


def table(found: dict[str, list[Found]]) -> str:
    """As Markdown."""
    lines = ["| " + " | ".join(HEAD) + " |", "|---|" + "---:|" * (len(HEAD) - 1)]
    for disk, all_ in found.items():
        cells = (
            disk,
            len(all_),
            sum(not one.opened for one in all_),
            sum(len(one.lost) for one in all_),
            sum(bool(one.broken) for one in all_),
            f"{max((one.open_s for one in all_), default=0):.2f}",
        )
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)


def cuts(machine: Machine, folder: Path, tries: int, seed: int) -> dict[str, list[Found]]:
    began = time.monotonic()
    disks = record(machine, folder)
    say(f"the guest has worked for {time.monotonic() - began:.0f} s")
    lots, points = Random(seed), {}
    for disk in disks:
        flushes = sum(write.flush for write in disk.log)
        say(
            f"{disk.name}: {len(disk.log) - flushes:,} writes and {flushes:,} flushes logged, {len(disk.said):,} lines said"
        )
        points[disk.name] = sorted(lots.choices(range(1, len(disk.log) + 1), k=tries))
    found: dict[str, list[Found]] = {disk.name: [] for disk in disks}
    for first in range(0, tries, AT_ONCE):
        batch = folder / f"cuts-{first}"
        batch.mkdir()
        left = []
        for number in range(first, min(first + AT_ONCE, tries)):
            for disk in disks:
                serial = f"{disk.name}-{number}"
                # Each cut from a seed of its own, so that none depends on what came before.
                random = Random(f"{seed} {serial}")
                said = disk.cut(points[disk.name][number], batch / serial, random)
                left.append(Left(serial, disk.name, said))
        clean = True
        for one, result in zip(left, look(machine, batch, left), strict=True):
            found[one.law].append(result)
            if not result.is_good:
                clean = False
                say(f"{one.serial}: {str(result)[:600]}")
        if clean:
            shutil.rmtree(batch)
        good = sum(result.is_good for results in found.values() for result in results)
        tried = len(left) // len(disks) + first
        say(f"{tried} of {tries} cut points, {good} of {tried * len(disks)} disks whole")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.power", description="Cut the power.")
    parser.add_argument("--seed", type=int, default=2388)
    parser.add_argument("--cuts", type=int, default=CUTS)
    options = parser.parse_args()
    build = ROOT / "build" / "powercut"
    build.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=build))
    try:
        machine = Machine(folder)
        say(
            f"a Debian guest with Linux {machine.release} ({machine.accelerator}); seed {options.seed}"
        )
        found = cuts(machine, folder, options.cuts, options.seed)
    except NoMachine as fault:
        print(f"powercut: {fault}", file=sys.stderr)
        return 1
    print(f"\n{table(found)}")
    if all(one.is_good for all_ in found.values() for one in all_):
        shutil.rmtree(folder)
        return 0
    print(f"powercut: not clean; the log and the disks are in {folder}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
