"""At a counter: who is there, whom it called, and what became of them."""

from __future__ import annotations

from broker.messages.words import Act, Message, Millis

__all__ = [
    "CallUndone",
    "CalledTwice",
    "CounterClosed",
    "CounterOpened",
    "CounterPaused",
    "CounterResumed",
    "DoneAlone",
    "HelpAnswered",
    "HelpCalled",
    "NoShowMarked",
    "TicketCalled",
    "TicketClosed",
    "TicketHeld",
    "TicketRecalled",
    "TicketReopened",
    "TicketServed",
    "TicketTransferred",
]


class CounterOpened(Message, frozen=True):
    counter: int
    clerk: str = ""


class CounterClosed(Message, frozen=True):
    """Who waited for this counter alone waits for any that serves it now."""

    counter: int


class CounterPaused(Message, frozen=True):
    counter: int
    reason: str = ""
    until: int = 0


class CounterResumed(Message, frozen=True):
    counter: int


class TicketCalled(Message, frozen=True):
    """`call` counts the hall's calls. `rule` chose this ticket, the `place`th by arrival among `candidates`.

    `passed` is how many calls in a row had gone ahead of the longest passed over. `reason` is a supervisor's.
    `alone_at`, here and below: the counter was alone and did so then, by hand; 0 where the hub was asked.
    """

    ticket: str
    counter: int
    call: int
    rule: str
    candidates: int
    place: int = 1
    passed: int = 0
    reason: str = ""
    alone_at: Millis = 0


class CallUndone(Message, frozen=True):
    """The ticket waits again where it stood, as if it had never been called."""

    ticket: str
    counter: int


class TicketReopened(Message, frozen=True):
    """Next had ended this service by mistake: it goes on."""

    ticket: str
    counter: int


class TicketRecalled(Message, frozen=True):
    ticket: str
    counter: int
    call: int
    recall: int


class TicketServed(Message, frozen=True):
    ticket: str
    counter: int
    alone_at: Millis = 0


class TicketClosed(Message, frozen=True):
    """`rate_until` is when the pad stops asking; 0 where the counter has no pad. `by_next`: Next ended it."""

    ticket: str
    counter: int
    clerk: str = ""
    rate_until: int = 0
    by_next: bool = False
    alone_at: Millis = 0


class NoShowMarked(Message, frozen=True):
    ticket: str
    counter: int
    alone_at: Millis = 0


class TicketHeld(Message, frozen=True):
    """It comes back to `to_counter`, or to any if that is 0."""

    ticket: str
    counter: int
    to_counter: int = 0
    reason: str = ""


class TicketTransferred(Message, frozen=True):
    ticket: str
    counter: int
    to_service: str
    to_counter: int = 0
    reason: str = ""


class DoneAlone(Message, frozen=True):
    """A counter that was alone did this by hand at `done_at`; what it led to stands behind it.

    Nothing stands behind it yet if nobody knows the ticket, nor ever if `day` was over when it was told.
    """

    counter: int
    ticket: str
    day: str
    act: Act
    done_at: Millis


class CalledTwice(Message, frozen=True):
    """An exception: `counter`, alone, called at `alone_at` a ticket that was called, or had ended, at `other`.

    `was` is what it was by then. The ticket stays where it was.
    """

    ticket: str
    counter: int
    other: int
    was: str
    alone_at: Millis


class HelpCalled(Message, frozen=True):
    """A clerk called for help at `called_at`, silently; the call is open until it is answered, over the night too."""

    counter: int
    called_at: Millis


class HelpAnswered(Message, frozen=True):
    """`by` is the console at which somebody took the call, and ended it."""

    counter: int
    by: str
    outcome: str = ""
