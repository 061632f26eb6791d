"""A board's outbox at work in a folder: says what is safe on its disk, and what was dropped. Run by `recorded`."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

from broker.messages import Level, Rate, Request
from broker.outbox import Outbox
from tests.queue.halls import MONDAY, NINE

__all__ = ["request", "work"]

ROUNDS = 40
# So that the outbox is checkpointed several times in so short a run.
CHECKPOINT_PAGES = 12
UNANSWERED = 5


def request(number: int) -> Request:
    rate = Rate(
        counter=1,
        day=MONDAY,
        ticket=f"A{number:03d}",
        level=Level.SATISFIED,
        pressed_at=NINE + number,
    )
    return Request(command_id=f"r{number}", device="pad-1", command=rate)


def work(folder: Path, say: Callable[[str], None], rounds: int, checkpoint_pages: int) -> None:
    """Keep, mark, remember and drop so many times, and start anew twice on the way."""
    outbox = Outbox(folder / "outbox.db")
    for number in range(rounds):
        if number % (rounds // 3) == 0:
            outbox.close()
            outbox = Outbox(folder / "outbox.db")
            outbox._db.execute(f"PRAGMA wal_autocheckpoint = {checkpoint_pages}")
        # Nobody is told when it is safe: but it is, once what is kept after it is.
        outbox.remember("newest", f"{number}")
        safe = threading.Event()
        outbox.keep(request(number), safe.set)
        assert safe.wait(60)
        say(f"kept {number}")
        safe = threading.Event()
        outbox.mark("call", number, safe.set)
        assert safe.wait(60)
        say(f"marked {number}")
        if number >= UNANSWERED:
            say(f"dropping {number - UNANSWERED}")
            outbox.drop(f"r{number - UNANSWERED}")
    outbox.close()


if __name__ == "__main__":
    work(Path(sys.argv[1]), partial(print, flush=True), ROUNDS, CHECKPOINT_PAGES)
