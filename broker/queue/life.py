"""The legal life of a ticket: one table, from which the diagram in the documents is made."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from broker.messages import (
    NoShowMarked,
    TicketCalled,
    TicketClosed,
    TicketRecalled,
    TicketServed,
    TicketTransferred,
    TicketVoided,
)

__all__ = ["LIFE", "Status", "Ticket", "diagram"]


class Status(StrEnum):
    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    CLOSED = "closed"
    NO_SHOW = "no_show"
    VOIDED = "voided"


LIFE: dict[tuple[Status, type], Status] = {
    (Status.WAITING, TicketCalled): Status.CALLED,
    (Status.WAITING, TicketVoided): Status.VOIDED,
    (Status.CALLED, TicketRecalled): Status.CALLED,
    (Status.CALLED, TicketServed): Status.SERVING,
    (Status.CALLED, NoShowMarked): Status.NO_SHOW,
    (Status.CALLED, TicketTransferred): Status.WAITING,
    (Status.SERVING, TicketClosed): Status.CLOSED,
    (Status.SERVING, TicketTransferred): Status.WAITING,
}


@dataclass(slots=True)
class Ticket:
    """A ticket of today. `order` is its place in the hall's order of issue; `in_line` once its paper came."""

    number: str
    service: str
    green: str
    kiosk: str
    ahead: int
    issued_at: int
    order: int
    status: Status = Status.WAITING
    in_line: bool = False
    to_counter: int = 0
    first_counter: int = 0
    counter: int = 0

    @property
    def seniority(self) -> tuple[int, int]:
        return (self.issued_at, self.order)


def diagram() -> str:
    """The table as a Mermaid state diagram."""
    steps = [f"    {start} --> {end}: {event.__name__}" for (start, event), end in LIFE.items()]
    return "\n".join(["stateDiagram-v2", "    [*] --> waiting: TicketIssued", *steps])
