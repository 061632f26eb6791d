"""The ticket on paper: what it says, and in which order and size; how a printer sets it is the printer's business."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class TicketPaper:
    """What one ticket says, as texts ready for the visitor; an empty text leaves its place out.

    `where` names counters or a zone, `estimate` the wait, `mark` a priority, an appointment, an agent. `item` is what
    its visitor came for. `waiting_ahead` is
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
    mark: str = ""
    reprint: bool = False
    checklist: tuple[str, ...] = ()
    checklist_note: str = ""
    complaint: str = ""
    footer: str = ""


def set_out(ticket: TicketPaper) -> Paper:
    """Put all that a ticket says below one another: the one layout for every printer."""
    return tuple(_items(ticket))


def _items(ticket: TicketPaper) -> Iterator[Item]:
    yield from (Gap(12), Heading(ticket.hall, 36, 30, weight=0.6), Gap(12), Rule(3), Gap(22))
    if ticket.mark or ticket.reprint:
        yield Badges(ticket.mark, "补打" if ticket.reprint else "")
    yield from (Number(ticket.number), Gap(22), Text(ticket.service, 48, weight=1.0))
    if ticket.item:
        yield from (Gap(6), Text(ticket.item, 36))
    if ticket.where:
        yield from (Gap(6), Text(f"请到 {ticket.where}", 36))
    yield from (Gap(20), Rule(), Gap(12), _wait(ticket), Gap(14), Rule())
    if ticket.checklist or ticket.checklist_note:
        yield from (Gap(16), Text("请备齐材料", 32, weight=0.5, left=True))
        for item in ticket.checklist:
            yield from (Gap(6), Box(item, 30))
        if ticket.checklist_note:
            yield from (Gap(10), Text(ticket.checklist_note, 28, left=True))
        yield from (Gap(18), Rule())
    notes = [f"取号时间\n{ticket.issued}"]
    if ticket.complaint:
        notes.append(f"咨询投诉电话\n{ticket.complaint}")
    yield from (Gap(14), Code(ticket.qr, tuple(notes), 28))
    if ticket.footer:
        yield from (Gap(12), Rule(), Gap(12), Text(ticket.footer, 28))
    yield Gap(20)


def _wait(ticket: TicketPaper) -> Item:
    if ticket.waiting_ahead is None:
        return Text("脱机取号，按取号时间排队", 32)
    facts = [("前方等待", f"{ticket.waiting_ahead} 人")]
    if ticket.estimate:
        facts.append(("预计等候", ticket.estimate))
    return Facts(tuple(facts))


def test_strip(hall: str, at: str) -> Paper:
    """What proves a printer after its roll was changed: no number, so that nobody takes it for a ticket."""
    return (
        *(Gap(12), Heading(hall, 36, 30, weight=0.6), Gap(12), Rule(3), Gap(22)),
        *(Text("打印测试", 72, weight=1.0), Gap(12), Text("这不是号票", 36)),
        *(Gap(20), Rule(1), Gap(6), Rule(3), Gap(6), Rule(8), Gap(14)),
        *(Text("以上横线应清晰、等宽、无断点", 28), Text(at, 28), Gap(20)),
    )
