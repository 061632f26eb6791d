"""How each page of the ticket kiosk is come to: what is touched, scanned and answered on the way from its home page."""

from __future__ import annotations

from broker.hearing import Alone, Answered, Cause
from broker.messages import (
    BlockLent,
    BorrowBlock,
    CommandRefused,
    GuideCalled,
    HallState,
    KioskState,
    QueueState,
    Refusal,
    ServiceState,
    TicketIssued,
    TicketReturned,
)
from broker.messages import Event as Written
from broker.messages.words import Wait
from broker.settings import Hall
from firmware.device import CardShown, CodeScanned, KeyPressed, PartHealth
from firmware.hal import Health, Trouble
from firmware.ticket_kiosk.keys import ROLL
from tests.devices.kiosks import ILL, KIOSK, NO_PAPER, WELL
from tests.pictures.halls import AT
from tests.pictures.visitor import Step, Visitor

__all__ = ["EXIT", "missed_of", "queue_of", "ways"]

EXIT = "大厅发生紧急情况，请听从工作人员指挥，从最近的安全出口有序离开，不要使用电梯"
HOUR = 3_600_000
COVER_OPEN = PartHealth("printer", Health(usable=False, troubles=(Trouble.COVER_OPEN,)))
NEAR_END = PartHealth("printer", Health(troubles=(Trouble.PAPER_NEAR_END,)))
GONE = Alone("the hub is silent", Cause.HUB)
TO_PENSION = ("?page:services", "?services:g0", "service:pension")
TO_BRING = (*TO_PENSION, "?for:pension-claim")
TO_TAKE = (*TO_BRING, "?take:pension/pension-claim", "?take:pension")
TO_ITEM = ("page:guide", "guide:pension", "item:pension-claim")
PAPER = Visitor.has_paper
SILENCE = Visitor.is_told_nothing


def _told(*events: Written) -> Step:
    return lambda visitor: visitor.is_told(*events)


def _refused(code: Refusal, ticket: str = "", again: int = 0) -> Step:
    return _told(CommandRefused(code=code, reason="for the log", ticket=ticket, again=again))


def _touched(key: str, times: int) -> tuple[Step, ...]:
    return (key,) * times


def queue_of(hall: Hall, *, most: int, missed: tuple[str, ...] = ()) -> QueueState:
    """Some services busy, some calm, one closed, one whose tickets are all given out."""
    states: dict[str, ServiceState] = {}
    for n, service in enumerate(hall.services):
        waiting = most * ((7 * n + 6) % 10) // 10
        refused = {2: Refusal.QUOTA_OF_DAY, 9: Refusal.NOT_OPEN}.get(n)
        wait = Wait(min(waiting * 2, 180), min(waiting * 3, 240)) if waiting else None
        states[service.id] = ServiceState(waiting=waiting, counters=2, refused=refused, wait=wait)
    return QueueState(services=states, missed=missed)


def missed_of(hall: Hall) -> tuple[str, ...]:
    """Numbers that may come back, as many as the hub tells of at most where the hall is large."""
    if hall.rules.number_digits == 4:
        return tuple(f"{'ABCD'[n % 4]}{n * 97 + 1003}" for n in range(20))
    return "A003", "B004", "A005"


def _all_refused(hall: Hall, code: Refusal, again: int = 0) -> QueueState:
    state = ServiceState(refused=code, again=again)
    return QueueState(services={service.id: state for service in hall.services})


