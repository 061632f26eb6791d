"""hall.toml, typed, by chapters; the whole of it is a `Hall`."""

from __future__ import annotations

from broker.settings.backup import Backup
from broker.settings.devices import AT_COUNTER, Board, Broker, Device, Enrolment, Kind, Port
from broker.settings.hall import Hall, HallInfo
from broker.settings.people import (
    REASONS,
    Clerk,
    Console,
    PauseReason,
    RatingReason,
    Role,
    Staff,
)
from broker.settings.rules import (
    Alone,
    AtClosing,
    NextWhileServing,
    NoShow,
    NoShowMode,
    Opening,
    Rules,
    Session,
    span,
)
from broker.settings.services import CLASSES, Counter, PriorityClass, Service, ServiceGroup, Zone
from broker.settings.table import InEnglish, Settings

__all__ = [
    "AT_COUNTER",
    "CLASSES",
    "REASONS",
    "Alone",
    "AtClosing",
    "Backup",
    "Board",
    "Broker",
    "Clerk",
    "Console",
    "Counter",
    "Device",
    "Enrolment",
    "Hall",
    "HallInfo",
    "InEnglish",
    "Kind",
    "NextWhileServing",
    "NoShow",
    "NoShowMode",
    "Opening",
    "PauseReason",
    "Port",
    "PriorityClass",
    "RatingReason",
    "Role",
    "Rules",
    "Service",
    "ServiceGroup",
    "Session",
    "Settings",
    "Staff",
    "Zone",
    "span",
]
