"""Waiting in tests that have real wires: for what must come, never for a time that must have been enough."""

from __future__ import annotations

import time
from collections.abc import Callable

__all__ = ["until"]


def until(holds: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait for what must come; the bound is there so that a failure ends, or because a law names it."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"it did not come within {seconds:.0f} s"
        time.sleep(0.01)
