"""Fifty tickets, four counters pressing at once, two hundred times: none called twice, none skipped."""

from __future__ import annotations

from collections import Counter as Tally

import msgspec

from broker.journal import Journal
from broker.messages import (
    Answer,
    CallNext,
    DeviceCommand,
    Event,
    IssueTicket,
    OpenCounter,
    ReportPrinted,
    TicketCalled,
    TicketIssued,
)
from tests.bench import halls
from tests.bench.row import Bench, BenchFault, Measured, Over, Row, Say
from tests.bench.sessions import Lane, Next, Sessions, times
from tests.bench.stage import Stage

__all__ = ["BENCH"]

ROUNDS = 200
TICKETS = 50
COUNTERS = (1, 2, 3, 4)
SERVICES = ("one", "two")

ROW = Row(
    "fifty_tickets",
    "50 tickets, 4 counters at once, 200 times: called twice or skipped",
    "tickets",
    0,
    over=Over.SUM,
)


def measure(say: Say) -> Measured:
    wrong: list[float] = []
    with Stage(_hall()) as stage:
        boards: dict[str, tuple[tuple[int, ...], tuple[str, ...]]] = {
            f"board-{n}": ((n,), ()) for n in COUNTERS
        }
        boards["kiosk-1"] = ((), ("kiosk-1",))
        with Sessions(stage.hall.hall.id, stage.port, boards) as sessions:
            sessions.ask([_at(n, times(1, OpenCounter(counter=n))) for n in COUNTERS])
            for number in range(ROUNDS):
                wrong.append(_round(sessions, number))
                if (number + 1) % 50 == 0:
                    say(f"{number + 1} of {ROUNDS} rounds, {sum(wrong):.0f} tickets wrong")
        stage.stop()
        journal = stage.journal()
        try:
            # What the answers have shown already is not counted again.
            wrong.append(max(0.0, _wrong_in(journal) - sum(wrong)))
        finally:
            journal.close()
    note = f"fifty_tickets: {ROUNDS} rounds by their answers, then the whole journal, whose chain is intact"
    return Measured({ROW.name: tuple(wrong)}, note)


def _hall() -> str:
    boards = (halls.board(f"board-{n}", halls.panel(n)) for n in COUNTERS)
    return halls.hall(
        SERVICES,
        halls.counters(COUNTERS, SERVICES),
        halls.board("kiosk-1", halls.kiosk("kiosk-1")),
        *boards,
    )


def _at(counter: int, next_: Next) -> Lane:
    return Lane(f"board-{counter}", f"panel-{counter}", next_)


def _round(sessions: Sessions, number: int) -> int:
    issued: list[str] = []
    called: list[str] = []
    kiosk = [_taking(SERVICES[(number + i) % 2], issued) for i in range(TICKETS)]
    sessions.ask([Lane("kiosk-1", "kiosk-1", take) for take in kiosk])
    sessions.ask([_at(counter, _pressing(counter, called)) for counter in COUNTERS])
    return _wrong(issued, called)


def _taking(service: str, issued: list[str]) -> Next:
    """Take one ticket and report its paper."""

    def take(answer: Answer | None) -> DeviceCommand | None:
        match answer:
            case None:
                return IssueTicket(service=service)
            case Answer(events=(TicketIssued(ticket=ticket),)):
                issued.append(ticket)
                return ReportPrinted(ticket=ticket)
            case _:
                return None

    return take


def _pressing(counter: int, called: list[str]) -> Next:
    """Press Next until nobody waits."""

    def press(answer: Answer | None) -> DeviceCommand | None:
        tickets = [e.ticket for e in answer.events if isinstance(e, TicketCalled)] if answer else []
        called.extend(tickets)
        return CallNext(counter=counter) if tickets or answer is None else None

    return press


def _wrong(issued: list[str], called: list[str]) -> int:
    """Tickets called twice, skipped, or never issued."""
    if len(issued) != len(set(issued)):
        raise BenchFault("the coordinator gave one number to two visitors")
    calls = Tally(called)
    wanted = dict.fromkeys(issued, 1)
    return sum(calls[ticket] != wanted.get(ticket, 0) for ticket in {*issued, *called})


def _wrong_in(journal: Journal) -> int:
    if broken := journal.verify():
        raise BenchFault(f"the journal's chain is broken: {broken}")
    decode = msgspec.json.Decoder(Event).decode
    events = [decode(row.body) for row in journal.rows() if row.kind.startswith("Ticket")]
    issued = [event.ticket for event in events if isinstance(event, TicketIssued)]
    called = [event.ticket for event in events if isinstance(event, TicketCalled)]
    if len(issued) != ROUNDS * TICKETS:
        raise BenchFault(f"the journal holds {len(issued)} tickets of {ROUNDS * TICKETS}")
    return _wrong(issued, called)


BENCH = Bench((ROW,), measure)
