"""Which counters have no voice now that could speak their calls, by what their boards say of themselves; it decides nothing."""

from __future__ import annotations

from broker.messages import Presence
from broker.settings import Hall, Kind

__all__ = ["Voices"]


class Voices:
    """`away` are the counters whose voices are all on boards that are known to be away."""

    def __init__(self, hall: Hall) -> None:
        self._boards: dict[int, set[str]] = {}
        for device in hall.device.values():
            if device.kind is Kind.ANNOUNCER:
                for counter in hall.announced_by(device):
                    self._boards.setdefault(counter, set()).add(hall.board_of[device.id])
        self._boots: dict[str, str] = {}
        self._gone: set[str] = set()
        self.away: frozenset[int] = frozenset()

    def hear(self, board: str, presence: Presence) -> None:
        if presence.up:
            self._boots[board] = presence.boot
            self._gone.discard(board)
        elif self._boots.get(board, presence.boot) == presence.boot:
            self._gone.add(board)  # else it is the late will of an earlier life
        self.away = frozenset(n for n, boards in self._boards.items() if boards <= self._gone)
