"""Of a ticket, from its issue to its line, and out of it."""

from __future__ import annotations

from broker.messages.words import Count, Message, Millis, Place, Versions, Wait

__all__ = [
    "PrintFailed",
    "ReprintOrdered",
    "ServiceChanged",
    "TicketCancelled",
    "TicketIssued",
    "TicketPrinted",
    "TicketReturned",
    "TicketVoided",
]


class TicketIssued(Message, frozen=True):
    """`ahead` waited in the same service when it was issued; `kiosk` is the device that owes the paper.

    `slot` is when its appointment begins, 0 without one or when it came too late for it. `wait` was estimated then.
    `code`, printed on the paper, proves later whose it is. `by_hand`: it was written on paper in an outage;
    `alone`: a kiosk gave out a number it was lent, and told of it later. `item`, `agent` and `english` as its visitor said.
    """

    ticket: str
    service: str
    kiosk: str
    issued_at: Millis
    ahead: Count
    green: str = ""
    appointment: str = ""
    slot: Millis = 0
    person: str = ""
    code: str = ""
    wait: Wait | None = None
    by_hand: bool = False
    alone: bool = False
    item: str = ""
    agent: bool = False
    english: bool = False


class TicketPrinted(Message, frozen=True):
    """`items` are those whose materials its visitor was told on the paper, by their versions in the catalogue."""

    ticket: str
    items: Versions = ()


class PrintFailed(Message, frozen=True):
    ticket: str
    reason: str


class ReprintOrdered(Message, frozen=True):
    """`kiosk` owes one more copy, the `copy`th."""

    ticket: str
    kiosk: str
    copy: int


class TicketVoided(Message, frozen=True):
    ticket: str
    reason: str


class TicketCancelled(Message, frozen=True):
    ticket: str
    reason: str = ""


class ServiceChanged(Message, frozen=True):
    ticket: str
    to_service: str


class TicketReturned(Message, frozen=True):
    """A missed or held ticket waits again at `place`; in a counter's own line if `to_counter` is above 0."""

    ticket: str
    place: Place
    to_counter: int = 0
