"""One visit: what became of a ticket, in figures; who makes it of events stands elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from broker.messages import TicketCalled, TicketIssued
from broker.queue.life import Status

__all__ = ["Called", "End", "Turn", "Visit"]


class End(StrEnum):
    """How a visit ended. `no_show`: missed, and never back, whatever closed the books; `settled`: the day was over."""

    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    VOIDED = "voided"
    NO_SHOW = "no_show"
    SETTLED = "settled"


@dataclass(slots=True)
class Called:
    """A call at `at`, as the journal has it, and how often it was said again."""

    at: int
    event: TicketCalled
    recalls: int = 0


class Turn(NamedTuple):
    """A visitor's turn at a counter: called after `waited` ms, served from `began_at`, until `ended_at`.

    Where no Serve was pressed, because the counter has no such key or the clerk held or transferred the ticket
    at once, the service began with the call.
    """

    counter: int
    clerk: str
    service: str
    waited: int
    called_at: int
    began_at: int
    ended_at: int


@dataclass(slots=True)
class Visit:
    """A ticket's whole story; times in ms. `service` is the present one, `issued.service` the first.

    `calls` are those that nobody took back; `turns` those that led to service, once the counter has done with it.
    `served_at` is when the present turn's service began, 0 outside one.
    """

    issued: TicketIssued
    service: str
    waits_since: int
    status: Status = Status.WAITING
    end: End = End.OPEN
    ended_at: int = 0
    served_at: int = 0
    calls: list[Called] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    no_shows: int = 0
    returns: int = 0
    holds: int = 0
    transfers: int = 0

    @property
    def wait_ms(self) -> int | None:
        """The wait that a hall publishes, None while it lasts: from the issue to the call that led to service.

        An appointment waits from its time, if that is later: who comes early does not wait for the hall. Nothing
        is taken off for a call that was missed: else a no-show pressed too soon would make waits shorter.
        What comes later has waits of its own, in `turns`: after a transfer from the transfer on, after a hold from
        the return on.
        """
        if self.turns:
            return self.turns[0].waited
        return self.waited if self.served_at else None

    @property
    def waited(self) -> int:
        """The wait that its last call ended."""
        return max(0, self.calls[-1].at - self.waits_since)

    @property
    def served_ms(self) -> int:
        """How long it was served, in all; not while it was on hold."""
        return sum(turn.ended_at - turn.began_at for turn in self.turns)

    @property
    def first_counter(self) -> int:
        """The counter that its visitor came to first (首问), 0 before."""
        return self.turns[0].counter if self.turns else 0

    @property
    def recalls(self) -> int:
        return sum(call.recalls for call in self.calls)
