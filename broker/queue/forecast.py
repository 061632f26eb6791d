"""How long who takes a ticket now will wait, in the hall as it is; it looks at the queue and changes nothing."""

from __future__ import annotations

from functools import lru_cache

from broker.messages import CounterStatus, Pace, Phase, Rank, Wait
from broker.queue.estimate import after
from broker.queue.standing import BETWEEN, Standing

__all__ = ["forecast"]


def forecast(queue: Standing, service: str, rank: Rank = Rank.WALK_IN) -> Wait | None:
    """The wait of a newcomer of this rank; None where nobody works for him, or nothing is known yet.

    Ahead of him are those of his rank and above, of every service that his counters serve too, as far as these
    counters will be the ones that call them; then he waits for the first of his counters to be free.
    """
    own = _known(queue, service)
    counters, shares = _shares(service, queue.working)
    if not counters or own is None:
        return None
    ahead = [
        (share * waiting, _known(queue, other) or own)
        for other, share in shares
        if (waiting := queue.waiting.ahead(other, rank))
    ]
    if not ahead and any(
        desk.phase is Phase.IDLE and desk.status is CounterStatus.OPEN
        for desk in (queue.desks[number] for number in queue.hall.counters_for(service))
    ):
        return Wait(0, 0)
    between = queue.paces.get(BETWEEN)
    work = [(1.0, own), *ahead]
    gaps = [(sum(people for people, _ in work), between)] if between else []
    return after([*work, *gaps], counters)


def _known(queue: Standing, service: str) -> Pace | None:
    """How long this service keeps a counter busy; of one that nobody has had yet, what the hall's tickets take."""
    pace = queue.paces.get(service)
    if pace is not None:
        return pace
    return next((pace for name, pace in queue.paces.items() if name != BETWEEN), None)


@lru_cache(maxsize=1024)
def _shares(
    service: str, served: tuple[frozenset[str], ...]
) -> tuple[int, tuple[tuple[str, float], ...]]:
    """How many counters serve a service, and the part of each service that falls to them.

    `served` are the services of each open counter; those who serve the same share it evenly.
    """
    mine = [services for services in served if service in services]
    others = sorted(frozenset().union(*mine))
    return len(mine), tuple(
        (
            other,
            sum(other in services for services in mine)
            / sum(other in services for services in served),
        )
        for other in others
    )
