"""What an undo restores: the hall without what was said and cannot be unsaid."""

from __future__ import annotations

from copy import deepcopy

from broker.messages import Phase
from broker.queue import Queue

__all__ = ["scene"]

# Of the last call: its number, its rule, when and how it was made, and what the undo itself needs.
SAID = ("call", "rule", "recall", "pressed_at", "heard", "taken_up", "freed_at", "undo")
# Of the pad: a question about an earlier visitor that Next brought to its end.
ASKED = ("rating_ticket", "rating_until", "rating_done")


def scene(queue: Queue) -> Queue:
    seen = deepcopy(queue, {id(queue.hall): queue.hall})
    seen.last_call = 0
    for desk in seen.desks.values():
        began = () if desk.phase is not Phase.IDLE else ("began_at",)
        for name in (*SAID, *ASKED, *began):
            setattr(desk, name, None)
    return seen
