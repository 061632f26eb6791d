"""Days of a hall of twelve counters at full load, as fast as they go: the real hub, journal and outbox, time in the hand.

Only the session is a double: it keeps what is retained, and hands answers back. A line of JSON is said each midnight.
"""

from __future__ import annotations

import argparse
import gc
import sys
import threading
import time
from collections import deque
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import psutil

import broker.hub
from broker.clock import HubClock
from broker.coordinator import Coordinator
from broker.hub import Hub
from broker.journal import Journal
from broker.loading import parse, read
from broker.messages import (
    Answer,
    CallNext,
    CloseTicket,
    CommandRefused,
    DeviceCommand,
    HoldTicket,
    IssueTicket,
    Level,
    MarkNoShow,
    OpenCounter,
    Rate,
    Recall,
    ReportAnnounced,
    ReportPrinted,
    Request,
    ReturnTicket,
    Serve,
    TicketCalled,
    TicketIssued,
)
from broker.outbox import Outbox
from broker.queue import counter_state, kiosk_state, queue_state
from broker.session import Address
from broker.settings import Hall, Kind
from tests.chaos.shown import queue_by_journal

HALL = Path(broker.hub.__file__).parent / "halls" / "twelve.toml"
FIRST_DAY = datetime(2026, 11, 23, 8, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
MINUTES = 9 * 60
A_MINUTE = 3.0  # visitors; the twelve counters serve not quite as many
LEVELS = tuple(Level)


class Hands:
    """Stands in for the module `time` in the hub."""

    def __init__(self) -> None:
        self.at = FIRST_DAY.timestamp()

    def time(self) -> float:
        return self.at

    def monotonic(self) -> float:
        return self.at


class Wire:
    """Stands in for the session: what is retained, and the answers."""

    def __init__(self, *_details: Any, **_more: Any) -> None:
        self.retained: dict[str, bytes] = {}
        self.answers: deque[bytes] = deque()

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        if retain:
            self.retained[topic] = payload
        else:
            self.answers.append(payload)


class Days:
    def __init__(self, folder: Path, seed: str) -> None:
        text = read(HALL).replace("weekdays = [1, 2, 3, 4, 5]", "weekdays = [1, 2, 3, 4, 5, 6, 7]")
        self.hall: Hall = parse(text)
        self.random, self.hands = Random(seed), Hands()
        vars(broker.hub).update(Session=Wire, time=self.hands)
        self.path = folder / "journal.db"
        journal = Journal(self.path)
        clock = HubClock(self.hands.time, self.hands.monotonic, journal.last_at)
        self.coordinator = Coordinator(self.hall, text, journal, clock)
        self.coordinator.start()
        self.hub = Hub(self.coordinator, Address("", 0), "soak")
        wire: Any = self.hub._session
        self.wire: Wire = wire
        self.outbox = Outbox(folder / "counter-1.db")
        self.number = 0
        self.under_way: dict[str, Request] = {}
        self.next: list[tuple[str, DeviceCommand]] = []
        self.busy: dict[int, tuple[str, int]] = {}
        self.rated: deque[Rate] = deque()

    # --- a day ----------------------------------------------------------------------------------------

    def day(self) -> None:
        self.next = [
            (f"panel-{number}", OpenCounter(counter=number)) for number in self.hall.counter
        ]
        self.busy = dict.fromkeys(self.hall.counter, ("", 0))
        for minute in range(MINUTES):
            self._visitors(minute)
            for number in self.hall.counter:
                self._clerk(number)
            self._ask()
            self.pass_(60)
        # Nobody works late: the hall's midnight settles what is left.
        midnight = (self._now() + timedelta(days=1)).replace(hour=0, minute=0, second=0)
        while self._now() < midnight - timedelta(minutes=2):
            self.pass_(min(600, (midnight - self._now()).total_seconds() - 60))

    def pass_(self, seconds: float) -> None:
        """The hub's loop, twice: what is due at once, and what is due a little later."""
        # The refresh would hide a state that was not shown when it changed.
        self.hub._due["refresh"] = float("inf")
        self.hub._keep_time()
        self.hands.at += min(1, seconds)
        self.hub._due["refresh"] = float("inf")
        self.hub._keep_time()
        self.hands.at += max(0, seconds - 1)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.hands.at, FIRST_DAY.tzinfo)

    def _visitors(self, minute: int) -> None:
        for _ in range(int(A_MINUTE + self.random.random() * 2 - 0.5)):
            service = self.random.choice(self.hall.services).id
            green = "elderly" if self.random.random() < 0.05 else ""
            kiosk = f"kiosk-{self.random.choice((1, 2))}"
            self.next.append((kiosk, IssueTicket(service=service, green=green)))
        if self.coordinator.queue.missed and minute % 5 == 0:
            ticket = self.coordinator.queue.tickets[next(iter(self.coordinator.queue.missed))]
            self.next.append(("kiosk-1", ReturnTicket(ticket=ticket.number, code=ticket.code)))

    def _clerk(self, number: int) -> None:
        """`busy` holds the ticket and how many minutes it still takes; below 0 it is called and not yet here."""
        panel, (ticket, minutes) = f"panel-{number}", self.busy[number]
        if not ticket:
            self.next.append((panel, CallNext(counter=number)))
        elif minutes < 0:
            deed: DeviceCommand = self.random.choices(
                (Serve(counter=number), MarkNoShow(counter=number), Recall(counter=number)),
                (17, 2, 1),
            )[0]
            if not isinstance(deed, Recall):
                left = self.random.randrange(1, 6) if isinstance(deed, Serve) else 0
                self.busy[number] = (ticket if left else "", left)
            self.next.append((panel, deed))
        elif minutes > 1:
            self.busy[number] = (ticket, minutes - 1)
        else:
            holds = self.random.random() < 0.03
            ends = HoldTicket(counter=number) if holds else CloseTicket(counter=number)
            self.next.append((panel, ends))
            self.busy[number] = ("", 0)
            if not holds and self.random.random() < 0.7:
                self._rate(number, ticket)

    def _rate(self, number: int, ticket: str) -> None:
        rate = Rate(
            counter=number,
            day=self.coordinator.queue.day,
            ticket=ticket,
            level=self.random.choice(LEVELS),
            pressed_at=int(self.hands.at * 1000),
        )
        self.next.append((f"pad-{number}", rate))

    # --- asking, over the hub's own way of hearing ------------------------------------------------------

    def _ask(self) -> None:
        messages = []
        for device, command in self.next:
            self.number += 1
            request = Request(command_id=f"c{self.number}", device=device, command=command)
            if isinstance(command, Rate):
                self._keep(request)
            self.under_way[request.command_id] = request
            topic = self.hub._topics.command(self.hall.board_of[device])
            messages.append((topic, msgspec.json.encode(request)))
        self.next = []
        if messages:
            self.hub._answer(messages)
        while self.wire.answers:
            self._hear(msgspec.json.decode(self.wire.answers.popleft(), type=Answer))

    def _keep(self, request: Request) -> None:
        safe = threading.Event()
        self.outbox.keep(request, safe.set)
        assert safe.wait(10)

    def _hear(self, answer: Answer) -> None:
        assert not answer.not_now, answer
        request = self.under_way.pop(answer.command_id)
        if isinstance(request.command, Rate):
            self.outbox.drop(request.command_id)
        for event in answer.events:
            match event:
                case TicketIssued(ticket=ticket):
                    self.next.append((request.device, ReportPrinted(ticket=ticket)))
                case TicketCalled(ticket=ticket, counter=counter, call=call):
                    self.busy[counter] = (ticket, -1)
                    voice = "voice-tax" if counter in self._tax else "voice-general"
                    self.next.append((voice, ReportAnnounced(counter=counter, call=call, recall=0)))
                    self.outbox.mark(f"{voice}/{counter}", call, lambda: None)
                case CommandRefused():
                    pass

    @property
    def _tax(self) -> set[int]:
        return {counter.number for counter in self.hall.counters if counter.zone == "tax"}

    # --- midnight ---------------------------------------------------------------------------------------

    def differences(self, *, all_: bool) -> list[str]:
        """Retained states that are not what the journal says; without `all_`, what only time changes may differ."""
        queue, topics = queue_by_journal(self.hall, self.path), self.hub._topics
        wanted: dict[str, Any] = {
            topics.counter(number): counter_state(queue, number) for number in self.hall.counter
        }
        for device in self.hall.device.values():
            if device.kind is Kind.TICKET_KIOSK:
                wanted[topics.kiosk(device.id)] = kiosk_state(queue, device.id)
        wanted[topics.queue] = queue_state(queue, self.coordinator.now())
        found = []
        for topic, state in wanted.items():
            shown = msgspec.json.decode(self.wire.retained.get(topic, b"{}"))
            said = msgspec.json.decode(msgspec.json.encode(state))
            if topic == topics.queue and not all_:
                shown, said = (
                    {"missed": s.get("missed"), "waiting": _waiting(s)} for s in (shown, said)
                )
            if shown != said:
                found.append(f"{topic}: {shown}, the journal says {said}")
        return found

    def midnight(self) -> list[str]:
        """Just before the day ends, and just after the next began."""
        found = self.differences(all_=False)
        self.hands.at += 180
        self.hub._due.update(heartbeat=0.0, lazy=0.0)
        self.hub._keep_time()
        return [*found, *self.differences(all_=True)]


def _waiting(state: dict[str, Any]) -> dict[str, int]:
    return {name: service.get("waiting", 0) for name, service in state.get("services", {}).items()}


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--days", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seed", required=True)
    options = parser.parse_args(argv)
    days, process, began = Days(options.data, options.seed), psutil.Process(), time.monotonic()
    days.hub._keep_time()
    for number in range(1, options.days + 1):
        days.day()
        differences = days.midnight()
        gc.collect()
        said = {
            "day": number,
            "seconds": time.monotonic() - began,
            "memory_kb": process.memory_info().rss // 1024,
            "descriptors": process.num_fds(),
            "threads": process.num_threads(),
            "rows": days.coordinator._journal.seq,
            "journal_kb": days.path.stat().st_size // 1024,
            "others_kb": sum(
                path.stat().st_size for path in options.data.iterdir() if path != days.path
            )
            // 1024,
            "kept": len(days.outbox.waiting()),
            "differences": differences,
        }
        print(msgspec.json.encode(said).decode(), flush=True)
        morning = (days._now()).replace(hour=8, minute=30, second=0)
        days.pass_((morning - days._now()).total_seconds())


if __name__ == "__main__":
    main(sys.argv[1:])
