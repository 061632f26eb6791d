"""Who was refused what, how often and since when: kept small, and told to the technician in sentences."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from broker.private import write_private

__all__ = ["DESK_WORD", "Refusals", "Refused", "leave_word", "read_word", "sentences"]

WORD, DESK_WORD = "broker-refused.json", "desk-refused.json"

KINDS = 200
TOLD = 12
DAY_MS = 24 * 3600 * 1000
LONGEST = 240


class Refused(Struct, frozen=True, kw_only=True):
    """`why` is the newest of `times` refusals of one kind."""

    who: str
    kind: str
    why: str
    times: int
    since: int
    last: int


class Refusals:
    """By who and kind; what a stranger sends cannot make it grow."""

    def __init__(self) -> None:
        self._all: dict[tuple[str, str], Refused] = {}

    def note(self, who: str, kind: str, why: str, at: int) -> None:
        found = self._all.get((who, kind))
        if found is None and len(self._all) >= KINDS:
            del self._all[min(self._all, key=lambda key: self._all[key].last)]
        self._all[who, kind] = Refused(
            who=who,
            kind=kind,
            why=why if len(why) <= LONGEST else f"{why[:LONGEST]}…",
            times=found.times + 1 if found else 1,
            since=found.since if found else at,
            last=at,
        )

    def all(self, now: int) -> tuple[Refused, ...]:
        """Those of the last day; older ones are forgotten."""
        self._all = {key: one for key, one in self._all.items() if one.last > now - DAY_MS}
        return tuple(self._all.values())


def leave_word(folder: Path, refused: tuple[Refused, ...], word: str = WORD) -> None:
    """Let the coordinator know what the broker refused, or the desk; all work in the same folder."""
    write_private(folder / word, msgspec.json.encode(refused))


def read_word(folder: Path) -> tuple[Refused, ...]:
    """What broker and desk refused; nothing of one that does not say."""
    return (*_read_word(folder / WORD), *_read_word(folder / DESK_WORD))


def _read_word(path: Path) -> tuple[Refused, ...]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=tuple[Refused, ...])
    except (OSError, msgspec.DecodeError):
        return ()


def sentences(refused: Iterable[Refused], zone: str) -> tuple[str, ...]:
    """The newest first, a dozen at the most.

    >>> one = Refused(who="board counter-2", kind="forged", why="it asks for panel-3, which it does not host",
    ...               times=12, since=1_700_000_000_000, last=1_700_000_000_000)
    >>> sentences([one], "Asia/Shanghai")
    ('board counter-2 was refused 12 times since 06:13: it asks for panel-3, which it does not host',)
    """
    newest = sorted(refused, key=lambda one: one.last, reverse=True)
    told = [_sentence(one, ZoneInfo(zone)) for one in newest[:TOLD]]
    more = len(newest) - len(told)
    return (*told, *([f"and {more} more kinds of refusals; see the log"] if more else ()))


def _sentence(one: Refused, zone: ZoneInfo) -> str:
    since = datetime.fromtimestamp(one.since / 1000, zone).strftime("%H:%M")
    often = "once, at" if one.times == 1 else f"{one.times} times since"
    return f"{one.who} was refused {often} {since}: {one.why}"
