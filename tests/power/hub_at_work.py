"""A coordinator at work on a journal in a folder: says each answer once it may be given. Run by `recorded`."""

from __future__ import annotations

import sys
from pathlib import Path

from broker.messages import (
    CallNext,
    CloseTicket,
    DeviceCommand,
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

ROUNDS = 12
# So that the journal is checkpointed several times in so short a run.
CHECKPOINT_PAGES = 12


def main(folder: Path) -> None:
    hub = Hub(folder)
    hub.journal._db.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")

    def ask(device: str, *commands: DeviceCommand) -> list[TicketIssued]:
        requests = [hub.request(device, command) for command in commands]
        answers = hub.coordinator.handle(requests)
        print(*(answer.command_id for answer in answers), flush=True)
        return [e for a in answers for e in a.events if isinstance(e, TicketIssued)]

    ask("panel-1", OpenCounter(counter=1))
    for number in range(ROUNDS):
        hub.hands.pass_(30)
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


if __name__ == "__main__":
    main(Path(sys.argv[1]))
