"""Who waits in one line, the most senior first; a ticket that leaves from the middle is forgotten when it comes to the head."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field

__all__ = ["Line"]

Place = tuple[int, int, str]


@dataclass(slots=True)
class Line:
    """A heap by seniority. Its head is always someone who still waits, so that looking changes nothing."""

    places: list[Place] = field(default_factory=list)
    waiting: set[str] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.waiting)

    @property
    def head(self) -> Place | None:
        return self.places[0] if self.places else None

    def join(self, seniority: tuple[int, int], ticket: str) -> None:
        self.waiting.add(ticket)
        heapq.heappush(self.places, (*seniority, ticket))

    def leave(self, ticket: str) -> None:
        self.waiting.discard(ticket)
        while self.places and self.places[0][2] not in self.waiting:
            heapq.heappop(self.places)
