"""The bounces of one key turned into presses: the first contact counts at once; knows no pins and no clock."""

from __future__ import annotations

__all__ = ["Debouncer"]


class Debouncer:
    """Takes a key's levels as they were seen, edges and samples alike, in order of time.

    A press is the first contact of a key that was up and quiet for `quiet` seconds before. So neither bounces
    nor a held key's wobble press again, and a level read now and then makes good an edge that was lost.

    >>> key = Debouncer(quiet=0.03)
    >>> [key.feed(0.000, True), key.feed(0.002, False), key.feed(0.003, True)]
    [True, False, False]
    >>> [key.feed(0.100, False), key.feed(0.200, True)]
    [False, True]
    """

    def __init__(self, quiet: float, *, down: bool = False) -> None:
        self._quiet = quiet
        self._armed = not down  # a key that is jammed from the start presses nothing
        self._down = down
        self._since = float("-inf")

    @property
    def down(self) -> bool:
        """Whether the key was down when it was last seen."""
        return self._down

    def feed(self, at: float, down: bool) -> bool:
        """The key was seen up or down at `at` seconds; True if that is a press."""
        if not self._down and at - self._since >= self._quiet:
            self._armed = True
        if down != self._down:
            self._down, self._since = down, at
        if not (down and self._armed):
            return False
        self._armed = False
        return True
