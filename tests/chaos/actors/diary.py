"""What the world saw of a board, written as it happens: a line that was begun is there even after kill -9."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import msgspec

__all__ = ["Diary"]


class Diary:
    """One JSON object a line; `at` is this machine's time in ms. Any thread may write."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)

    def note(self, what: str, **more: Any) -> None:
        line = {"at": time.time_ns() // 1_000_000, "what": what, **more}
        # One write, no buffer: the kernel has it whole, or not at all.
        os.write(self._file, msgspec.json.encode(line) + b"\n")
