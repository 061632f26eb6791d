"""The people of a busy hall: visitors touch, clerks press what their lamps say, some rate; from a seed, by the real keys."""

from __future__ import annotations

import contextlib
import queue
import threading
import uuid
from collections.abc import Callable
from random import Random
from typing import Any

import msgspec

from broker.messages import Answer, IssueTicket, ReportPrinted, Request, TicketIssued
from tests.chaos.hall import ChaosHall
from tests.system.peer import Peer

__all__ = ["Crowd", "People"]

LEVELS = ("very_satisfied", "satisfied", "fairly_satisfied", "dissatisfied", "very_dissatisfied")


class People:
    """They act until `rest`; `act` brings them back."""

    def __init__(self, hall: ChaosHall, seed: str, counters: tuple[int, ...] = (1, 2)) -> None:
        self._hall = hall
        self._rests, self._gone = threading.Event(), threading.Event()
        deeds: list[tuple[str, Callable[[Random], None], float]] = [
            ("visitor", self._visit, 0.25),
            *((f"clerk {n}", self._clerk_of(n), 0.15) for n in counters),
        ]
        self._threads = [
            threading.Thread(
                target=self._live, args=(deed, pace, Random(f"{seed} {who}")), daemon=True
            )
            for who, deed, pace in deeds
        ]
        for thread in self._threads:
            thread.start()

    def rest(self) -> None:
        self._rests.set()

    def act(self) -> None:
        self._rests.clear()

    def go(self) -> None:
        self._gone.set()
        for thread in self._threads:
            thread.join(5)

    def _live(self, deed: Callable[[Random], None], pace: float, random: Random) -> None:
        while not self._gone.wait(pace * random.uniform(0.3, 1.7)):
            if not self._rests.is_set():
                deed(random)

    def _visit(self, random: Random) -> None:
        """Most press a key beside the screen, which gives a ticket at once; some wander through its pages."""
        page = self._hall.diaries.shows("kiosk-1", "screen")
        touched = [key["key"] for key in page["keys"] if key["enabled"]] if page else []
        if touched:
            beside = sorted(self._hall.hall.service)
            keys = random.choices((beside, touched), (9, 1))[0]
            self._hall.press("kiosk-1", random.choice(keys))

    def _clerk_of(self, number: int) -> Callable[[Random], None]:
        def work(random: Random) -> None:
            lit: dict[str, Any] = self._hall.diaries.shows(f"panel-{number}", "lamps") or {}
            if lit.get("serve") == "blink":
                key = random.choices(("serve", "recall", "no_show"), (6, 3, 1))[0]
            elif lit.get("close") == "on":
                key = random.choices(("close", "next", "pause"), (8, 2, 0.2))[0]
            else:
                key = "pause" if lit.get("pause") == "on" else "next"
            self._hall.press(f"panel-{number}", key)
            asks = (self._hall.diaries.shows(f"pad-{number}", "lamps") or {}).get("remind")
            if asks == "blink" and random.random() < 0.7:
                self._hall.press(f"pad-{number}", random.choice(LEVELS))

        return work


class Crowd:
    """A busy second kiosk that asks under each id until it is answered, and reports its paper."""

    def __init__(self, hall: ChaosHall, per_s: float, in_flight: int = 4) -> None:
        self._peer = Peer(hall.port, "kiosk-2")
        self._per_s, self._in_flight = per_s, in_flight
        self.answers: list[Answer] = []
        self._open: dict[str, Request] = {}
        self._rests, self._gone = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._thread.start()

    def rest(self) -> None:
        self._rests.set()

    def act(self) -> None:
        self._rests.clear()

    @property
    def content(self) -> bool:
        """All that it asked was answered."""
        return not self._open

    def go(self) -> None:
        self._gone.set()
        self._thread.join(5)
        self._peer.close()

    def _live(self) -> None:
        while not self._gone.wait(self._in_flight / self._per_s):
            while not self._rests.is_set() and len(self._open) < self._in_flight:
                self._wish(IssueTicket(service="relations"))
            for request in list(self._open.values()):
                self._peer.send(msgspec.json.encode(request))
            with contextlib.suppress(queue.Empty):
                while True:
                    self._hear(self._peer.answers.get(timeout=0.02))

    def _wish(self, command: IssueTicket | ReportPrinted) -> None:
        request = Request(command_id=uuid.uuid4().hex, device="kiosk-2", command=command)
        self._open[request.command_id] = request

    def _hear(self, answer: Answer) -> None:
        if answer.not_now:
            return
        self.answers.append(answer)
        if self._open.pop(answer.command_id, None):
            for event in answer.events:
                if isinstance(event, TicketIssued):
                    self._wish(ReportPrinted(ticket=event.ticket))