def ways(hall: Hall) -> dict[str, tuple[Step, ...]]:
    """By the name of the page that each leads to."""
    long = hall.rules.number_digits == 4
    ticket, most = ("A1017", 999) if long else ("A017", 12)
    missed = missed_of(hall)
    agent = next(item.id for item in hall.catalogue.items if item.agency)
    issued = TicketIssued(
        ticket=ticket,
        service="pension",
        kiosk=KIOSK,
        issued_at=AT,
        ahead=most // 2,
        code="K7Q2MX",
        wait=Wait(min(most, 180), min(most + most // 2, 240)),
        item="pension-claim",
    )
    some = queue_of(hall, most=most)
    back = queue_of(hall, most=most, missed=missed)
    lent = BlockLent(
        kiosk=KIOSK,
        service="pension",
        day="2026-11-30",
        numbers={f"A90{n}": f"CODE9{n}" for n in range(1, 4)},
        hours=((AT - HOUR, AT + HOUR),),
        until=AT + 12 * HOUR,
    )
    alone = (Answered(BorrowBlock(service="pension"), (lent,)), GONE)
    typing = ("page:missed", f"missed:{missed[0]}")
    scanned = CodeScanned("YY-20261130-0031")
    returned = TicketReturned(ticket=missed[0], place=(0, AT, 0))
    return {
        "home": (some,),
        "home-unknown": (),
        "home-green": (some, "green"),
        "home-missed": (back,),
        "home-near-end": (some, NEAR_END),
        "groups": (some, "page:services"),
        "services": (some, "page:services", "services:g0"),
        "items": (some, *TO_PENSION),
        "bring": (some, *TO_BRING),
        "bring-unsure": (some, *TO_PENSION, "bring:pension"),
        "asking": (some, *TO_TAKE),
        "printing": (some, *TO_TAKE, PAPER, _told(issued)),
        "taken": (some, *TO_TAKE, PAPER, _told(issued), PAPER),
        "not-printed": (some, *TO_TAKE, PAPER, _told(issued), Visitor.has_no_paper),
        "refused": (some, *TO_TAKE, PAPER, _refused(Refusal.QUOTA_OF_DAY, again=AT + 24 * HOUR)),
        "has-ticket": (some, *TO_TAKE, PAPER, _refused(Refusal.HAS_TICKET, ticket)),
        "unanswered": (some, *TO_TAKE, PAPER, SILENCE),
        "paper-out": (some, NO_PAPER),
        "jam": (some, ILL),
        "roll-open": (some, KeyPressed(ROLL)),
        "roll-load": (some, COVER_OPEN),
        "roll-test": (some, COVER_OPEN, WELL),
        "roll-failed": (some, COVER_OPEN, WELL, Visitor.has_no_paper),
        "roll-done": (some, COVER_OPEN, WELL, PAPER),
        "cut-off": (some, GONE),
        "alone": (some, *alone),
        "closed": (_all_refused(hall, Refusal.NOT_OPEN, AT + HOUR),),
        "ended": (_all_refused(hall, Refusal.LAST_TICKET_GIVEN),),
        "early-closing": (_all_refused(hall, Refusal.ISSUING_STOPPED),),
        "emergency": (some, HallState(emergency=EXIT, since=AT)),
        "guide": (some, "page:guide"),
        "guide-items": (some, "page:guide", "guide:pension"),
        "guide-item": (some, *TO_ITEM),
        "guide-printing": (some, *TO_ITEM, "print:pension-claim"),
        "guide-printed": (some, *TO_ITEM, "print:pension-claim", PAPER),
        "agency": (some, "page:agency"),
        "agency-notice": (some, "page:agency", "?agents:pension", f"agent:{agent}"),
        "complaint": (some, "page:complaint"),
        "missed": (back, "page:missed"),
        "missed-code": (back, *typing, *_touched("code:7", 3)),
        "missed-asking": (back, *typing, *_touched("code:7", 6)),
        "missed-wrong": (back, *typing, *_touched("code:7", 6), _refused(Refusal.WRONG_CODE)),
        "missed-back": (back, *typing, *_touched("code:7", 6), _told(returned)),
        "missed-too-late": (back, *typing, *_touched("code:7", 6), _refused(Refusal.TOO_LATE)),
        "calling-guide": (some, "page:call"),
        "guide-comes": (some, "page:call", _told(GuideCalled(kiosk=KIOSK, since=AT))),
        "no-guide": (some, "page:call", SILENCE),
        "guide-called": (some, KioskState(kiosk=KIOSK, guide_since=AT)),
        "appointment": (some, "page:appointment", *_touched("code:2", 4)),
        "appointment-letters": (some, "page:appointment", "page:letters"),
        "appointment-unknown": (some, scanned, PAPER, _refused(Refusal.UNKNOWN_APPOINTMENT)),
        "appointment-early": (some, scanned, PAPER, _refused(Refusal.TOO_EARLY, again=AT + HOUR)),
        "unknown-code": (some, CodeScanned("https://pay.example/1")),
        "card": (some, CardShown("5f" * 32, elderly=False)),
        "card-elderly": (some, CardShown("5f" * 32, elderly=True)),
    }
