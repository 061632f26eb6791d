"""Ends a child process with the one that started it, by the end of its standard input; nothing is read from there."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

__all__ = ["when_parent_ends"]


def when_parent_ends(stop: Callable[[], None]) -> None:
    """Call `stop`, from a thread of its own, when the standard input ends: also when the parent was killed outright."""

    def wait() -> None:
        # Unbuffered: a thread that waits in sys.stdin holds a lock which the interpreter needs for a clean end.
        while os.read(0, 4096):
            pass
        stop()

    threading.Thread(target=wait, daemon=True).start()
