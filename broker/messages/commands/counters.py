"""Of a counter: its clerk's presses, and what it did alone."""

from __future__ import annotations

from broker.messages.words import Act, Message, Millis, Name, Number, Sentence

__all__ = [
    "AnswerHelp",
    "CallForHelp",
    "CallNext",
    "CallTicket",
    "CloseCounter",
    "CloseTicket",
    "HoldTicket",
    "MarkNoShow",
    "OpenCounter",
    "PauseCounter",
    "Recall",
    "ReportDoneAlone",
    "ResumeCounter",
    "Serve",
    "Transfer",
    "UndoCall",
]


class OpenCounter(Message, frozen=True):
    counter: Number
    clerk: Name = ""


class CloseCounter(Message, frozen=True):
    counter: Number


class PauseCounter(Message, frozen=True):
    """`minutes` until the planned return; 0 where none was given."""

    counter: Number
    reason: Sentence = ""
    minutes: Number = 0


class ResumeCounter(Message, frozen=True):
    counter: Number


class CallNext(Message, frozen=True):
    counter: Number


class CallTicket(Message, frozen=True):
    """Out of order: a supervisor's right, with the reason."""

    counter: Number
    ticket: Name
    reason: Sentence


class UndoCall(Message, frozen=True):
    """Next was pressed by mistake: the hall is as it was before."""

    counter: Number


class Recall(Message, frozen=True):
    counter: Number


class Serve(Message, frozen=True):
    counter: Number


class CloseTicket(Message, frozen=True):
    counter: Number


class MarkNoShow(Message, frozen=True):
    counter: Number


class HoldTicket(Message, frozen=True):
    """The visitor fetches something and comes back, to this counter, or `anywhere` to any that serves it."""

    counter: Number
    anywhere: bool = False
    reason: Sentence = ""


class Transfer(Message, frozen=True):
    """To a service, or (`to_counter` above 0) to one counter."""

    counter: Number
    to_service: Name = ""
    to_counter: Number = 0
    reason: Sentence = ""


class ReportDoneAlone(Message, frozen=True):
    """What a clerk did by hand, with a number that was typed, at `done_at` by the hub's time as the panel knew it.

    `day` is the one on which it was called.
    """

    counter: Number
    ticket: Name
    day: Name
    act: Act
    done_at: Millis


class CallForHelp(Message, frozen=True):
    """A clerk's silent key: to the supervisor or the guard, never to the police.

    `called_at` is when, by the hub's time as the panel knew it: it never goes stale.
    """

    counter: Number
    called_at: Millis


class AnswerHelp(Message, frozen=True):
    """Somebody is there, or was: the call is over. `outcome` in a few words, which name nobody."""

    counter: Number
    outcome: Sentence = ""
