"""How a call was heard, and how a service was rated."""

from __future__ import annotations

from broker.messages.words import Level, Message, Millis

__all__ = [
    "Announced",
    "AnnouncementFailed",
    "CallTakenUp",
    "RatingCorrected",
    "RatingLapsed",
    "RatingRecorded",
    "ReasonsGiven",
]


class RatingRecorded(Message, frozen=True):
    day: str
    ticket: str
    counter: int
    level: Level
    pressed_at: Millis


class RatingCorrected(Message, frozen=True):
    day: str
    ticket: str
    counter: int
    level: Level
    pressed_at: Millis


class ReasonsGiven(Message, frozen=True):
    """Why its visitor rated this service so, by ids of the settings then in force."""

    day: str
    ticket: str
    counter: int
    reasons: tuple[str, ...]


class RatingLapsed(Message, frozen=True):
    """Nobody rated in time: `not_rated`, never taken for satisfied."""

    ticket: str
    counter: int


class CallTakenUp(Message, frozen=True):
    """A voice is there for the call, and will speak it in its turn."""

    counter: int
    call: int
    recall: int


class Announced(Message, frozen=True):
    counter: int
    call: int
    recall: int


class AnnouncementFailed(Message, frozen=True):
    counter: int
    call: int
    recall: int
    reason: str
