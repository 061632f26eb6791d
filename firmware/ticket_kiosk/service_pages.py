"""From a service to its ticket: groups, services, which item it is, what to bring, and as whose agent."""

from __future__ import annotations

from broker.items import Item, Material, checklist
from firmware.hal.screen import KioskKey, KioskPage, Section
from firmware.ticket_kiosk.home_page import grouped, services, waiting
from firmware.ticket_kiosk.paging import Sheet
from firmware.ticket_kiosk.view import View

__all__ = [
    "agency",
    "all_groups",
    "bring",
    "bring_for",
    "needs_no_page",
    "of_group",
    "service",
    "take_key",
]


def all_groups(view: View) -> Sheet:
    return Sheet(_choosing(view), grouped(view))


def of_group(view: View, group: str) -> Sheet | None:
    keys = services(view, group)
    names = {one.id: view.words.name(one) for one in view.hall.groups}
    other = view.words.phrases.home.other_services
    return Sheet(_choosing(view, names.get(group, other)), keys) if keys else None


def _choosing(view: View, title: str = "") -> KioskPage:
    says = view.words.phrases.home
    return KioskPage(title or says.services, lines=(says.choose,), notice=view.notice)


def needs_no_page(view: View, service: str) -> bool:
    """Whether nothing is known that its visitor should bring."""
    return not (view.items(service) or view.hall.service[service].checklist)


def service(view: View, service: str) -> Sheet | None:
    """Its items to choose from; of one alone, or where choices are few, what to bring at once."""
    if service not in view.hall.service:
        return None
    items = view.items(service)
    if len(items) == 1:
        return bring_for(view, items[0].id)
    if view.few or not items:
        return bring(view, service)
    says = view.words.phrases.service
    page = KioskPage(
        view.words.service(service),
        lines=tuple(filter(None, (says.which, waiting(view, service)))),
        notice=view.notice,
    )
    choices = tuple(KioskKey(f"for:{item.id}", view.words.item(item, short=True)) for item in items)
    return Sheet(page, choices, stays=(KioskKey(f"bring:{service}", says.unsure),))


def bring(view: View, service: str) -> Sheet | None:
    """What to bring whatever of its items it is, and the ticket."""
    known = view.hall.service.get(service)
    if known is None:
        return None
    says, items = view.words.phrases.service, view.items(service)
    words = view.words
    materials, more = checklist(
        items, view.hall.rules.checklist_materials, english=not words.is_chinese
    )
    shown = materials if items else known.checklist
    heading = words.heading(says.shared if more else says.materials, shown)
    sections = (Section(heading, shown),) if shown else ()
    told = says.bring_unsure if more else says.bring
    page = KioskPage(
        view.words.name(known),
        lines=tuple(filter(None, (told, waiting(view, service)))),
        sections=sections,
        notice=view.notice,
    )
    return Sheet(page, stays=(KioskKey(f"take:{service}", says.take),))


def bring_for(view: View, item: str) -> Sheet | None:
    """What to bring for an item, and the ticket, perhaps for somebody else."""
    known = view.item(item)
    if known is None or known.service not in view.hall.service:
        return None
    says = view.words.phrases.service
    page = KioskPage(
        view.words.item(known),
        lines=tuple(filter(None, (says.bring, waiting(view, known.service)))),
        sections=(_to_bring(view, says.materials, known.materials),),
        notice=view.notice,
    )
    other = KioskKey(f"agent:{known.id}", says.for_other, says.for_other_note)
    return Sheet(page, stays=(take_key(view, known), *((other,) if known.agency else ())))


def _to_bring(view: View, heading: str, materials: tuple[Material, ...]) -> Section:
    lines = view.words.materials(materials)
    return Section(view.words.heading(heading, lines), lines)


def agency(view: View, item: str) -> Sheet | None:
    """The notice for who comes for somebody else (代办), and the ticket."""
    known = view.item(item)
    if known is None or known.agency is None:
        return None
    says, told = view.words.phrases.agency, known.agency
    texts = (
        (says.scope, (told.scope,)),
        (says.materials, view.words.materials(told.materials)),
        (says.steps, told.steps),
        (says.basis, told.basis),
    )
    page = KioskPage(
        says.of.format(item=view.words.item(known, short=True)),
        lines=tuple(filter(None, (waiting(view, known.service),))),
        sections=tuple(
            Section(view.words.heading(heading, lines), lines) for heading, lines in texts if lines
        ),
        notice=view.notice,
    )
    return Sheet(page, stays=(take_key(view, known, agent=True),))


def take_key(view: View, item: Item, *, agent: bool = False) -> KioskKey:
    """The ticket itself; one that cannot be had now says so."""
    says, state = view.words.phrases.service, view.service(item.service)
    key = f"take:{item.service}/{item.id}{'/agent' if agent else ''}"
    label = says.take_agent if agent else says.take
    if state is not None and state.refused is not None:
        return KioskKey(key, label, view.words.not_now(state.refused), enabled=False)
    return KioskKey(key, label)
