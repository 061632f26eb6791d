"""A clock in the test's hand, a disk that breaks on demand, and a hall on a real journal."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from broker.clock import HubClock
from broker.coordinator import Coordinator
from broker.journal import Journal, JournalFault, Record
from broker.messages import (
    Answer,
    CommandRefused,
    DeviceCommand,
    Event,
    IssueTicket,
    OpenCounter,
    Refusal,
    ReportPrinted,
    Request,
)
from tests.queue.halls import NINE, TWO, Names, hall_of, text_of

TEXT = text_of(TWO)
SECRET = "5ec2e7"


@dataclass(slots=True)
class Hands:
    """Both clocks of a machine, in seconds; `pass_` moves both, `jump` the wall clock alone."""

    wall: float = NINE / 1000
    monotonic: float = 100.0

    def pass_(self, seconds: float) -> None:
        self.wall += seconds
        self.monotonic += seconds

    def jump(self, seconds: float) -> None:
        self.wall += seconds

    def clock(self, not_before: int = 0) -> HubClock:
        return HubClock(lambda: self.wall, lambda: self.monotonic, not_before)


class BreakableJournal(Journal):
    """A real journal whose disk cannot be written while `broken`, nor read while `unreadable`.

    While `lying`, it writes and then says that it could not.
    """

    broken = False
    lying = False
    unreadable = False

    def write(self, records: Sequence[Record]) -> None:
        if self.broken:
            raise JournalFault("the journal cannot be written: the disk is gone")
        before = (self.seq, self.last_at, self.head)
        super().write(records)
        if self.lying:
            self.seq, self.last_at, self.head = before  # as after an exception in the commit
            raise JournalFault("the journal cannot be written: disk I/O error")

    def replay(self) -> Iterator[tuple[Event, int]]:
        if self.unreadable:
            raise JournalFault("the journal cannot be read: disk I/O error")
        return super().replay()


class Hub:
    """A coordinator on a journal in a folder, which can be started again."""

    def __init__(self, folder: Path, text: str = TEXT) -> None:
        self.path, self.text, self.hands = folder / "journal.db", text, Hands()
        self.new_id = Names()
        self.start()

    def start(self) -> None:
        self.journal = BreakableJournal(self.path)
        clock = self.hands.clock(not_before=self.journal.last_at)
        self.coordinator = Coordinator(
            hall_of(self.text), self.text, self.journal, clock, lambda: SECRET
        )
        self.coordinator.start()

    def restart(self) -> None:
        self.journal.close()
        self.start()

    def request(
        self, device: str, command: DeviceCommand, *, expires: int | None = None, id_: str = ""
    ) -> Request:
        return Request(
            command_id=id_ or self.new_id(), device=device, command=command, expires=expires
        )

    def ask(self, device: str, command: DeviceCommand) -> Answer:
        (answer,) = self.coordinator.handle([self.request(device, command)])
        return answer


@contextmanager
def hub_in(folder: Path, text: str = TEXT) -> Iterator[Hub]:
    hub = Hub(folder, text)
    try:
        yield hub
    finally:
        hub.journal.close()


def seen_on_disk(path: Path) -> list[tuple[str, str]]:
    """Kind and command id of every row, as another process sees the file: only what is committed."""
    with closing(sqlite3.connect(path)) as db:
        return list(db.execute("SELECT kind, coalesce(command_id, '') FROM event ORDER BY seq"))


def refusal(answer: Answer) -> Refusal:
    (refused,) = answer.events
    assert isinstance(refused, CommandRefused)
    return refused.code


def kinds(events: Sequence[Event]) -> list[str]:
    return [type(event).__name__ for event in events]


def ready(hub: Hub, tickets: int = 2) -> None:
    """Counter 1 open, and people waiting."""
    hub.ask("panel-1", OpenCounter(counter=1))
    for number in range(1, tickets + 1):
        hub.ask("kiosk-1", IssueTicket(service="pension"))
        hub.ask("kiosk-1", ReportPrinted(ticket=f"A{number:03}"))
    hub.coordinator.take_changed()
