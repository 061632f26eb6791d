"""Where a touch leads the visitor: another page, another manner or language, or something to ask for."""

from __future__ import annotations

from dataclasses import replace

from broker.messages import CODE_LENGTH, IssueTicket, ReturnTicket
from firmware.device import PrintNotice
from firmware.hal.screen import Manner
from firmware.ticket_kiosk.code_pages import ENTER, LETTERS, LONGEST, typed
from firmware.ticket_kiosk.keys import (
    APPOINTMENT,
    BACK,
    GREEN,
    HOME,
    LARGE,
    LESS,
    LOW,
    MORE,
    USUAL,
    parted,
)
from firmware.ticket_kiosk.places import place
from firmware.ticket_kiosk.service_pages import needs_no_page
from firmware.ticket_kiosk.view import View
from firmware.ticket_kiosk.visit import Visit

__all__ = ["TYPING", "Asked", "walk"]

Asked = IssueTicket | ReturnTicket | PrintNotice
"""What a visitor wants once the pages have led to it."""

MANNERS = {LARGE: Manner.LARGE, LOW: Manner.LOW, USUAL: Manner.USUAL}
TYPING = (APPOINTMENT, LETTERS)
"""The pages on which an appointment's code is typed."""


def walk(view: View, visit: Visit, screens: int, key: str) -> Asked | None:
    """Let the visit go where `key` leads; what it asks for, if anything. `screens` are those of the page that is shown."""
    if key in view.hall.service:
        return ticket(visit, key)
    if key in MANNERS:
        visit.manner = MANNERS[key]
        visit.goes_home()
        return None
    match key:
        case _ if key == GREEN:
            visit.green = "" if visit.green else GREEN
        case _ if key == HOME:
            visit.goes_home()
        case _ if key == BACK:
            visit.back()
        case _ if key in (MORE, LESS):
            visit.turn(screens, 1 if key == MORE else -1)
        case _ if key in TYPING and visit.here.key in TYPING:
            visit.path = (*visit.path[:-1], replace(visit.here, key=key))
        case _:
            return _further(view, visit, key)
    return None


def ticket(visit: Visit, service: str, item: str = "", *, agent: bool = False) -> IssueTicket:
    return IssueTicket(
        service=service,
        green=visit.green,
        person=visit.person,
        item=item,
        agent=agent,
        english=visit.is_english,
    )


def _further(view: View, visit: Visit, key: str) -> Asked | None:
    what, name = parted(key)
    match what:
        case "take":
            service, item, agent = (*name.split("/"), "", "")[:3]
            return ticket(visit, service, item, agent=bool(agent))
        case "print":
            return PrintNotice(name, view.now, visit.is_english)
        case "code":
            return _type(visit, key)
        case "service" if _is_refused(view, name) or needs_no_page(view, name):
            # Why there is none is told, or there is nothing to show before the ticket.
            return ticket(visit, name)
    if place(view, visit, key) is not None:
        visit.to(key)
    return None


def _is_refused(view: View, service: str) -> bool:
    state = view.service(service)
    return state is not None and state.refused is not None


def _type(visit: Visit, key: str) -> Asked | None:
    what, name = parted(visit.here.key)
    if what == "missed":
        visit.typed, visit.wrong = typed(visit.typed, key, CODE_LENGTH), False
        if len(visit.typed) == CODE_LENGTH:
            return ReturnTicket(ticket=name, code=visit.typed)
    elif visit.here.key in TYPING:
        if key == ENTER and visit.typed:
            return IssueTicket(
                service="",
                green=visit.green,
                appointment=visit.typed,
                person=visit.person,
                english=visit.is_english,
            )
        visit.typed = typed(visit.typed, key, LONGEST)
    return None
