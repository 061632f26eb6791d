"""What the hub tells itself; no device may send them."""

from __future__ import annotations

from broker.messages.words import Count, Deed, Message, Millis, RestoredFrom

__all__ = [
    "AdoptSettings",
    "EndSession",
    "LapseMissed",
    "LapseRating",
    "NoteClockStep",
    "NoteDeed",
    "NoteRestore",
    "OpenDay",
]


class AdoptSettings(Message, frozen=True):
    """`text` is the whole hall.toml now in force."""

    text: str


class OpenDay(Message, frozen=True):
    """`day` is the hall's local date, YYYY-MM-DD; `secret` makes the codes on its tickets."""

    day: str
    secret: str = ""


class EndSession(Message, frozen=True):
    """The opening hours of `service` are over for today: who still waits is settled by the hall's rule."""

    service: str


class LapseMissed(Message, frozen=True):
    """A missed ticket was kept as long as the rules say."""

    ticket: str


class LapseRating(Message, frozen=True):
    counter: int
    ticket: str


class NoteClockStep(Message, frozen=True):
    """The system's clock jumped by `by_ms`; the hub's own time never goes back."""

    by_ms: int


class NoteDeed(Message, frozen=True):
    """A technician did something on the hub that opens or shuts a door; see `DeedNoted`."""

    deed: Deed
    name: str
    done_at: Millis


class NoteRestore(Message, frozen=True):
    """The journal was brought back from elsewhere; see `JournalRestored`. `numbers_from` 0: the hub chooses."""

    source: RestoredFrom
    seq: Count
    last_at: Millis
    restored_at: Millis
    whole: bool = True
    numbers_from: Count = 0
