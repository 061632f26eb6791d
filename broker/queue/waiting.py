"""All who wait, pooled by the counters that may call them; what becomes of them is not known here."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable
from dataclasses import dataclass, field

from broker.messages import Rank
from broker.queue.life import Ticket
from broker.queue.pool import Pool, Spot
from broker.settings import Hall

RANKS = tuple(Rank)

__all__ = ["RANKS", "Waiting", "rank_at", "spot_of"]


def spot_of(ticket: Ticket) -> Spot:
    return ticket.place, ticket.number


def rank_at(rank: Rank, spot: Spot, at: int) -> Rank:
    """The rank a ticket has at `at`: before its time, an appointment goes ahead of nobody."""
    return Rank.WALK_IN if rank is Rank.APPOINTMENT and spot[0][0] > at else rank


@dataclass(slots=True)
class Waiting:
    """A ticket stands in the pool of every set of services that some counter serves and that holds its own.

    So a counter looks at one pool however many services it serves. `counts` also has those whose paper has not
    come yet, but nobody who waits for one counter alone.
    """

    pools: dict[frozenset[str], Pool] = field(default_factory=dict)
    own: dict[int, Pool] = field(default_factory=dict)
    counts: Tally[tuple[str, Rank]] = field(default_factory=Tally)
    by_service: dict[str, tuple[Pool, ...]] = field(default_factory=dict)

    def lay_out(self, hall: Hall, tickets: Iterable[Ticket]) -> None:
        """Stand everybody anew, as the counters are now; `tickets` all wait."""
        alone = (frozenset({service.id}) for service in hall.services)
        self.pools = {served: Pool() for served in (*alone, *hall.served.values())}
        self.own = {number: Pool() for number in hall.counter}
        self.counts.clear()
        self.by_service = {
            service: tuple(pool for served, pool in self.pools.items() if service in served)
            for service in hall.service
        }
        for ticket in tickets:
            self.count(ticket, 1)
            if ticket.in_line:
                self.join(ticket)

    def count(self, ticket: Ticket, by: int) -> None:
        if not ticket.to_counter:
            self.counts[ticket.service, ticket.rank] += by

    def join(self, ticket: Ticket) -> None:
        for pool in self._pools(ticket):
            pool.join(ticket.rank, spot_of(ticket))

    def leave(self, ticket: Ticket) -> None:
        for pool in self._pools(ticket):
            pool.leave(ticket.rank, spot_of(ticket))

    def _pools(self, ticket: Ticket) -> tuple[Pool, ...]:
        if ticket.to_counter:
            return (self.own[ticket.to_counter],)
        # A service that new settings have taken away has no pool: who waits for it can only change to another.
        return self.by_service.get(ticket.service, ())

    def of(self, service: str) -> Pool:
        """Who waits for one service; nobody for one that new settings have taken away."""
        return self.pools.get(frozenset({service})) or Pool()

    def ahead(self, service: str, rank: Rank) -> int:
        """How many of a service are called before who comes now with this rank."""
        return sum(self.counts[service, other] for other in RANKS[: rank + 1])
