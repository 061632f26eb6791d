"""From a counter's state at the board to the first sample at the sound card, through the board's loop, its disk, its worker.

The board is the real one, in a process of its own; its line to the hub is held by this bench, which is its hub.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from statistics import median, quantiles

from tests.bench.row import RUNS, Bench, BenchFault, Measured, Row, Say
from tests.processes import REPOSITORY

__all__ = ["BENCH"]

CALLS = 25

P50 = Row(
    "start_of_sound_p50",
    "a call's state at the board to its first sample at the card, p50",
    "ms",
    30,
)
P99 = Row("start_of_sound_p99", "the same, p99", "ms", 30)


def measure(say: Say) -> Measured:
    p50, p99 = [], []
    for run in range(RUNS):
        took = _run()
        p50.append(median(took))
        p99.append(quantiles(took, n=100, method="inclusive")[98])
        say(f"run {run + 1} of {RUNS}: p50 {p50[-1]:.1f} ms, p99 {p99[-1]:.1f} ms")
    note = (
        f"start of sound: clips decoded and joined, the mark on the disk, a buffer of the card; {CALLS} calls a run,"
        " no clip of a number twice, SDL's disk driver in real time"
    )
    return Measured({P50.name: tuple(p50), P99.name: tuple(p99)}, note)


def _run() -> list[float]:
    place = REPOSITORY / "build"  # not in /tmp, which may be memory
    place.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=place) as folder:
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.actors.speaker", folder, str(CALLS)],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
    if done.returncode:
        raise BenchFault(f"the board did not speak: {done.stderr.strip()[-600:]}")
    return [float(took) for took in json.loads(done.stdout.splitlines()[-1])]


BENCH = Bench((P50, P99), measure)
