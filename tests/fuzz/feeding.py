"""Feeds a target odd inputs, and says which one it did not stand."""

from __future__ import annotations

import logging
import signal
import tempfile
import time
from pathlib import Path
from random import Random

import psutil

from tests.fuzz.targets import TARGETS

__all__ = ["GROWTH_MB", "feed", "feed_alone"]

PROGRESS_S = 10.0
HANG_S = 20
WARM = 0.2
GROWTH_MB = 32.0


def feed(name: str, inputs: int, seed: int, folder: Path) -> float:
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


def feed_alone(name: str, inputs: int, seed: int) -> float:
    """A target in a process of its own, whose growth is then its own too."""
    logging.disable()  # each refused input would be a line
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        growth = feed(name, inputs, seed, Path(folder))
    took = time.monotonic() - start
    print(
        f"fuzz: {name}: {inputs:,} inputs in {took:.0f} s, grown by {growth:.1f} MB",
        flush=True,
    )
    return growth
