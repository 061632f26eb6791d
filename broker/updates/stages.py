"""In which order a hall's boards are given a release: one first, then by what they do, those last whom all wait for; pure."""

from __future__ import annotations

from dataclasses import dataclass

from broker.settings import Board, Hall, Kind
from broker.updates.wanted import HUB

__all__ = ["CANARY", "Stage", "stages"]

CANARY = "canary"
# A board that does several things goes with the last of them: a hall without displays is helped, without tickets it stands.
ORDER = (
    Kind.COUNTER_DISPLAY,
    Kind.HALL_DISPLAY,
    Kind.RATING_PAD,
    Kind.CALLER_PANEL,
    Kind.ANNOUNCER,
    Kind.TICKET_KIOSK,
)
NAMES = {
    Kind.COUNTER_DISPLAY: "counter displays",
    Kind.HALL_DISPLAY: "hall displays",
    Kind.RATING_PAD: "rating pads",
    Kind.CALLER_PANEL: "counters",
    Kind.ANNOUNCER: "voices",
    Kind.TICKET_KIOSK: "kiosks",
}


@dataclass(frozen=True, slots=True)
class Stage:
    """Boards that are given a release together, once those of the stage before run it."""

    name: str
    boards: tuple[str, ...]


def stages(hall: Hall, canary: str = "", *, hub: bool = False) -> tuple[Stage, ...]:
    """Every board of the hall, once. The canary is the first of the order, or who is named.

    Kiosks go one by one, and counters and voices half by half, so that never all of them start at once. Raises ValueError.
    """
    boards = sorted(hall.boards, key=lambda board: (_rank(board), board.id))
    if canary and canary not in {board.id for board in boards}:
        known = ", ".join(board.id for board in boards)
        raise ValueError(f"there is no board {canary!r} in hall.toml; there are: {known}")
    first = canary or next((board.id for board in boards if board.devices), "")
    found = [Stage(CANARY, (first,))] if first else []
    for kind in (None, *ORDER):
        of_kind = tuple(board.id for board in boards if _kind(board) is kind and board.id != first)
        name = NAMES[kind] if kind else "boards without devices"
        found += [Stage(name, part) for part in _parts(kind, of_kind)]
    if hub:
        found.append(Stage("the hub", (HUB,)))
    return tuple(found)


def _kind(board: Board) -> Kind | None:
    return max((device.kind for device in board.devices), key=ORDER.index, default=None)


def _rank(board: Board) -> int:
    kind = _kind(board)
    return ORDER.index(kind) if kind else -1


def _parts(kind: Kind | None, boards: tuple[str, ...]) -> list[tuple[str, ...]]:
    match kind:
        case Kind.TICKET_KIOSK:
            return [(board,) for board in boards]
        case Kind.CALLER_PANEL | Kind.ANNOUNCER:
            half = (len(boards) + 1) // 2
            return [part for part in (boards[:half], boards[half:]) if part]
        case _:
            return [boards] if boards else []
