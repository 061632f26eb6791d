"""Small halls for the queue's tests, and a day in one: messages in, messages out, the clock in the test's hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import count
from typing import Any, TypeVar

import pytest

from broker.loading import parse
from broker.messages import (
    CallNext,
    Command,
    CommandRejected,
    Event,
    IssueTicket,
    OpenCounter,
    OpenDay,
    Refusal,
    ReportPrinted,
    TicketCalled,
    TicketIssued,
)
from broker.queue import Queue, decide
from broker.settings import Hall

E = TypeVar("E")

MONDAY = "2026-11-23"
TUESDAY = "2026-11-24"
NINE = 1_795_395_600_000  # 2026-11-23 09:00 in Shanghai
SECOND = 1000
MINUTE = 60 * SECOND

SERVICES = {"pension": "A", "card": "B"}
Services = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Window:
    """A counter of a test's hall, as hall.toml will say it."""

    services: tuple[str, ...] = ("pension", "card")
    zone: str = "main"
    comprehensive: bool = False
    green: bool = False
    serve_key: bool = True
    pad: bool = True


TWO = (Window(), Window())
YES_OR_NO = ("comprehensive", "green", "serve_key")


def text_of(
    counters: tuple[Window, ...] = TWO,
    services: Services | None = None,
    *,
    opening: Mapping[str, Any] | None = None,
    **rules: Any,
) -> str:
    """A whole hall.toml: kiosk-1 and kiosk-2, panel-N, pad-N where there is one, voice-1 for everybody.

    A service is its prefix, or a table with it; guide-1 and supervisor-1 sit at consoles.
    """
    parts = ["[hall]", 'id = "test"', 'name = "测试大厅"', "[rules]", *_lines(rules)]
    parts += ["[opening]", *_lines(opening)] if opening else []
    for name, one in (services or SERVICES).items():
        table = {"prefix": one} if isinstance(one, str) else one
        parts += ["[[services]]", *_lines({"id": name, "name": name, **table})]
    for role in ("guide", "supervisor"):
        parts += ["[[consoles]]", f'id = "{role}-1"', f'role = "{role}"']
    for zone in ("main", "annex"):
        parts += ["[[zones]]", f'id = "{zone}"', f'name = "{zone}"']
    devices = [("kiosk-1", "ticket_kiosk", 0), ("kiosk-2", "ticket_kiosk", 0)]
    for number, window in enumerate(counters, start=1):
        parts += [
            "[[counters]]",
            f"number = {number}",
            f'zone = "{window.zone}"',
            f'clerk = "clerk {number}"',
        ]
        parts += [f"services = {list(window.services)}"]
        parts += [f"{key} = {getattr(window, key)}".lower() for key in YES_OR_NO]
        devices.append((f"panel-{number}", "caller_panel", number))
        if window.pad:
            devices.append((f"pad-{number}", "rating_pad", number))
    for name, kind, number in devices:
        parts += ["[[boards]]", f'id = "{name}"', "[[boards.devices]]", f'id = "{name}"']
        parts += [f'kind = "{kind}"', f"counter = {number}"]
    parts += ["[[boards]]", 'id = "hall"']
    for name, zone in (("voice-1", "main"), ("voice-2", "annex")):
        parts += ["[[boards.devices]]", f'id = "{name}"', 'kind = "announcer"', f'zone = "{zone}"']
    return "\n".join([*parts, ""])


def _lines(table: Mapping[str, Any]) -> list[str]:
    return [f"{key} = {_value(value)}" for key, value in table.items()]


def _value(value: object) -> str:
    """As TOML says it."""
    match value:
        case bool():
            return str(value).lower()
        case dict():
            return "{" + ", ".join(_lines(value)) + "}"
        case tuple():
            return str(list(value))
        case _:
            return repr(value)


def clock(time: str, day_: str = MONDAY) -> int:
    """A time of day in Shanghai, in ms."""
    return round(datetime.fromisoformat(f"{day_}T{time}+08:00").timestamp()) * 1000


@cache
def hall_of(text: str) -> Hall:
    return parse(text)


def picture(queue: Queue) -> str:
    """All that a queue knows: two pictures are equal if nothing at all has changed."""
    return repr(queue)


@dataclass
class Day:
    """A day at a hall, opened at nine on Monday; `told` is what happened, as a journal would keep it."""

    queue: Queue
    at: int = NINE
    told: list[tuple[Event, int]] = field(default_factory=list)

    def ask(
        self, command: Command, sender: str = "", known: tuple[Event, ...] = ()
    ) -> tuple[Event, ...]:
        events = decide(self.queue, command, self.at, sender, known)
        for event in events:
            self.queue.apply(event, self.at)
            self.told.append((event, self.at))
        return events

    def refuses(self, command: Command, sender: str = "") -> Refusal:
        """Why a command is refused; that it changed nothing is part of every refusal."""
        return self.refusal(command, sender).code

    def refusal(self, command: Command, sender: str = "") -> CommandRejected:
        """A refusal with its sentence."""
        before = picture(self.queue)
        with pytest.raises(CommandRejected, match=" ") as refused:
            decide(self.queue, command, self.at, sender)
        assert picture(self.queue) == before
        return refused.value

    def later(self, ms: int) -> None:
        self.at += ms

    def take(
        self,
        service: str = "pension",
        green: str = "",
        *,
        printed: bool = True,
        kiosk: str = "kiosk-1",
        appointment: str = "",
    ) -> str:
        """A visitor takes a ticket, a second after whatever was before."""
        self.later(SECOND)
        wish = IssueTicket(service=service, green=green, appointment=appointment)
        number = only(TicketIssued, self.ask(wish, kiosk)).ticket
        if printed:
            self.ask(ReportPrinted(ticket=number), kiosk)
        return number

    def call(self, counter: int = 1) -> str:
        """The clerk presses Next, a second after whatever was before; the number that is called."""
        return self.called(counter).ticket

    def called(self, counter: int = 1) -> TicketCalled:
        self.later(SECOND)
        return only(TicketCalled, self.ask(CallNext(counter=counter)))


def day(
    *counters: Window,
    open_: bool = True,
    services: Services | None = None,
    opening: Mapping[str, Any] | None = None,
    secret: str = "",
    **rules: Any,
) -> Day:
    """A day at a hall with these counters (two, serving everything, if none are given), all of them open."""
    hall = hall_of(text_of(counters or TWO, services, opening=opening, **rules))
    begun = Day(Queue(hall))
    begun.ask(OpenDay(day=MONDAY, secret=secret))
    for counter in hall.counters if open_ else ():
        begun.ask(OpenCounter(counter=counter.number))
    return begun


def only(kind: type[E], events: tuple[object, ...]) -> E:
    """The one event of this kind."""
    (found,) = (event for event in events if isinstance(event, kind))
    return found


class Names:
    """Ids for commands, one after the other."""

    def __init__(self, first: str = "c") -> None:
        self._first, self._count = first, count(1)

    def __call__(self) -> str:
        return f"{self._first}{next(self._count)}"
