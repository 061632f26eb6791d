"""What becomes of the day on a hub whose journal was brought back; which of the day's papers may be out without it."""

from __future__ import annotations

from broker.messages import Event, JournalRestored, NoteRestore
from broker.queue.numbers import lent_series
from broker.queue.queue import Queue
from broker.settings import Service

__all__ = ["is_lost_loan", "is_lost_number", "restored"]

# No day of a hall comes so far: that would be a ticket of one letter every four seconds from morning to evening.
FIRST_AFTER = 8001
# Where a day is restored twice.
STEP = 500


def restored(queue: Queue, command: NoteRestore) -> tuple[Event, ...]:
    """Written down once; where something is lost, the day's numbers go on where none can have been given."""
    numbers_from = 0 if command.whole else command.numbers_from or _free_from(queue)
    return (
        JournalRestored(
            source=command.source,
            seq=command.seq,
            last_at=command.last_at,
            restored_at=command.restored_at,
            whole=command.whole,
            numbers_from=numbers_from,
        ),
    )


def _free_from(queue: Queue) -> int:
    known = max(queue.issued.values(), default=0)
    return next(first for first in range(FIRST_AFTER, 10**5, STEP) if first > known)


def is_lost_loan(queue: Queue, service: Service, number: str) -> bool:
    """Whether a kiosk may have been lent this number without the journal telling of it."""
    return bool(queue.numbers_from) and number in lent_series(queue, service)


def is_lost_number(queue: Queue, service: Service, number: str) -> bool:
    """Whether this may stand on a paper of today of which the journal does not tell."""
    running = number[1:]
    return (
        number[:1] == service.prefix
        and running.isascii()
        and running.isdecimal()
        and 3 <= len(running) <= 4
        and 0 < int(running) < queue.numbers_from
        and number not in queue.tickets
    )
