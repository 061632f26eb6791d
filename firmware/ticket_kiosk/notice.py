"""An item's notice on paper (一次性告知单, 8.4): all that its visitor is told once, to take along; no ticket and no number."""

from __future__ import annotations

from collections.abc import Iterator

from broker.items import Item
from broker.phrases import Language
from broker.settings import Hall
from firmware.hal.printer.paper import Box, Code, Gap, Heading, Paper, Rule, Text
from firmware.hal.printer.paper import Item as OnPaper
from firmware.hal.screen import Manner
from firmware.ticket_kiosk.guide_pages import texts
from firmware.ticket_kiosk.view import View
from firmware.ticket_kiosk.words import Words

__all__ = ["notice"]


def notice(hall: Hall, item: str, at: int, *, english: bool = False) -> Paper:
    """In Chinese, as the catalogue is, or in English as far as it has that; ValueError for an item that it does not have."""
    language = Language.ENGLISH if english else Language.CHINESE
    view = View(hall, Words(hall, language), Manner.USUAL, None, None, None, at)
    known = view.item(item)
    if known is None:
        raise ValueError(f"the catalogue has no item {item!r}")
    return tuple(_items(view, known))


def _items(view: View, item: Item) -> Iterator[OnPaper]:
    says, hall = view.words.phrases.guide, view.hall.hall
    # By how they begin: what is not translated says so after it.
    to_bring = (says.materials, view.words.phrases.agency.materials)
    yield from (Gap(12), Heading(hall.name, 36, 30, weight=0.6), Gap(12), Rule(3), Gap(18))
    yield from (
        Text(says.slip, 48, weight=1.0),
        Gap(10),
        Text(view.words.item(item), 36),
        Gap(16),
        Rule(),
    )
    for section in texts(view, item):
        yield from (Gap(12), Text(section.heading, 30, weight=0.6, left=True))
        for line in section.lines:
            yield Gap(4)
            yield (
                Box(line, 28) if section.heading.startswith(to_bring) else Text(line, 28, left=True)
            )
    yield from (Gap(16), Rule(), Gap(12))
    at = f"{view.words.moment(view.now):%Y-%m-%d %H:%M}"
    notes = (says.slip_at.format(at=at), *((says.code,) if hall.web else ()))
    yield Code(f"{hall.web}{item.id}" if hall.web else "", notes, 28)
    if view.hall.catalogue.notice:
        yield from (Gap(12), Rule(), Gap(12), Text(view.hall.catalogue.notice, 28, left=True))
    yield Gap(20)
