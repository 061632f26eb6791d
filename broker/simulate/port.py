"""How the simulated hall asks: the rules alone, or the real coordinator with its journal; both give the same events."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Protocol
from zoneinfo import ZoneInfo

from broker.clock import HubClock
from broker.coordinator import Coordinator
from broker.journal import Journal, JournalFault, Record
from broker.messages import (
    AdoptSettings,
    Command,
    CommandRefused,
    CommandRejected,
    DeviceCommand,
    Event,
    OpenDay,
    Request,
)
from broker.queue import Queue, decide, due
from broker.settings import Hall

__all__ = ["Port", "Rules", "ThroughCoordinator", "new_journal"]

Events = tuple[Event, ...]


class Port(Protocol):
    """Times never go back. A refusal is an answer too: CommandRefused."""

    @property
    def queue(self) -> Queue: ...

    def tick(self, at: int) -> Events:
        """Have done what is due by `at`: a new day, lapses, the end of a session."""

    def ask(self, command: DeviceCommand, device: str, at: int) -> Events:
        """What follows from a command that a device or console asks."""

    def end_day(self) -> None:
        """The last counter has closed."""


class _Secrets:
    """A day's secret makes the codes on its tickets; here the seed makes it."""

    def __init__(self, seed: int) -> None:
        self._rng = Random(f"secrets {seed}")

    def __call__(self) -> str:
        return f"{self._rng.getrandbits(256):064x}"


class Rules:
    """`decide` and `apply` without a disk; a journal, if there is one, is written once a day."""

    def __init__(self, hall: Hall, text: str, seed: int, journal: Journal | None = None) -> None:
        self.queue = Queue(hall)
        self._text, self._new_secret = text, _Secrets(seed)
        self._zone = ZoneInfo(hall.hall.timezone)
        self._journal = journal
        self._records: list[Record] = []
        self._asked = 0
        self._midnight = 0

    def tick(self, at: int) -> Events:
        events: list[Event] = []
        if not self.queue.settings_text:
            events += self._tell_itself((AdoptSettings(text=self._text),), at)
        commands: list[Command] = list(due(self.queue, at))
        if at >= self._midnight:
            today = datetime.fromtimestamp(at / 1000, self._zone).date().isoformat()
            if today > self.queue.day:
                commands.append(OpenDay(day=today, secret=self._new_secret()))
        return (*events, *self._tell_itself(commands, at))

    def _tell_itself(self, commands: Iterable[Command], at: int) -> list[Event]:
        events: list[Event] = []
        for command in commands:
            told = decide(self.queue, command, at)
            self._apply(told, at)
            events += told
        return events

    def ask(self, command: DeviceCommand, device: str, at: int) -> Events:
        try:
            events = decide(self.queue, command, at, device)
        except CommandRejected as no:
            events = (
                CommandRefused(code=no.code, reason=no.reason, ticket=no.ticket, again=no.again),
            )
        self._apply(events, at, device)
        return events

    def _apply(self, events: Events, at: int, device: str = "") -> None:
        queue = self.queue
        for event in events:
            queue.apply(event, at)
        if self._journal is not None:
            self._asked += bool(device)
            command_id = f"simulated-{self._asked}" if device else ""
            self._records += (
                Record(event=event, at=at, day=queue.day, command_id=command_id, sender=device)
                for event in events
            )

    def end_day(self) -> None:
        if self._journal is not None:
            self._journal.write(self._records)
            self._records.clear()


class ThroughCoordinator:
    """The real coordinator on a clock that the simulation moves; each command is a commit of its own."""

    def __init__(self, hall: Hall, text: str, seed: int, journal: Journal, at: int) -> None:
        self._at = self._since = at
        clock = HubClock(wall=self._wall, monotonic=self._monotonic)
        self._coordinator = Coordinator(hall, text, journal, clock, _Secrets(seed))
        self._started = False
        self._asked = 0

    # Half a millisecond more than it is, so that no rounding of seconds loses one.
    def _wall(self) -> float:
        return (self._at + 0.5) / 1000

    def _monotonic(self) -> float:
        passed = self._at - self._since
        return (passed + 0.5) / 1000 if passed else 0.0

    @property
    def queue(self) -> Queue:
        return self._coordinator.queue

    def tick(self, at: int) -> Events:
        self._at = at
        if self._started:
            self._coordinator.tick()
        else:
            self._coordinator.start()
            self._started = True
        return self._changed()

    def ask(self, command: DeviceCommand, device: str, at: int) -> Events:
        self._at = at
        self._asked += 1
        request = Request(command_id=f"simulated-{self._asked}", device=device, command=command)
        self._coordinator.handle((request,))
        return self._changed()

    def _changed(self) -> Events:
        if self._coordinator.fault:
            raise JournalFault(self._coordinator.fault)
        return tuple(self._coordinator.take_changed())

    def end_day(self) -> None:
        """Everything is written already."""


def new_journal(path: Path) -> Journal:
    """A journal that does not exist yet: what was simulated is never added to what happened. Raises JournalFault."""
    if path.exists():
        raise JournalFault(f"{path} exists already; name a new folder for the simulated journal")
    path.parent.mkdir(parents=True, exist_ok=True)
    return Journal(path)
