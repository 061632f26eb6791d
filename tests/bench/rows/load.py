"""Eight kiosks with eight tickets in flight each, then sixty-four counters calling: the coordinator's pace and its price."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import psutil

from broker.messages import (
    Answer,
    CallNext,
    DeviceCommand,
    IssueTicket,
    OpenCounter,
    ReportPrinted,
    TicketCalled,
    TicketIssued,
)
from tests.bench import halls
from tests.bench.row import RUNS, Bench, BenchFault, Measured, Row, Say
from tests.bench.sessions import Lane, Next, Sessions, times
from tests.bench.stage import Stage

__all__ = ["BENCH"]

KIOSKS = 8
IN_FLIGHT = 8
EACH = 100
TICKETS = KIOSKS * IN_FLIGHT * EACH
COUNTERS = KIOSKS * IN_FLIGHT
SERVICES = ("one", "two", "three", "four")

ROWS = (
    Row("ticket_cpu", "coordinator's CPU a ticket, 8 kiosks x 8 in flight", "ms", 0.4),
    Row("call_cpu", "coordinator's CPU a call, 8 boards x 8 counters in flight", "ms", 0.4),
    Row("tickets", "durable tickets a second, 8 kiosks x 8 in flight", "/s", 2000, at_least=True),
)


def measure(say: Say) -> Measured:
    runs: dict[str, list[float]] = {row.name: [] for row in ROWS}
    calls_a_second: list[float] = []
    for run in range(RUNS):
        ticket_cpu, tickets, call_cpu, calls = _run()
        runs["ticket_cpu"].append(ticket_cpu)
        runs["tickets"].append(tickets)
        runs["call_cpu"].append(call_cpu)
        calls_a_second.append(calls)
        say(
            f"run {run + 1} of {RUNS}: {tickets:.0f} tickets/s at {ticket_cpu:.3f} ms,"
            f" {calls:.0f} calls/s at {call_cpu:.3f} ms"
        )
    note = f"load: each run {TICKETS} tickets and as many calls, {min(calls_a_second):.0f} calls/s and more; a call closes the ticket before it"
    return Measured({name: tuple(values) for name, values in runs.items()}, note)


def _run() -> tuple[float, float, float, float]:
    with Stage(_hall()) as stage:
        coordinator = _Meter(stage.hub.pid)
        boards = {
            f"board-{b}": (tuple(_counters(b)), (f"kiosk-{b}",)) for b in range(1, KIOSKS + 1)
        }
        issued: list[tuple[str, str]] = []
        with Sessions(stage.hall.hall.id, stage.port, boards) as sessions:
            coordinator.start()
            sessions.ask(_issuing(issued))
            tickets = coordinator.stop(TICKETS)
            sessions.ask(_printing(issued))
            sessions.ask([Lane(b, d, times(1, OpenCounter(counter=n))) for b, d, n in _panels()])
            coordinator.start()
            sessions.ask([Lane(b, d, _calling(n)) for b, d, n in _panels()])
            calls = coordinator.stop(TICKETS)
        stage.stop()
        _see_them_written(stage, {ticket for _, ticket in issued})
    return *tickets, *calls


def _hall() -> str:
    boards = (
        halls.board(f"board-{b}", halls.kiosk(f"kiosk-{b}"), *map(halls.panel, _counters(b)))
        for b in range(1, KIOSKS + 1)
    )
    return halls.hall(SERVICES, halls.counters(range(1, COUNTERS + 1), SERVICES), *boards)


def _counters(board: int) -> range:
    return range((board - 1) * IN_FLIGHT + 1, board * IN_FLIGHT + 1)


def _panels() -> list[tuple[str, str, int]]:
    """Board, device and counter of every panel, the boards by turns."""
    return [
        (f"board-{b}", f"panel-{_counters(b)[i]}", _counters(b)[i])
        for i in range(IN_FLIGHT)
        for b in range(1, KIOSKS + 1)
    ]


def _issuing(issued: list[tuple[str, str]]) -> list[Lane]:
    return [
        Lane(f"board-{b}", f"kiosk-{b}", _taking(f"kiosk-{b}", SERVICES[i % 4], issued))
        for i in range(IN_FLIGHT)
        for b in range(1, KIOSKS + 1)
    ]


def _taking(kiosk: str, service: str, issued: list[tuple[str, str]]) -> Next:
    ask = times(EACH, IssueTicket(service=service))

    def take(answer: Answer | None) -> DeviceCommand | None:
        match answer:
            case Answer(events=(TicketIssued(ticket=ticket),)):
                issued.append((kiosk, ticket))
            case Answer():
                raise BenchFault(f"a kiosk got no ticket but {answer.events}")
            case None:
                pass
        return ask(answer)

    return take


def _printing(issued: Sequence[tuple[str, str]]) -> list[Lane]:
    """Report all paper as printed, in the order of issue, so that the lines look as in a hall."""
    lanes = []
    for b in range(1, KIOSKS + 1):
        mine = iter([ticket for kiosk, ticket in issued if kiosk == f"kiosk-{b}"])
        lanes += [Lane(f"board-{b}", f"kiosk-{b}", _reporting(mine)) for _ in range(IN_FLIGHT)]
    return lanes


def _reporting(tickets: Iterator[str]) -> Next:
    def report(_answer: Answer | None) -> DeviceCommand | None:
        ticket = next(tickets, None)
        return None if ticket is None else ReportPrinted(ticket=ticket)

    return report


def _calling(counter: int) -> Next:
    ask = times(EACH, CallNext(counter=counter))

    def call(answer: Answer | None) -> DeviceCommand | None:
        if answer is not None and not any(isinstance(e, TicketCalled) for e in answer.events):
            raise BenchFault(f"counter {counter} called and got {answer.events}")
        return ask(answer)

    return call


def _see_them_written(stage: Stage, issued: set[str]) -> None:
    journal = stage.journal()
    try:
        written = sum(row.kind == "TicketIssued" for row in journal.rows())
    finally:
        journal.close()
    if not written == len(issued) == TICKETS:
        raise BenchFault(f"{len(issued)} tickets of {TICKETS} were answered, {written} are written")


class _Meter:
    """CPU and time that pass at a running coordinator."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._cpu = self._at = 0.0

    def start(self) -> None:
        self._cpu, self._at = self._spent(), time.monotonic()

    def stop(self, count: int) -> tuple[float, float]:
        """CPU a piece in ms, pieces a second."""
        cpu, seconds = self._spent() - self._cpu, time.monotonic() - self._at
        return cpu * 1000 / count, count / seconds

    def _spent(self) -> float:
        spent = self._process.cpu_times()
        return spent.user + spent.system


BENCH = Bench(ROWS, measure)
