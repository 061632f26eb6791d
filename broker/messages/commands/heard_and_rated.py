"""About a call's voice, and about a service's rating."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from broker.messages.words import Count, Level, Message, Millis, Name, Number, Sentence

__all__ = ["GiveReasons", "Rate", "ReportAnnounced", "ReportAnnouncementFailed", "ReportTakenUp"]


class Rate(Message, frozen=True):
    """`pressed_at` is the pad's own time of the press: a rating never goes stale. `day` is the ticket's.

    Of a correction at a screen it is when the visitor asked for it: looking for the right face takes time.
    """

    counter: Number
    day: Name
    ticket: Name
    level: Level
    pressed_at: Millis


class GiveReasons(Message, frozen=True):
    """Why the service was rated so: ids of the hall's `[[rating_reasons]]`. Never asked for, and never goes stale.

    One rating has one answer, the first; the rating stands without it.
    """

    counter: Number
    day: Name
    ticket: Name
    reasons: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=20)]


class ReportTakenUp(Message, frozen=True):
    """A voice is there for the call, and will speak it in its turn."""

    counter: Number
    call: Count
    recall: Count


class ReportAnnounced(Message, frozen=True):
    counter: Number
    call: Count
    recall: Count


class ReportAnnouncementFailed(Message, frozen=True):
    counter: Number
    call: Count
    recall: Count
    reason: Sentence
