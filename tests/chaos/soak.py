"""Whether a hall that runs for long stays as it was: memory, descriptors, threads, disk, and what is retained."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec
import psutil

from tests.chaos.crash import settle
from tests.chaos.hall import opened
from tests.chaos.people import Crowd, People
from tests.chaos.result import Result
from tests.chaos.verdict import judge
from tests.processes import REPOSITORY

__all__ = ["days", "steady"]

WARM = 0.2
WARM_DAYS = 4  # until then pools and caches still fill
MEMORY_KB_A_DAY = 150.0
MEMORY_STEP_KB = 1024.0  # the allocator takes it by the arena: one more in all is no growth
ROW_BYTES = 400
OTHERS_KB = 32_768
GROWTH_MB = 8.0


def days(folder: Path, seed: str, number: int, say: Callable[[str], None] = print) -> Result:
    """Days of twelve counters in compressed time; one midnight at which all is as the journal says is one recovery."""
    result = Result(f"soak: {number} days of twelve counters, compressed")
    command = [sys.executable, "-m", "tests.chaos.actors.soak", "--seed", seed]
    command += ["--days", str(number), "--data", str(folder)]
    seen: list[dict[str, Any]] = []
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for line in process.stdout:
            midnight = msgspec.json.decode(line)
            seen.append(midnight)
            result.tried += 1
            result.verdict.wrong += midnight["differences"]
            if not midnight["differences"]:
                result.took(0.0)
            say(
                f"{result.fault}: day {midnight['day']}, {midnight['memory_kb']} KB, {midnight['rows']} rows"
            )
    if process.returncode or len(seen) < number:
        result.notes.append(f"the soak ended with {process.returncode} after {len(seen)} days")
    if len(seen) > WARM_DAYS:
        _judge(result, seen)
    return result


def _judge(result: Result, seen: list[dict[str, Any]]) -> None:
    warm = seen[max(WARM_DAYS, int(len(seen) * WARM)) - 1 :]
    slopes = {
        what: slope(day[what] for day in warm) for what in ("memory_kb", "descriptors", "threads")
    }
    first, last = warm[0], warm[-1]
    row = (last["journal_kb"] - first["journal_kb"]) * 1024 / (last["rows"] - first["rows"])
    result.facts.append(
        f"{result.fault}: {last['rows']} rows in {last['seconds']:.0f} s; slopes a day after warm-up: memory"
        f" {slopes['memory_kb']:+.1f} KB of {last['memory_kb']} KB, descriptors {slopes['descriptors']:+.2f} of"
        f" {last['descriptors']}, threads {slopes['threads']:+.2f} of {last['threads']}; the journal grows by"
        f" {row:.0f} bytes a row, all other files are {last['others_kb']} KB"
    )
    if slopes["memory_kb"] > MEMORY_KB_A_DAY + MEMORY_STEP_KB / len(warm):
        result.notes.append(f"memory grows by {slopes['memory_kb']:.0f} KB a day")
    for what in ("descriptors", "threads"):
        if slopes[what] > 0.01:
            result.notes.append(f"{what} grow by {slopes[what]:.2f} a day")
    if row > ROW_BYTES or last["others_kb"] > OTHERS_KB or last["kept"]:
        result.notes.append(f"the disk grows by more than rows: {last}")


def slope(values: Iterable[float]) -> float:
    """By least squares, a step."""
    ys = list(values)
    if len(ys) < 2:
        return 0.0
    return statistics.linear_regression(range(len(ys)), ys).slope


def steady(
    folder: Path, broker: str, seed: str, seconds: float, say: Callable[[str], None] = print
) -> Result:
    """The whole hall over a real broker, undisturbed: its processes grow by no thread, no descriptor, hardly a byte."""
    result = Result(f"soak: a busy hall, undisturbed for {seconds:.0f} s, {broker}", tried=1)
    say(result.fault)
    with opened(folder, broker) as hall:
        people, crowd = People(hall, seed), Crowd(hall, per_s=20)
        time.sleep(seconds * WARM)
        before = _measure(hall.processes)
        time.sleep(seconds * (1 - WARM))
        for some in (people, crowd):
            some.rest()
        result.verdict.wrong += settle(hall, crowd)
        after = _measure(hall.processes)
        for gone in (people, crowd):
            gone.go()
        result.verdict += judge(hall.hall, folder / "journal.db", hall.diaries, crowd.answers)
        for name, (memory, descriptors, threads) in after.items():
            grown = memory - before[name][0]
            result.facts.append(
                f"{name}: memory {grown:+.1f} MB of {memory:.0f} MB, {threads} threads"
            )
            if grown > GROWTH_MB or descriptors > before[name][1] + 1 or threads > before[name][2]:
                result.notes.append(f"{name} grew from {before[name]} to {after[name]}")
    result.took(0.0)
    return result


def _measure(processes: dict[str, subprocess.Popen[bytes]]) -> dict[str, tuple[float, int, int]]:
    """Memory in MB, descriptors, threads."""
    found = {}
    for name, running in processes.items():
        process = psutil.Process(running.pid)
        memory = process.memory_info().rss / 2**20
        found[name] = (memory, process.num_fds(), process.num_threads())
    return found
