"""How long the page still belongs to the visitor before it: two timers, and the seconds that are shown at the end."""

from __future__ import annotations

from math import ceil

from firmware.device import StartTimer

__all__ = ["GOES_HOME", "TICK", "Countdown"]

GOES_HOME, TICK = "home", "tick"


class Countdown:
    """`left_s` are the seconds to be shown, 0 while there are none to speak of."""

    def __init__(self) -> None:
        self.left_s = 0
        self._last_s = 0

    def begins(self, seconds: float, last_s: int) -> tuple[StartTimer, ...]:
        """Home in so many seconds, of which the last `last_s` are shown; 0 is never."""
        self.left_s, self._last_s = 0, last_s
        first = seconds - last_s
        if seconds and first <= 0:
            self.left_s, first = ceil(seconds), 1
        return (StartTimer(GOES_HOME, seconds), StartTimer(TICK, max(0, first)))

    def ticks(self) -> tuple[StartTimer, ...]:
        self.left_s = self.left_s - 1 if self.left_s else self._last_s
        return (StartTimer(TICK, 1),) if self.left_s > 1 else ()
