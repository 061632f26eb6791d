"""What a hall offers, to whom first, and where: services, priority classes, zones, counters."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from broker.items import Identifier
from broker.settings.rules import Session
from broker.settings.table import InEnglish, Settings

__all__ = ["CLASSES", "Counter", "PriorityClass", "Service", "ServiceGroup", "Zone"]


class PriorityClass(Settings, frozen=True):
    """Who may take the green channel."""

    id: Identifier
    name: Annotated[str, Meta(min_length=1, max_length=24)]
    english: InEnglish = ""


CLASSES = (
    PriorityClass(id="green", name="绿色通道", english="Green channel"),
    PriorityClass(id="military", name="军人", english="Military"),
    PriorityClass(id="elderly", name="老年人", english="60 or over"),
    PriorityClass(id="disabled", name="残疾人", english="Disabled"),
    PriorityClass(id="pregnant", name="孕妇", english="Pregnant"),
)


class ServiceGroup(Settings, frozen=True):
    """Under what a kiosk lists services that are too many for one page."""

    id: Identifier
    name: Annotated[str, Meta(min_length=1, max_length=24)]
    english: InEnglish = ""


class Service(Settings, frozen=True):
    """What one queues for; `prefix` starts its numbers; `checklist` is printed on the ticket if the catalogue has no item of it.

    A service with a `zone` is special: only counters of that zone serve it, and no comprehensive one elsewhere.
    `sessions` are its own opening hours; a quota of 0 is none. `digits` 0 is as the hall's rules say. `group` is one of
    the hall's, for its kiosks.
    """

    id: Identifier
    prefix: Annotated[str, Meta(pattern=r"^[A-Z]\Z")]
    name: Annotated[str, Meta(min_length=1, max_length=24)]
    checklist: tuple[str, ...] = ()
    zone: str = ""
    sessions: tuple[Session, ...] = ()
    last_ticket_min: Annotated[int, Meta(ge=0, le=240)] = 0
    quota_day: Annotated[int, Meta(ge=0, le=9999)] = 0
    quota_slot: Annotated[int, Meta(ge=0, le=9999)] = 0
    slot_min: Annotated[int, Meta(ge=5, le=240)] = 30
    digits: Literal[0, 3, 4] = 0
    group: str = ""
    english: InEnglish = ""


class Zone(Settings, frozen=True):
    id: Identifier
    name: Annotated[str, Meta(min_length=1, max_length=24)]
    english: InEnglish = ""


class Counter(Settings, frozen=True):
    """`clerk` is the id of one of [[clerks]], or a text that visitors read.

    `green` serves the green channel first; `serve_key` False: the visitor is taken as come when the service ends.
    A `comprehensive` counter (综合窗口) serves every service that has no zone of its own, besides its `services`.
    """

    number: Annotated[int, Meta(ge=1, le=999)]
    zone: str
    services: tuple[str, ...] = ()
    comprehensive: bool = False
    clerk: str = ""
    green: bool = False
    serve_key: bool = True
