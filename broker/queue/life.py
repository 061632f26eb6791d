"""The legal life of a ticket: one table, from which the diagram in the documents is made."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from broker.messages import (
    CallUndone,
    NoShowMarked,
    Place,
    Rank,
    ServiceChanged,
    TicketCalled,
    TicketCancelled,
    TicketClosed,
    TicketHeld,
    TicketRecalled,
    TicketReopened,
    TicketReturned,
    TicketServed,
    TicketTransferred,
    TicketVoided,
    Wait,
)

__all__ = ["ENDED", "LIFE", "Status", "Ticket", "diagram"]


class Status(StrEnum):
    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    HELD = "held"
    NO_SHOW = "no_show"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    VOIDED = "voided"


ENDED = frozenset({Status.CLOSED, Status.CANCELLED, Status.VOIDED})

LIFE: dict[tuple[Status, type], Status] = {
    (Status.WAITING, TicketCalled): Status.CALLED,
    (Status.WAITING, ServiceChanged): Status.WAITING,
    (Status.WAITING, TicketCancelled): Status.CANCELLED,
    (Status.WAITING, TicketVoided): Status.VOIDED,
    (Status.CALLED, TicketRecalled): Status.CALLED,
    (Status.CALLED, TicketServed): Status.SERVING,
    (Status.CALLED, CallUndone): Status.WAITING,
    (Status.CALLED, TicketTransferred): Status.WAITING,
    (Status.CALLED, TicketHeld): Status.HELD,
    (Status.CALLED, NoShowMarked): Status.NO_SHOW,
    (Status.SERVING, TicketClosed): Status.CLOSED,
    (Status.SERVING, TicketTransferred): Status.WAITING,
    (Status.SERVING, TicketHeld): Status.HELD,
    (Status.HELD, TicketReturned): Status.WAITING,
    (Status.HELD, TicketCancelled): Status.CANCELLED,
    (Status.NO_SHOW, TicketReturned): Status.WAITING,
    (Status.NO_SHOW, TicketCancelled): Status.CANCELLED,
    (Status.NO_SHOW, TicketVoided): Status.VOIDED,
    (Status.CLOSED, TicketReopened): Status.SERVING,
}


@dataclass(slots=True)
class Ticket:
    """A ticket of today.

    `place` is where it stands among all that wait; it is `in_line` once its paper came. `counter` is where it is
    called, served, held, or was missed or ended, 0 while it waits; `to_counter` the only one that may call it, 0
    for any that serves it; `first_counter` took it first (首问). It was missed at
    `missed_at`, when its service had had `missed_after` calls; `person` is a keyed hash; `copies` were asked for;
    a kiosk `alone` gave it out. Its visitor came for `item` of the catalogue, empty where they chose none, as somebody's `agent` or not,
    and reads `english` or not.
    """

    number: str
    service: str
    green: str
    kiosk: str
    ahead: int
    issued_at: int
    place: Place
    slot: int = 0
    person: str = ""
    code: str = ""
    wait: Wait | None = None
    status: Status = Status.WAITING
    in_line: bool = False
    counter: int = 0
    to_counter: int = 0
    first_counter: int = 0
    no_shows: int = 0
    missed_at: int = 0
    missed_after: int = 0
    copies: int = 0
    alone: bool = False
    item: str = ""
    agent: bool = False
    english: bool = False

    @property
    def rank(self) -> Rank:
        """Its place in the order of classes."""
        if self.green:
            return Rank.GREEN
        return Rank.APPOINTMENT if self.slot else Rank.WALK_IN

    def taken_by(self, counter: int) -> None:
        self.first_counter = self.first_counter or counter


def diagram() -> str:
    """The table as a Mermaid state diagram."""
    steps = [f"    {start} --> {end}: {event.__name__}" for (start, event), end in LIFE.items()]
    return "\n".join(["stateDiagram-v2", "    [*] --> waiting: TicketIssued", *steps])
