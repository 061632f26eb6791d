"""A thread's sign of life: as it moves, it says within what time it will move again. Another looks whether it is late."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

__all__ = ["Pulse"]


class Pulse:
    """One thread beats, another looks. Who has not begun yet is not late.

    >>> now = 100.0
    >>> pulse = Pulse("printer", lambda: now)
    >>> pulse.begun
    False
    >>> pulse.beat(4)
    >>> pulse.is_late(104), pulse.is_late(104.1)
    (False, True)
    """

    __slots__ = ("_clock", "_until", "begun", "name")

    def __init__(self, name: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.name, self.begun = name, False
        self._clock, self._until = clock, math.inf

    def beat(self, within_s: float) -> None:
        """I moved, and shall again within so many seconds."""
        self._until = self._clock() + within_s
        self.begun = True

    def rest(self) -> None:
        """I end here, in order: nobody need wait for me."""
        self._until = math.inf

    def is_late(self, now: float) -> bool:
        return now > self._until
