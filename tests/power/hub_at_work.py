"""A coordinator at work on a journal in a folder: says each answer once it may be given, as `id=digest`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path

import msgspec

from broker.messages import (
    CallNext,
    CloseTicket,
    DeviceCommand,
    Event,
    IssueTicket,
    Level,
    OpenCounter,
    Rate,
    ReportPrinted,
    Serve,
    TicketIssued,
)
from tests.queue.halls import MONDAY, NINE
from tests.queue.ports import Hub

__all__ = ["answered", "work"]

ROUNDS = 12
# So that the journal is checkpointed several times in so short a run.
CHECKPOINT_PAGES = 12


def answered(command_id: str, events: Sequence[Event]) -> str:
    """A word for an answer: the command, and what it was told."""
    return f"{command_id}={sha256(msgspec.json.encode(events)).hexdigest()[:12]}"


def work(folder: Path, say: Callable[[str], None], rounds: int, checkpoint_pages: int) -> None:
    """Serve so many visitors, and start the coordinator anew twice on the way."""
    hub = Hub(folder)

    def ask(device: str, *commands: DeviceCommand) -> list[TicketIssued]:
        requests = [hub.request(device, command) for command in commands]
        answers = hub.coordinator.handle(requests)
        say(" ".join(answered(answer.command_id, answer.events) for answer in answers))
        return [e for a in answers for e in a.events if isinstance(e, TicketIssued)]

    for number in range(rounds):
        if number % (rounds // 3) == 0:
            hub.restart()
            hub.journal._db.execute(f"PRAGMA wal_autocheckpoint = {checkpoint_pages}")
            hub.journal.make_room(checkpoint_pages + 2)
            ask("panel-1", OpenCounter(counter=1))
        hub.hands.pass_(10)
        issued = ask("kiosk-1", *[IssueTicket(service="card")] * (1 + number % 3))
        ask("kiosk-1", *(ReportPrinted(ticket=event.ticket) for event in issued))
        ask("panel-1", CallNext(counter=1))
        ask("panel-1", Serve(counter=1), CloseTicket(counter=1))
        rated = Rate(
            counter=1,
            day=MONDAY,
            ticket=f"B{number + 1:03d}",
            level=Level.SATISFIED,
            pressed_at=NINE,
        )
        ask("pad-1", rated)
        hub.coordinator.tick()
    hub.journal.close()


if __name__ == "__main__":
    work(Path(sys.argv[1]), partial(print, flush=True), ROUNDS, CHECKPOINT_PAGES)
