"""What a ticket asks its visitor to bring, out of the catalogue: for the item they chose, else for all that its service has."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from broker.items import Item, checklist
from broker.messages import Version
from broker.settings import Hall
from firmware.device import Print

__all__ = ["chosen", "materials", "versions"]


def chosen(hall: Hall, ticket: Print) -> Item | None:
    """The item that its visitor came for; None where they chose none, or one that this catalogue does not have."""
    return next((item for item in _of_service(hall, ticket) if item.id == ticket.item), None)


def materials(hall: Hall, ticket: Print) -> tuple[tuple[str, ...], bool]:
    """The lines of the list, and whether the guide has more. One item is told whole, with what an agent brings besides."""
    item = chosen(hall, ticket)
    if item is not None:
        agency = item.agency.materials if ticket.agent and item.agency else ()
        told = (one.told(english=ticket.english) for one in (*item.materials, *agency))
        return tuple(dict.fromkeys(told)), False
    items = _of_service(hall, ticket)
    if not items:
        return hall.service[ticket.service].checklist, False
    return checklist(items, hall.rules.checklist_materials, english=ticket.english)


def versions(hall: Hall, ticket: Print) -> tuple[Version, ...]:
    """The items that the list is made of, each with its version: what its visitor was told can be shown later."""
    item = chosen(hall, ticket)
    told = _of_service(hall, ticket) if item is None else (item,)
    return tuple(Version(one.id, one.version) for one in told)


def _of_service(hall: Hall, ticket: Print) -> tuple[Item, ...]:
    issued = datetime.fromtimestamp(ticket.issued_at / 1000, ZoneInfo(hall.hall.timezone))
    return hall.catalogue.of_service(ticket.service, issued.date())
