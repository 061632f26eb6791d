"""Shares a height among what stands below each other: what each needs, what suits it, how far it may grow."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Room", "shared"]


@dataclass(frozen=True, slots=True)
class Room:
    """Pixels: below `least` something is lost, at `good` it reads well, above `most` it only looks lost."""

    least: int
    good: int
    most: int


def shared(rooms: tuple[Room, ...], height: int) -> tuple[int, ...]:
    """A height for each, together `height` at most: first all get their least, then what is good, then the rest.

    >>> shared((Room(10, 20, 40), Room(10, 30, 30)), 35)
    (15, 20)
    """
    least = sum(room.least for room in rooms)
    if least > height:
        return tuple(room.least * max(0, height) // least for room in rooms)
    steps = [(room.least, room.good, max(room.good, room.most)) for room in rooms]
    for level in (1, 2):
        low = sum(step[level - 1] for step in steps)
        high = sum(step[level] for step in steps)
        if high > height:
            share = (height - low) / (high - low)
            return tuple(
                step[level - 1] + int((step[level] - step[level - 1]) * share) for step in steps
            )
    return tuple(step[2] for step in steps)
