"""How fresh is what a display shows: whether the hub is heard, since when it is not, which call is of this moment."""

from __future__ import annotations

from broker.hearing import Alone, Together
from broker.messages import Call
from broker.settings import Hall

__all__ = ["Freshness", "moving"]

MOVES_MS = 6_000
"""So long a call is the newest thing in the hall; a call that a display meets later stands still."""
SILENCE_MS = 5_000
"""So long the hub may have been silent before its board says that it is alone."""


class Freshness:
    """`until` is up to when all is certain, once the hub is not heard any more; None if it never was."""

    def __init__(self) -> None:
        self.together = False
        self.until: int | None = None

    @property
    def timed(self) -> bool:
        """Whether the hub's time is known: before, a board's clock may be of any year."""
        return self.together or self.until is not None

    def hear(self, event: Alone | Together, now: int) -> None:
        if isinstance(event, Together):
            self.together = True
        elif self.together:
            self.together, self.until = False, now - SILENCE_MS


def moving(hall: Hall, call: Call | None, now: int | None) -> str:
    """A name of the call, another for each recall, while it is fresh; empty for none."""
    if now is None or call is None:
        return ""
    called_at = call.valid_until - hall.rules.call_valid_s * 1000
    return f"{call.seq}.{call.recall}" if now < called_at + MOVES_MS else ""
