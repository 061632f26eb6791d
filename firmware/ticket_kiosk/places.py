"""Which page a key leads to: the one list of all that the kiosk has for visitors to walk through."""

from __future__ import annotations

from collections.abc import Callable

from firmware.ticket_kiosk import code_pages, guide_pages, help_pages, service_pages
from firmware.ticket_kiosk.home_page import home
from firmware.ticket_kiosk.keys import (
    AGENCY,
    APPOINTMENT,
    CHECK_IN,
    COMPLAINT,
    GUIDE,
    HOME,
    SERVICES,
    parted,
)
from firmware.ticket_kiosk.paging import Sheet
from firmware.ticket_kiosk.view import View
from firmware.ticket_kiosk.visit import Visit

__all__ = ["place"]


def place(view: View, visit: Visit, key: str) -> Sheet | None:
    """None where it leads to no page (any more)."""
    fixed = FIXED.get(key)
    return fixed(view, visit) if fixed else _of(view, visit, *parted(key))


FIXED: dict[str, Callable[[View, Visit], Sheet | None]] = {
    HOME: home,
    SERVICES: lambda view, _: service_pages.all_groups(view),
    APPOINTMENT: code_pages.appointment,
    code_pages.LETTERS: lambda view, visit: code_pages.appointment(view, visit, letters=True),
    CHECK_IN: lambda view, _: code_pages.missed(view),
    GUIDE: lambda view, _: guide_pages.groups(view),
    AGENCY: lambda view, _: guide_pages.groups(view, agency=True),
    COMPLAINT: lambda view, _: help_pages.complaint(view),
}


def _of(view: View, visit: Visit, what: str, name: str) -> Sheet | None:
    match what:
        case "services":
            return service_pages.of_group(view, name)
        case "service":
            return service_pages.service(view, name)
        case "bring":
            return service_pages.bring(view, name)
        case "for":
            return service_pages.bring_for(view, name)
        case "agent":
            return service_pages.agency(view, name)
        case "guide":
            return guide_pages.items(view, name)
        case "agents":
            return guide_pages.items(view, name, agency=True)
        case "item":
            return guide_pages.item(view, name)
        case "missed" if view.hall.rules.no_show.at_kiosk:
            return code_pages.missed_code(view, visit, name)
        case _:
            return None
