"""Of a kiosk that may find itself alone."""

from __future__ import annotations

from broker.messages.words import Message, Millis

__all__ = ["BlockLent", "CommandWithdrawn", "TicketReportedLate"]


class BlockLent(Message, frozen=True):
    """`numbers`, each with the code for its paper, are the kiosk's to give out on `day`, within `hours`, while alone.

    `hours` are (from, until) in ms: when tickets of the service are given that day. The loan ends at `until`.
    """

    kiosk: str
    service: str
    day: str
    numbers: dict[str, str]
    hours: tuple[tuple[Millis, Millis], ...]
    until: Millis


class TicketReportedLate(Message, frozen=True):
    """A kiosk gave out this number alone on a `day` that was over when it told of it: it waits for nothing."""

    ticket: str
    service: str
    kiosk: str
    day: str
    issued_at: Millis
    green: str = ""


class CommandWithdrawn(Message, frozen=True):
    """The command `command_id` does nothing (any more); `ticket`, issued for it at `issued_at`, was voided."""

    command_id: str
    ticket: str = ""
    issued_at: Millis = 0
