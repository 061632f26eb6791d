"""A hub's folder as a backup finds it: journal, PINs, authority, desk, settings; and what was answered there."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from broker.ca import Authority
from broker.clock import HubClock
from broker.coordinator import Coordinator
from broker.journal import Journal
from broker.loading import parse
from broker.messages import Answer, IssueTicket, ReportPrinted, Request
from broker.private import write_private
from tests.queue.mistakes import SAMPLE

# Of the present, since a restore looks at the clock of the box.
NOW = datetime.now(UTC).timestamp()
CATALOGUE = "# the catalogue of this hall\n"


@dataclass
class HubFolder:
    """`answered` is every command with the answer it got, as its device would keep it."""

    home: Path
    answered: dict[str, tuple[Request, Answer]] = field(default_factory=dict)
    _ids: Iterator[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.data, self.settings = self.home / "var", self.home / "settings"
        self.hall = self.settings / "hall.toml"
        self.settings.mkdir(parents=True)
        self.data.mkdir(mode=0o700)
        text = SAMPLE.replace("sample-catalogue.toml", "items.toml")
        self.hall.write_text(text, encoding="utf-8")
        (self.settings / "items.toml").write_text(CATALOGUE, encoding="utf-8")
        Authority(self.data / "ca", "sample", datetime(2026, 11, 1, tzinfo=UTC)).renew("counter-1")
        write_private(self.data / "pins.json", b'{"wang": "a hash"}')
        write_private(self.data / "card.key", b"the key of the day")
        (self.data / "desk" / "releases").mkdir(parents=True)
        (self.data / "desk" / "wanted.json").write_text("{}", encoding="utf-8")
        (self.data / "desk" / "releases" / "big.bundle").write_bytes(b"x" * 1000)

    def give(self, tickets: int) -> None:
        """Issue and print so many, as a coordinator does that is then killed: nothing is tidied up."""
        journal = Journal(self.data / "journal.db")
        text = self.hall.read_text(encoding="utf-8")
        clock = HubClock(lambda: NOW, lambda: NOW, journal.last_at)
        hub = Coordinator(parse(text), text, journal, clock)
        hub.start()
        for _ in range(tickets):
            (event,) = self._ask(hub, IssueTicket(service="pension")).events
            self._ask(hub, ReportPrinted(ticket=event.ticket))  # type: ignore[union-attr]  # a ticket it is
        journal.close()

    def _ask(self, hub: Coordinator, command: IssueTicket | ReportPrinted) -> Answer:
        name = f"command-{next(self._ids)}"
        request = Request(command_id=name, device="kiosk-1", command=command)
        (answer,) = hub.handle([request])
        self.answered[name] = (request, answer)
        return answer


def answers_in(data: Path, commands: dict[str, tuple[Request, Answer]]) -> dict[str, Answer]:
    """What a journal has answered of these commands."""
    with closing(Journal(data / "journal.db")) as journal:
        found = {name: journal.answer(name) for name in commands}
    return {
        name: Answer(command_id=name, events=events) for name, events in found.items() if events
    }


def files_in(folder: Path) -> dict[str, bytes]:
    """Every file by its path from the folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
