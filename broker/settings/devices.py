"""The boards and their devices, and where they find the broker; never hardware's own settings."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from msgspec import Meta

from broker.items import Identifier
from broker.settings.table import Settings

__all__ = ["AT_COUNTER", "Board", "Broker", "Device", "Enrolment", "Kind", "Port"]


Port = Annotated[int, Meta(ge=1, le=65535)]


class Kind(StrEnum):
    TICKET_KIOSK = "ticket_kiosk"
    CALLER_PANEL = "caller_panel"
    RATING_PAD = "rating_pad"
    ANNOUNCER = "announcer"
    HALL_DISPLAY = "hall_display"
    COUNTER_DISPLAY = "counter_display"


AT_COUNTER = (Kind.CALLER_PANEL, Kind.RATING_PAD, Kind.COUNTER_DISPLAY)
"""The kinds of devices that stand at a counter, at most one of each."""


class Device(Settings, frozen=True):
    """A device on a board. `hardware` is by part; its types belong to the device's own room.

    An announcer speaks for a `zone`, or for one `counter`, whose calls then no other one speaks.
    A hall display may show several `zones` under their names instead of one `zone`; without either all of the hall.
    """

    id: Identifier
    kind: Kind
    counter: int = 0
    zone: str = ""
    zones: tuple[str, ...] = ()
    hardware: dict[str, Any] = {}


class Board(Settings, frozen=True):
    """One that was replaced stays here without devices as long as it may still hand in what it kept."""

    id: Identifier
    devices: tuple[Device, ...] = ()


class Broker(Settings, frozen=True):
    """Where boards find the broker: at `tls_port` with an identity, at `port` without one, for trying; and the desk at `desk_port`.

    `names` are other addresses and host names of the same box, for its certificate.
    """

    host: Annotated[str, Meta(pattern=r"^[A-Za-z0-9.:-]{1,253}\Z")] = "127.0.0.1"
    port: Port = 1883
    tls_port: Port = 8883
    desk_port: Port = 8884
    names: tuple[Annotated[str, Meta(pattern=r"^[A-Za-z0-9.:-]{1,253}\Z")], ...] = ()


class Enrolment(Settings, frozen=True):
    """With `accept` a board that comes with a token waits until a technician says `jiaohao desk accept`."""

    accept: bool = False
