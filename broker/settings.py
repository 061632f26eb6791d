"""hall.toml, typed: services, counters, zones, rules, phrases, boards and their devices; never hardware's own settings."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any

from msgspec import Meta, Struct

from broker.phrases import Phrases

Identifier = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")]
Port = Annotated[int, Meta(ge=1, le=65535)]


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of hall.toml: what it does not know it refuses."""


class HallInfo(Settings, frozen=True):
    """`id` stands in topics; `phone` is where visitors complain."""

    id: Identifier
    name: Annotated[str, Meta(min_length=1, max_length=40)]
    phone: str = ""
    timezone: str = "Asia/Shanghai"
    web: str = ""


class NextWhileServing(StrEnum):
    CLOSE = "close"
    REFUSE = "refuse"


class Rules(Settings, frozen=True):
    """The hall's rules; each number is the hall's own choice, none comes from the standard."""

    number_digits: Annotated[int, Meta(ge=3, le=4)] = 3
    recall_limit: Annotated[int, Meta(ge=0, le=9)] = 3
    double_press_ms: Annotated[int, Meta(ge=0, le=5000)] = 800
    press_expires_s: Annotated[int, Meta(ge=2, le=120)] = 10
    call_valid_s: Annotated[int, Meta(ge=5, le=600)] = 60
    green_in_a_row: Annotated[int, Meta(ge=1, le=20)] = 3
    next_while_serving: NextWhileServing = NextWhileServing.CLOSE
    rating_s: Annotated[int, Meta(ge=10, le=120)] = 20
    rating_correct_s: Annotated[int, Meta(ge=0, le=30)] = 3
    late_rating_days: Annotated[int, Meta(ge=0, le=30)] = 5


class Service(Settings, frozen=True):
    """What one queues for; `prefix` starts its numbers; `checklist` is printed on the ticket."""

    id: Identifier
    prefix: Annotated[str, Meta(pattern=r"^[A-Z]$")]
    name: Annotated[str, Meta(min_length=1, max_length=24)]
    checklist: tuple[str, ...] = ()


class Zone(Settings, frozen=True):
    id: Identifier
    name: Annotated[str, Meta(min_length=1, max_length=24)]


class Counter(Settings, frozen=True):
    """`green` serves the green channel first; `serve_key` False: the visitor is taken as come when the service ends."""

    number: Annotated[int, Meta(ge=1, le=999)]
    services: Annotated[tuple[str, ...], Meta(min_length=1)]
    zone: str
    clerk: str = ""
    green: bool = False
    serve_key: bool = True


class Kind(StrEnum):
    TICKET_KIOSK = "ticket_kiosk"
    CALLER_PANEL = "caller_panel"
    RATING_PAD = "rating_pad"
    ANNOUNCER = "announcer"
    HALL_DISPLAY = "hall_display"


class Device(Settings, frozen=True):
    """A device on a board. `hardware` is by part; its types belong to the device's own room."""

    id: Identifier
    kind: Kind
    counter: int = 0
    zone: str = ""
    hardware: dict[str, Any] = {}


class Board(Settings, frozen=True):
    id: Identifier
    devices: Annotated[tuple[Device, ...], Meta(min_length=1)]


class Broker(Settings, frozen=True):
    host: str = "127.0.0.1"
    port: Port = 1883


class Hall(Settings, frozen=True, dict=True):
    """One hall, whole."""

    hall: HallInfo
    services: Annotated[tuple[Service, ...], Meta(min_length=1)]
    zones: Annotated[tuple[Zone, ...], Meta(min_length=1)]
    counters: Annotated[tuple[Counter, ...], Meta(min_length=1)]
    boards: tuple[Board, ...] = ()
    rules: Rules = Rules()
    phrases: Phrases = Phrases()
    broker: Broker = Broker()

    @cached_property
    def service(self) -> dict[str, Service]:
        return {service.id: service for service in self.services}

    @cached_property
    def counter(self) -> dict[int, Counter]:
        return {counter.number: counter for counter in self.counters}

    @cached_property
    def board_of(self) -> dict[str, str]:
        """The board that hosts each device."""
        return {device.id: board.id for board in self.boards for device in board.devices}

    @cached_property
    def device(self) -> dict[str, Device]:
        return {device.id: device for board in self.boards for device in board.devices}

    @cached_property
    def rated_counters(self) -> frozenset[int]:
        """The counters with a pad."""
        pads = (d for d in self.device.values() if d.kind is Kind.RATING_PAD)
        return frozenset(pad.counter for pad in pads)

    @cached_property
    def announced_counters(self) -> frozenset[int]:
        """The counters whose calls a voice is there to speak."""
        voices = (d for d in self.device.values() if d.kind is Kind.ANNOUNCER)
        return frozenset(number for voice in voices for number in self.counters_in(voice.zone))

    def counters_for(self, service: str) -> tuple[int, ...]:
        return tuple(c.number for c in self.counters if service in c.services)

    def counters_in(self, zone: str) -> tuple[int, ...]:
        """The counters of a zone; the empty zone is the whole hall."""
        return tuple(c.number for c in self.counters if zone in ("", c.zone))
