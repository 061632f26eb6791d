"""The ticket on paper: what it says, and in which order and size; how dots are set is the strip's business."""

from __future__ import annotations

from dataclasses import dataclass

from firmware.hal.printer import Bitmap
from firmware.ticket_kiosk.strip import Strip

__all__ = ["TicketPaper", "draw"]


@dataclass(frozen=True, slots=True)
class TicketPaper:
    """What one ticket says, as texts ready for the visitor; an empty text leaves its place out.

    `where` names counters or a zone, `estimate` the wait, `mark` a priority or an appointment. `waiting_ahead` is
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
    mark: str = ""
    reprint: bool = False
    checklist: tuple[str, ...] = ()
    complaint: str = ""
    footer: str = ""


def draw(paper: TicketPaper, width: int = 576) -> Bitmap:
    """Draw the strip, `width` dots across: 576 is 80 mm paper at 203 dots per inch, 384 is 58 mm."""
    strip = Strip(width)
    strip.gap(12)
    strip.heading(paper.hall, 36, 30, weight=0.6)
    strip.gap(12)
    strip.rule(3)
    strip.gap(22)
    strip.badges(paper.mark, "补打" if paper.reprint else "")
    strip.number(paper.number)
    strip.gap(22)
    strip.text(paper.service, 48, weight=1.0)
    if paper.where:
        strip.gap(6)
        strip.text(f"请到 {paper.where}", 36)
    _draw_wait(strip, paper)
    _draw_checklist(strip, paper.checklist)
    _draw_foot(strip, paper)
    return strip.bitmap()


def _draw_wait(strip: Strip, paper: TicketPaper) -> None:
    strip.gap(20)
    strip.rule(1)
    strip.gap(12)
    if paper.waiting_ahead is None:
        strip.text("脱机取号，按取号时间排队", 32)
    else:
        facts = [("前方等待", f"{paper.waiting_ahead} 人")]
        if paper.estimate:
            facts.append(("预计等候", paper.estimate))
        strip.columns(tuple(facts))
    strip.gap(14)
    strip.rule(1)


def _draw_checklist(strip: Strip, checklist: tuple[str, ...]) -> None:
    if not checklist:
        return
    strip.gap(16)
    strip.text("请备齐材料", 32, weight=0.5, left=True)
    for item in checklist:
        strip.gap(6)
        strip.box_and_text(item, 30)
    strip.gap(18)
    strip.rule(1)


def _draw_foot(strip: Strip, paper: TicketPaper) -> None:
    notes = [f"取号时间\n{paper.issued}"]
    if paper.complaint:
        notes.append(f"咨询投诉电话\n{paper.complaint}")
    strip.gap(14)
    strip.code_and_notes(paper.qr, tuple(notes), 28)
    if paper.footer:
        strip.gap(12)
        strip.rule(1)
        strip.gap(12)
        strip.text(paper.footer, 28)
    strip.gap(20)
