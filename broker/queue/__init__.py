"""The queue rules, pure: `decide(queue, command, at, sender) -> events`, then `Queue.apply(event, at)`.

`decide` never changes anything; `apply` never refuses. No clock, no ids, no randomness lives here.
"""

from __future__ import annotations

from broker.queue.decide import UNTAKEN_AFTER_MS, decide, due
from broker.queue.queue import Queue, done_at
from broker.queue.views import counter_state, hall_state, kiosk_state, queue_state

__all__ = [
    "UNTAKEN_AFTER_MS",
    "Queue",
    "counter_state",
    "decide",
    "done_at",
    "due",
    "hall_state",
    "kiosk_state",
    "queue_state",
]
