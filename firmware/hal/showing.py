"""What is held before a reader and seen again and again, told once; knows no reader and no clock."""

from __future__ import annotations

__all__ = ["Showing"]


class Showing:
    """The same thing is shown anew only after it was out of sight for `away` seconds; another one is always new.

    >>> showing = Showing(away=2.0)
    >>> [showing.new("A", 0.0), showing.new("A", 1.5), showing.new("A", 3.0), showing.new("B", 3.1)]
    [True, False, False, True]
    >>> showing.new("B", 5.5)
    True
    """

    def __init__(self, away: float) -> None:
        self._away = away
        self._what: str | None = None
        self._seen = 0.0

    def new(self, what: str, at: float) -> bool:
        """It was seen at `at` seconds; whether that is a showing of its own."""
        same = what == self._what and at - self._seen < self._away
        self._what, self._seen = what, at
        return not same

    def still(self, at: float) -> None:
        """What was seen last is there still, or may have been while nobody could look."""
        self._seen = at
