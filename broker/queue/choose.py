"""Which ticket a counter calls next, and by which rule: deterministic, from who waits alone."""

from __future__ import annotations

from dataclasses import dataclass, replace

from broker.messages import Rank, Rule
from broker.queue.desk import CounterDesk, Passed
from broker.queue.life import Ticket
from broker.queue.pool import Spot
from broker.queue.queue import Queue
from broker.queue.waiting import spot_of

__all__ = ["Choice", "choose", "out_of_order"]


@dataclass(frozen=True, slots=True)
class Choice:
    """`rule` chose `ticket`, the `place`th by arrival of the `candidates` whom this counter may call.

    `passed` calls in a row had gone ahead of somebody of a rank that still waits; the most of any rank.
    """

    ticket: str
    rule: Rule
    candidates: int
    place: int
    passed: int


def choose(queue: Queue, desk: CounterDesk, at: int) -> Choice | None:
    """The next ticket for a counter, or None if nobody waits for it.

    The green channel goes first, then appointments whose time has come, then everybody else; within a rank the
    order of arrival counts, over all the services that the counter serves. Nobody starves: after
    `priority_in_a_row` (K) calls in a row that passed over a rank where somebody waits, that rank is called, the
    lowest first. So a counter passes over walk-ins at most K times in a row, over appointments K + 2 times, over
    the green channel 3 times: the nth walk-in in its line is called by its call n(K + 1) at the latest, the nth
    appointment by n(K + 3), the nth of the green channel by 4n. Green counters call the green channel first however
    long it is, and what a supervisor calls counts for nothing.
    """
    heads = queue.heads(desk.number, at)
    if not heads:
        return None
    rank, rule = _rule(
        heads,
        desk.passed,
        green_counter=queue.hall.counter[desk.number].green,
        most=queue.hall.rules.priority_in_a_row,
    )
    return _choice(queue, desk, heads, heads[rank], rule)


def out_of_order(queue: Queue, desk: CounterDesk, ticket: Ticket, at: int) -> Choice:
    """The ticket that a supervisor names; one of another counter's line is by that a candidate here."""
    heads, spot = queue.heads(desk.number, at), spot_of(ticket)
    choice = _choice(queue, desk, heads, spot, Rule.SUPERVISOR)
    here = any(pool.has(ticket.rank, spot) for pool in queue.pools(desk.number))
    return choice if here else replace(choice, candidates=choice.candidates + 1)


def _rule(
    heads: dict[Rank, Spot], passed: Passed, *, green_counter: bool, most: int
) -> tuple[Rank, Rule]:
    first = min(heads)
    if first is Rank.GREEN and green_counter:
        return first, Rule.GREEN_COUNTER
    overdue = [rank for rank in heads if rank > first and passed[rank] >= most]
    if overdue:
        return max(overdue), Rule.AFTER_PRIORITY
    alone = len(heads) == 1
    match first:
        case Rank.GREEN:
            return first, Rule.GREEN_ONLY if alone else Rule.GREEN_FIRST
        case Rank.APPOINTMENT:
            return first, Rule.APPOINTMENT_ONLY if alone else Rule.APPOINTMENT_FIRST
        case Rank.WALK_IN:
            return first, Rule.ARRIVAL


def _choice(
    queue: Queue, desk: CounterDesk, heads: dict[Rank, Spot], spot: Spot, rule: Rule
) -> Choice:
    pools = queue.pools(desk.number)
    return Choice(
        spot[1],
        rule,
        candidates=sum(len(pool) for pool in pools),
        place=1 + sum(pool.before(spot) for pool in pools),
        passed=max((desk.passed[rank] for rank in heads), default=0),
    )
