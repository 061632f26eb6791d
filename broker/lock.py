"""One process for one thing: a lock on a file that the kernel lets go when its holder dies, however it dies."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import IO

__all__ = ["hold"]


def hold(path: Path, what: str) -> IO[str]:
    """Hold the lock as long as the answer is kept open. Raises OSError with a sentence if somebody else has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = path.open("a", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise OSError(
            f"{what} runs on {path.parent} already: end it first, or name another folder with --data"
        ) from None
    return lock
