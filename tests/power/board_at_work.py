"""A board's outbox at work in a folder: says what is safe on its disk, and what was dropped. Run by `recorded`."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from broker.messages import Level, Rate, Request
from broker.outbox import Outbox
from tests.queue.halls import MONDAY, NINE

ROUNDS = 40
# So that the outbox is checkpointed several times in so short a run.
CHECKPOINT_PAGES = 12


def main(folder: Path) -> None:
    outbox = Outbox(folder / "outbox.db")
    outbox._db.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    for number in range(ROUNDS):
        rate = Rate(
            counter=1,
            day=MONDAY,
            ticket=f"A{number:03d}",
            level=Level.SATISFIED,
            pressed_at=NINE + number,
        )
        safe = threading.Event()
        outbox.keep(Request(command_id=f"r{number}", device="pad-1", command=rate), safe.set)
        assert safe.wait(10)
        print(f"kept r{number}", flush=True)
        safe = threading.Event()
        outbox.mark("call", number, safe.set)
        assert safe.wait(10)
        print(f"marked {number}", flush=True)
        if number >= 5:
            print(f"dropping r{number - 5}", flush=True)
            outbox.drop(f"r{number - 5}")
    outbox.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
