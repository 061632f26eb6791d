"""For the whole hall: an emergency, a notice, who calls a guide."""

from __future__ import annotations

from broker.messages.words import EmergencyKind, Message, Millis

__all__ = ["EmergencyDeclared", "EmergencyEnded", "GuideAnswered", "GuideCalled", "NoticePosted"]


class EmergencyDeclared(Message, frozen=True):
    """Since `since` the whole hall is told `text`; again while one goes on: it is told something new."""

    text: str
    kind: EmergencyKind
    since: Millis


class EmergencyEnded(Message, frozen=True):
    outcome: str = ""


class NoticePosted(Message, frozen=True):
    """An empty `text` withdraws the one before."""

    text: str
    since: Millis


class GuideCalled(Message, frozen=True):
    """A visitor at `kiosk` asks for a guide; open until it is answered."""

    kiosk: str
    since: Millis


class GuideAnswered(Message, frozen=True):
    """`by` is the console at which a guide took the call."""

    kiosk: str
    by: str
