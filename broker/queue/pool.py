"""Who waits for the same counters, in order, rank by rank; everybody's place among them is known."""

from __future__ import annotations

from dataclasses import dataclass, field

from sortedcontainers import SortedList

from broker.messages import Place, Rank

__all__ = ["Pool", "Spot"]

Spot = tuple[Place, str]
"""A place and the number of the ticket that has it."""


def _lines() -> tuple[SortedList[Spot], ...]:
    return tuple(SortedList() for _ in Rank)


@dataclass(slots=True)
class Pool:
    """One line a rank, the most senior first."""

    lines: tuple[SortedList[Spot], ...] = field(default_factory=_lines)
    size: int = 0

    def __len__(self) -> int:
        return self.size

    def join(self, rank: Rank, spot: Spot) -> None:
        self.lines[rank].add(spot)
        self.size += 1

    def leave(self, rank: Rank, spot: Spot) -> None:
        self.lines[rank].remove(spot)
        self.size -= 1

    def before(self, spot: Spot) -> int:
        """How many in all came before `spot`."""
        # Who is called stands at the head as a rule: most lines need no search.
        return sum(line.bisect_left(spot) for line in self.lines if line and line[0] < spot)

    def has(self, rank: Rank, spot: Spot) -> bool:
        return spot in self.lines[rank]

    def place_behind(self, rank: Rank, others: int, at: int) -> Place | None:
        """The place of the last of `others` at the head of a rank, whose time has come; None where there is none."""
        line = self.lines[rank]
        last = min(others, line.bisect_left(((at + 1, 0, 0), "")))
        return line[last - 1][0] if last else None
