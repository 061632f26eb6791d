"""The ticket on paper: what it says, and in which order and size; how a printer sets it is the printer's business."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from broker.phrases.chinese_kiosk import KioskPaper
from firmware.hal.printer.paper import (
    Badges,
    Box,
    Code,
    Facts,
    Gap,
    Heading,
    Item,
    Number,
    Paper,
    Rule,
    Text,
)

__all__ = ["TicketPaper", "set_out", "test_strip"]


CHINESE = KioskPaper()


@dataclass(frozen=True, slots=True)
class TicketPaper:
    """What one ticket says, as texts ready for the visitor; an empty text leaves its place out.

    `where` names counters or a zone, `estimate` the wait, `mark` a priority, an appointment, an agent, `again` a further
    copy. `item` is what its visitor came for; `chinese` says service and item once more. `waiting_ahead` is
    None where nobody could tell: the kiosk was alone. There is no place for a visitor's name or identity number.
    """

    hall: str
    number: str
    service: str
    where: str
    waiting_ahead: int | None
    issued: str
    estimate: str = ""
    qr: str = ""
    item: str = ""
    chinese: str = ""
    mark: str = ""
    again: str = ""
    checklist: tuple[str, ...] = ()
    checklist_note: str = ""
    complaint: str = ""
    footer: str = ""
    alone: str = ""
    says: KioskPaper = CHINESE


def set_out(ticket: TicketPaper) -> Paper:
    """Put all that a ticket says below one another: the one layout for every printer."""
    return tuple(_items(ticket))


def _items(ticket: TicketPaper) -> Iterator[Item]:
    says = ticket.says
    yield from (Gap(12), Heading(ticket.hall, 36, 30, weight=0.6), Gap(12), Rule(3), Gap(22))
    if ticket.mark or ticket.again:
        yield Badges(ticket.mark, ticket.again)
    yield from (Number(ticket.number), Gap(22), Text(ticket.service, 48, weight=1.0))
    if ticket.item:
        yield from (Gap(6), Text(ticket.item, 36))
    if ticket.chinese:
        yield from (Gap(6), Text(ticket.chinese, 30))
    if ticket.where:
        yield from (Gap(6), Text(says.go_to.format(where=ticket.where), 36))
    yield from (Gap(20), Rule(), Gap(12), _wait(ticket), Gap(14), Rule())
    if ticket.checklist or ticket.checklist_note:
        yield from (Gap(16), Text(says.bring, 32, weight=0.5, left=True))
        for item in ticket.checklist:
            yield from (Gap(6), Box(item, 30))
        if ticket.checklist_note:
            yield from (Gap(10), Text(ticket.checklist_note, 28, left=True))
        yield from (Gap(18), Rule())
    notes = [f"{says.taken_at}\n{ticket.issued}"]
    if ticket.complaint:
        notes.append(f"{says.phone}\n{ticket.complaint}")
    yield from (Gap(14), Code(ticket.qr, tuple(notes), 28))
    if ticket.footer:
        yield from (Gap(12), Rule(), Gap(12), Text(ticket.footer, 28))
    yield Gap(20)


def _wait(ticket: TicketPaper) -> Item:
    if ticket.waiting_ahead is None:
        return Text(ticket.alone, 32)
    says = ticket.says
    facts = [(says.ahead, says.people.format(ahead=ticket.waiting_ahead))]
    if ticket.estimate:
        facts.append((says.wait, ticket.estimate))
    return Facts(tuple(facts))


def test_strip(hall: str, at: str, says: KioskPaper) -> Paper:
    """What proves a printer after its roll was changed: no number, so that nobody takes it for a ticket."""
    return (
        *(Gap(12), Heading(hall, 36, 30, weight=0.6), Gap(12), Rule(3), Gap(22)),
        *(Text(says.test, 72, weight=1.0), Gap(12), Text(says.no_ticket, 36)),
        *(Gap(20), Rule(1), Gap(6), Rule(3), Gap(6), Rule(8), Gap(14)),
        *(Text(says.look, 28), Text(at, 28), Gap(20)),
    )
