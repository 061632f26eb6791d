"""A kiosk of the sample hall in the states that its laws begin with; never a law itself."""

from __future__ import annotations

from broker.hearing import Answered, Together
from broker.messages import (
    CommandRefused,
    IssueTicket,
    KioskState,
    Refusal,
    TicketIssued,
    UnprintedTicket,
)
from broker.settings import Hall
from firmware.device import CheckPrinter, Done, Failed, KeyPressed, PartHealth, Print
from firmware.hal import Health, Trouble
from firmware.ticket_kiosk.kiosk import TicketKiosk
from tests.devices.among import when

__all__ = [
    "A001",
    "A002",
    "CHECKED",
    "ILL",
    "KIOSK",
    "NO_PAPER",
    "PRINTED_A001",
    "PRINTED_A002",
    "WELL",
    "answer",
    "failed",
    "owes",
    "printing",
    "ready",
    "refusal",
    "waiting_for_paper",
]

KIOSK = "kiosk-1"
CHECKED = Done(CheckPrinter())
WELL = PartHealth("printer", Health())
NO_PAPER = PartHealth("printer", Health(usable=False, troubles=(Trouble.PAPER_OUT,)))
ILL = PartHealth("printer", Health(usable=False, troubles=(Trouble.JAM,)))
A001 = TicketIssued(ticket="A001", service="pension", kiosk=KIOSK, issued_at=1000, ahead=3)
A002 = TicketIssued(ticket="A002", service="pension", kiosk=KIOSK, issued_at=2000, ahead=4)
PRINTED_A001 = Print("A001", "pension", 3, 1000)
PRINTED_A002 = Print("A002", "pension", 4, 2000)


def ready(hall: Hall) -> TicketKiosk:
    """A kiosk that gives out tickets: connected, its printer well."""
    kiosk = TicketKiosk(hall, KIOSK)
    kiosk.start()
    when(kiosk, Together(), WELL)
    return kiosk


def answer(*events: TicketIssued) -> Answered:
    return Answered(IssueTicket(service="pension"), events)


def refusal(code: Refusal, ticket: str = "", *, person: str = "") -> Answered:
    refused = CommandRefused(code=code, reason="an English reason for the log", ticket=ticket)
    return Answered(IssueTicket(service="pension", person=person), (refused,))


def printing(hall: Hall, ticket: TicketIssued = A001) -> TicketKiosk:
    """A kiosk whose printer works on a ticket."""
    kiosk = ready(hall)
    when(kiosk, KeyPressed("pension"), CHECKED, answer(ticket))
    return kiosk


def failed(paper: Print) -> Failed:
    return Failed(paper, "The paper is jammed.", Trouble.JAM)


def waiting_for_paper(hall: Hall) -> TicketKiosk:
    """A kiosk whose printer broke over A001."""
    kiosk = printing(hall)
    when(kiosk, ILL, failed(PRINTED_A001))
    return kiosk


def owes(*tickets: TicketIssued, copy: int = 0) -> KioskState:
    """The hub's word that no paper of these tickets, or of this copy of them, is known to have come."""
    return KioskState(
        kiosk=KIOSK,
        unprinted=tuple(
            UnprintedTicket(
                ticket=t.ticket,
                service=t.service,
                ahead=t.ahead,
                issued_at=t.issued_at,
                green=t.green,
                slot=t.slot,
                code=t.code,
                wait=t.wait,
                copy=copy,
            )
            for t in tickets
        ),
    )
