"""For the hall: appointments, early closing, what all are told, who calls a guide."""

from __future__ import annotations

from broker.messages.words import EmergencyKind, Message, Millis, Name, PersonHash, Sentence

__all__ = [
    "AnswerGuide",
    "BookAppointment",
    "CallGuide",
    "CancelAppointment",
    "DeclareEmergency",
    "EndEmergency",
    "PostNotice",
    "ResumeIssuing",
    "StopIssuing",
]


class BookAppointment(Message, frozen=True):
    """`source` is the list that it stands in, and when that was imported."""

    code: Name
    service: Name
    starts: Millis
    ends: Millis
    person: PersonHash = ""
    source: Name = ""


class CancelAppointment(Message, frozen=True):
    code: Name


class StopIssuing(Message, frozen=True):
    """Early closing: no more tickets of `services` today, or of any if empty."""

    services: tuple[Name, ...] = ()
    reason: Sentence = ""


class ResumeIssuing(Message, frozen=True):
    services: tuple[Name, ...] = ()


class DeclareEmergency(Message, frozen=True):
    """No ticket is given and nobody called until it ends. `text` is shown and said everywhere.

    Without one it is the hall's phrase `emergency`. Declared again it tells something new.
    """

    text: Sentence = ""
    kind: EmergencyKind = EmergencyKind.OTHER


class EndEmergency(Message, frozen=True):
    """`outcome` in a few words, which name nobody."""

    outcome: Sentence = ""


class PostNotice(Message, frozen=True):
    """The hall displays show `text`, in place of what was posted before; an empty one withdraws that."""

    text: Sentence


class CallGuide(Message, frozen=True):
    """A visitor at this kiosk asks for a guide."""

    kiosk: Name


class AnswerGuide(Message, frozen=True):
    """A guide is there, or was: the kiosk's call is over."""

    kiosk: Name
