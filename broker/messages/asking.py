"""Asking and answering: a command on its way to the hub, and what was written down for it."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from broker.messages.commands import DeviceCommand
from broker.messages.events import Event
from broker.messages.words import Millis, Name

__all__ = ["Answer", "Request"]


class Request(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A command on its way; sent again under the same id until it is answered. `expires` None never goes stale.

    From a console, `staff` asks, who proves it with `pin`. The pin is never kept, written down or shown.
    """

    command_id: Name
    device: Name
    command: DeviceCommand
    expires: Millis | None = None
    staff: Name = ""
    pin: Annotated[str, Meta(max_length=40)] = ""

    def __repr__(self) -> str:
        who = f"{self.device}/{self.staff}" if self.staff else self.device
        return f"Request({self.command_id!r}, {who!r}, {self.command!r}, expires={self.expires})"


class Answer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was written down for a command. `not_now` says that the hub could not write: ask again."""

    command_id: str
    events: tuple[Event, ...] = ()
    not_now: str = ""
