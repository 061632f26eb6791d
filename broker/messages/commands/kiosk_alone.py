"""Of a kiosk that may find itself alone."""

from __future__ import annotations

from broker.messages.words import Message, Millis, Name

__all__ = ["BorrowBlock", "ReportIssuedAlone", "Withdraw"]


class BorrowBlock(Message, frozen=True):
    """Numbers of a service to give out today if the hub should be away."""

    service: Name


class ReportIssuedAlone(Message, frozen=True):
    """A lent number was given out at `issued_at` by the hub's time as the kiosk knew it; `day` is the block's."""

    ticket: Name
    service: Name
    day: Name
    issued_at: Millis
    green: Name = ""
    item: Name = ""
    agent: bool = False
    english: bool = False


class Withdraw(Message, frozen=True):
    """The command `command_id` of the same device is taken back, whether it has come, is coming or never comes."""

    command_id: Name
