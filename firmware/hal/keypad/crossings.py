"""The keys of a matrix as the crossings of its wires that are closed: which are sure, which press; no pins, no clock."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from firmware.hal.contact import Contact

__all__ = ["Crossing", "Crossings", "unsure"]

Crossing = tuple[int, int]  # row and column, from 1


def unsure(closed: Collection[Crossing]) -> frozenset[Crossing]:
    """Those that may be closed by way of three others, the corners of a rectangle: nobody can tell which one is a ghost.

    >>> sorted(unsure({(1, 1), (1, 2), (2, 1), (2, 2), (3, 3)}))
    [(1, 1), (1, 2), (2, 1), (2, 2)]
    >>> unsure({(1, 1), (1, 2), (2, 1)})
    frozenset()
    """
    found = frozenset(closed)
    return frozenset(
        (row, column)
        for row, column in found
        for other_row, other_column in found
        if other_row != row
        and other_column != column
        and {(row, other_column), (other_row, column)} <= found
    )


class Crossings:
    """Named keys at the crossings, each a contact of its own; what is unsure is as it was before until it is sure."""

    def __init__(
        self, keys: Mapping[str, Crossing], quiet: float, holds: Mapping[str, float]
    ) -> None:
        self._keys = keys
        self._contacts = {name: Contact(quiet, hold=holds.get(name, 0.0)) for name in keys}

    def feed(self, at: float, closed: Collection[Crossing]) -> tuple[str, ...]:
        """These crossings were closed at `at` seconds, and no others; the names of the keys that press by it."""
        ghosts = unsure(closed)
        return tuple(
            name
            for name, crossing in self._keys.items()
            if crossing not in ghosts and self._contacts[name].feed(at, closed=crossing in closed)
        )
