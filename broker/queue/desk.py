"""One counter as the queue knows it: its clerk, its ticket, its last call, and the question its pad asks."""

from __future__ import annotations

from dataclasses import dataclass

from broker.messages import (
    CounterStatus,
    Heard,
    HelpAnswered,
    HelpCalled,
    Pace,
    Phase,
    Rank,
    TicketCalled,
    TicketClosed,
    TicketRecalled,
)

__all__ = ["NOBODY", "CounterDesk", "Passed", "Undo"]

Passed = tuple[int, ...]
NOBODY: Passed = (0,) * len(Rank)


@dataclass(frozen=True, slots=True)
class Undo:
    """What taking back Next restores: whom this counter had passed over, the service that ended with it, and paces.

    `reopens` began at `began_at`; `pace` is its service's, `between` that of the time between two tickets; None
    where nothing was known of it yet.
    """

    passed: Passed = ()
    between: Pace | None = None
    reopens: str = ""
    began_at: int = 0
    pace: Pace | None = None


NOTHING = Undo()


@dataclass(slots=True)
class CounterDesk:
    """`began_at` is when its ticket was called first, `pressed_at` the last call or recall, for double presses.

    `help_since` is when its clerk called for help, 0 when nobody does. `taken_up`: a voice told that it is there for the call. `passed` counts, by rank, the calls in a row that went ahead of somebody who waited there.
    """

    number: int
    status: CounterStatus = CounterStatus.CLOSED
    phase: Phase = Phase.IDLE
    clerk: str = ""
    ticket: str = ""
    call: int = 0
    rule: str = ""
    recall: int = 0
    began_at: int = 0
    freed_at: int = 0
    pressed_at: int = 0
    heard: Heard = Heard.PENDING
    taken_up: bool = False
    help_since: int = 0
    passed: Passed = NOBODY
    undo: Undo = NOTHING
    pause_reason: str = ""
    pause_until: int = 0
    rating_ticket: str = ""
    rating_until: int = 0
    rating_done: bool = False

    def free(self) -> None:
        self.phase, self.ticket, self.undo = Phase.IDLE, "", NOTHING

    def called(self, event: TicketCalled, at: int, passed: Passed, between: Pace | None) -> None:
        # What the same press ended goes on if this call is taken back.
        ended = self.undo if self.freed_at == at else NOTHING
        self.undo = Undo(self.passed, between, ended.reopens, ended.began_at, ended.pace)
        self.phase, self.ticket, self.rule = Phase.CALLED, event.ticket, event.rule
        self.call, self.recall, self.taken_up = event.call, 0, False
        # By hand it was called aloud, or by the counter's own voice.
        self.heard = Heard.YES if event.alone_at else Heard.PENDING
        self.began_at = self.pressed_at = at
        self.passed = passed

    def undone(self) -> None:
        self.passed = self.undo.passed
        self.phase, self.ticket = Phase.IDLE, ""

    def recalled(self, event: TicketRecalled, at: int) -> None:
        self.recall, self.pressed_at = event.recall, at
        self.heard, self.taken_up = Heard.PENDING, False

    def closed(self, event: TicketClosed, pace: Pace | None) -> None:
        """`pace` is its service's before this one ended."""
        if event.by_next:
            self.undo = Undo(reopens=event.ticket, began_at=self.began_at, pace=pace)
        if event.rate_until:
            self.rating_ticket, self.rating_until = event.ticket, event.rate_until
            self.rating_done = False

    def reopened(self) -> None:
        self.phase, self.ticket = Phase.SERVING, self.undo.reopens
        self.began_at, self.undo = self.undo.began_at, NOTHING
        if self.rating_ticket == self.ticket:
            self.rating_ticket = ""

    def helped(self, event: HelpCalled | HelpAnswered) -> None:
        self.help_since = event.called_at if isinstance(event, HelpCalled) else 0
