"""What a command costs the rules alone, `decide` and `apply`, with a thousand waiting, and with a hundred thousand."""

from __future__ import annotations

import random
import time
from itertools import cycle, islice
from math import log

from broker.loading import parse
from broker.messages import (
    CallNext,
    CloseTicket,
    Command,
    Event,
    IssueTicket,
    OpenCounter,
    OpenDay,
    ReportPrinted,
    Serve,
    TicketIssued,
)
from broker.queue import Queue, decide
from tests.bench import halls
from tests.bench.row import RUNS, Bench, Measured, Row, Say

__all__ = ["BENCH"]

NINE = 1_795_395_600_000  # 2026-11-23 09:00 in Shanghai
SERVICES = tuple("abcdefghijklmnop")
COUNTERS = range(1, 61)
FEW, MANY = 1_000, 100_000
ROUNDS = 10
GREEN_SHARE = 0.1

COST = Row("rules", "decide and apply a command, 1,000 waiting, 60 counters", "µs", 40)
GROWTH = Row(
    "rules_growth",
    "the same with 100,000 waiting, over that with 1,000",
    "x",
    round(log(MANY) / log(FEW), 2),
)


class Hall:
    """A hall that works: its counters serve three services each, every third one all of them."""

    def __init__(self, waiting: int) -> None:
        counters = "".join(
            halls.counters(
                (n,), SERVICES if n % 3 == 0 else tuple(islice(cycle(SERVICES), n, n + 3))
            )
            for n in COUNTERS
        )
        boards = (halls.board(f"board-{n}", halls.panel(n)) for n in COUNTERS)
        kiosk = halls.board("kiosk-1", halls.kiosk("kiosk-1"))
        self._queue = Queue(parse(halls.hall(SERVICES, counters, kiosk, *boards)))
        self._at = NINE
        self._random = random.Random(1)  # the same people every time
        self.commands = 0
        self._ask(OpenDay(day="2026-11-23", secret="bench"))
        for number in COUNTERS:
            self._ask(OpenCounter(counter=number))
        for _ in range(waiting):
            self._arrive()

    def serve_everywhere(self) -> None:
        """At each counter somebody comes, and somebody is called, served and done with."""
        for number in COUNTERS:
            self._arrive()
            for command in (CallNext, Serve, CloseTicket):
                self._ask(command(counter=number))

    def _arrive(self) -> None:
        self._at += 1000
        green = "green" if self._random.random() < GREEN_SHARE else ""
        service = self._random.choice(SERVICES)
        for event in self._ask(IssueTicket(service=service, green=green)):
            if isinstance(event, TicketIssued):
                self._ask(ReportPrinted(ticket=event.ticket))

    def _ask(self, command: Command) -> tuple[Event, ...]:
        self.commands += 1
        events = decide(self._queue, command, self._at)
        for event in events:
            self._queue.apply(event, self._at)
        return events


def measure(say: Say) -> Measured:
    few, many = Hall(FEW), Hall(MANY)
    costs, growths = [], []
    for run in range(RUNS):
        cost, grown = _cost(few), _cost(many)
        costs.append(cost)
        growths.append(grown / cost)
        say(f"run {run + 1} of {RUNS}: {cost:.1f} µs, with {MANY:,} waiting {grown:.1f} µs")
    note = f"rules: {len(SERVICES)} services, {len(COUNTERS)} counters; a fifth each of issue, printed, next, serve, close"
    return Measured({COST.name: tuple(costs), GROWTH.name: tuple(growths)}, note)


def _cost(hall: Hall) -> float:
    """Microseconds of CPU a command."""
    before, start = hall.commands, time.process_time()
    for _ in range(ROUNDS):
        hall.serve_everywhere()
    return (time.process_time() - start) * 1e6 / (hall.commands - before)


BENCH = Bench((COST, GROWTH), measure)
