"""The guide (办事指南) on the screen: groups, items, and all that is told of one; the same for what can be done for another."""

from __future__ import annotations

from collections.abc import Iterator

from broker.items import Item
from firmware.hal.screen import KioskKey, KioskPage, Section
from firmware.ticket_kiosk.paging import Sheet
from firmware.ticket_kiosk.service_pages import take_key
from firmware.ticket_kiosk.view import View
from firmware.ticket_kiosk.where import item_counters, where

__all__ = ["groups", "item", "items", "texts"]

GUIDE, AGENCY = "guide", "agents"


def groups(view: View, *, agency: bool = False) -> Sheet | None:
    """The groups that have items; a single one is passed over."""
    listed = _listed(view, agency=agency)
    used = {one.group for one in listed}
    known = [group for group in view.hall.catalogue.groups if group.id in used]
    if not listed:
        return None
    if len(known) <= 1:
        return items(view, known[0].id if known else "", agency=agency)
    under = AGENCY if agency else GUIDE
    choices = tuple(KioskKey(f"{under}:{group.id}", view.words.group(group)) for group in known)
    says = view.words.phrases.agency if agency else view.words.phrases.guide
    return Sheet(_page(view, says.title, says.choose), choices)


def items(view: View, group: str, *, agency: bool = False) -> Sheet | None:
    listed = [one for one in _listed(view, agency=agency) if not group or one.group == group]
    if not listed:
        return None
    says = view.words.phrases.agency if agency else view.words.phrases.guide
    names = {one.id: view.words.group(one) for one in view.hall.catalogue.groups}
    key = "agent" if agency else "item"
    choices = tuple(KioskKey(f"{key}:{one.id}", view.words.item(one, short=True)) for one in listed)
    return Sheet(_page(view, names.get(group, says.title), says.choose_item), choices)


def _listed(view: View, *, agency: bool) -> list[Item]:
    return [one for one in view.valid_items if one.agency or not agency]


def _page(view: View, title: str, told: str) -> KioskPage:
    return KioskPage(title, lines=(told,), notice=view.hall.catalogue.notice or view.notice)


def item(view: View, item: str) -> Sheet | None:
    """All of one item (8.4 一次性告知), to read, to print, to take along on a phone; and its ticket."""
    known = view.item(item)
    if known is None:
        return None
    says = view.words.phrases.guide
    web = view.hall.hall.web
    page = KioskPage(
        view.words.item(known),
        sections=texts(view, known),
        code=f"{web}{known.id}" if web else "",
        code_note=says.code if web else "",
        notice=view.hall.catalogue.notice or view.notice,
    )
    other = KioskKey(f"agent:{known.id}", view.words.phrases.service.for_other)
    return Sheet(
        page,
        stays=(
            take_key(view, known),
            KioskKey(f"print:{known.id}", says.print),
            *((other,) if known.agency else ()),
        ),
    )


def texts(view: View, known: Item) -> tuple[Section, ...]:
    """What is told of an item, in the order in which it is asked for; what is empty is left out."""
    return tuple(
        Section(view.words.heading(heading, lines), lines)
        for heading, lines in _texts(view, known)
        if lines
    )


def _texts(view: View, known: Item) -> Iterator[tuple[str, tuple[str, ...]]]:
    words, says = view.words, view.words.phrases.guide
    limit = words.limit
    statutory = (says.statutory.format(limit=limit(known.statutory)),) if known.statutory else ()
    yield says.limit, (says.promised.format(limit=limit(known.promised)), *statutory)
    yield says.fee, (known.fee,)
    yield says.where, (where(view.hall, words, item_counters(view.hall, known), known.zone),)
    yield says.phone, tuple(filter(None, (known.phone or view.hall.hall.phone,)))
    yield says.materials, words.materials(known.materials)
    yield says.conditions, known.conditions
    yield says.steps, tuple(f"{n}. {step}" for n, step in enumerate(known.steps, 1))
    yield says.result, (known.result,)
    yield says.basis, known.basis
    agency = known.agency
    if agency is not None:
        told = words.phrases.agency
        yield told.scope, (agency.scope,)
        yield told.materials, words.materials(agency.materials)
    yield (
        says.review,
        (
            says.valid.format(
                valid=words.day(known.valid_from),
                reviewed=words.day(known.reviewed),
                reviewer=known.reviewer,
                version=known.version,
            ),
        ),
    )
