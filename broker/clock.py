"""The hub's time: it follows the system's clock forward and never goes back."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["HubClock"]

STEP_MS = 2000


class HubClock:
    """Milliseconds since the epoch. `wall` and `monotonic` give seconds.

    Between looks at the wall clock, time runs by the monotonic clock; a wall clock that is ahead is followed,
    one that fell behind is not, because the journal's order, expiries and waits would be wrong.
    """

    def __init__(
        self, wall: Callable[[], float], monotonic: Callable[[], float], not_before: int = 0
    ) -> None:
        self._wall, self._monotonic = wall, monotonic
        self._anchor = max(int(wall() * 1000), not_before)
        self._since = monotonic()
        self._last = self._anchor
        self._reported = 0

    def now(self) -> int:
        passed = int((self._monotonic() - self._since) * 1000)
        self._last = max(self._last, self._anchor + passed)
        return self._last

    def compare(self) -> int:
        """How far the wall clock has jumped, in ms, if it did so since the last look; 0 if not.

        Forward jumps are followed at once. After a jump back the hub's time runs on.
        """
        behind = int(self._wall() * 1000) - self.now()
        if behind > STEP_MS:
            self._anchor, self._since = int(self._wall() * 1000), self._monotonic()
            self._reported = 0
            return behind
        if behind < -STEP_MS and abs(behind - self._reported) > STEP_MS:
            step, self._reported = behind - self._reported, behind
            return step
        if abs(behind) <= STEP_MS:
            self._reported = 0
        return 0

    @property
    def ahead_ms(self) -> int:
        """How far the hub's time is ahead of the wall clock; above 2 s the technician is told."""
        return max(0, self.now() - int(self._wall() * 1000))
