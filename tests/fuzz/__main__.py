"""`python -m tests.fuzz`: odd inputs by the million; says how far it is, and which seed and input brought a crash."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import tempfile
import time
from pathlib import Path
from random import Random

import psutil

from tests.fuzz.targets import TARGETS

PROGRESS_S = 10.0
HANG_S = 20
WARM = 0.2
GROWTH_MB = 32.0


def run(name: str, inputs: int, seed: int, folder: Path) -> float:
    """Feed one target; the growth of the process once it was warm, in MB. What crashes it is raised."""
    make, _ = TARGETS[name]
    signal.signal(signal.SIGALRM, _hangs)
    target = make(folder)
    said = time.monotonic()
    warm = _resident()
    for number in range(inputs):
        # Each input from a seed of its own, so that one that crashes can be fed alone.
        random = Random(f"{seed} {name} {number}")
        signal.alarm(HANG_S)
        try:
            target.feed(random)
        except Exception as crash:
            crash.add_note(f"fuzz: {name}: input {number} of seed {seed}")
            raise
        if number == int(inputs * WARM):
            warm = _resident()
        if time.monotonic() - said > PROGRESS_S:
            said = time.monotonic()
            print(f"fuzz: {name}: {number:,} of {inputs:,}", flush=True)
    signal.alarm(0)
    target.close()
    return _resident() - warm


def _hangs(_number: int, _frame: object) -> None:
    raise TimeoutError(f"one input takes more than {HANG_S} s")


def _resident() -> float:
    return float(psutil.Process().memory_info().rss) / 2**20


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Fuzz the hall.")
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=2388)
    options = parser.parse_args()
    logging.disable()  # each refused input would be a line
    grown = []
    for name, (_, share) in TARGETS.items():
        inputs, start = options.inputs * share // 100, time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            growth = run(name, inputs, options.seed, Path(folder))
        print(
            f"fuzz: {name}: {inputs:,} inputs in {time.monotonic() - start:.0f} s, grown by {growth:.1f} MB"
        )
        if growth > GROWTH_MB:
            grown.append(name)
    if grown:
        print(f"fuzz: grew by more than {GROWTH_MB} MB: {', '.join(grown)}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
