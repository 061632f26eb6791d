"""Which ticket a counter calls next, and by which rule: deterministic, from the lines alone."""

from __future__ import annotations

from dataclasses import dataclass

from broker.queue.line import Place
from broker.queue.queue import CounterDesk, Queue

__all__ = ["Choice", "choose"]


@dataclass(frozen=True, slots=True)
class Choice:
    """`rule` chose `ticket` among `candidates` people whom this counter may call."""

    ticket: str
    rule: str
    candidates: int


def choose(queue: Queue, desk: CounterDesk) -> Choice | None:
    """The next ticket for a counter, or None if nobody waits for it.

    Green counters take the green channel first. Shared counters do so too, but call a normal ticket after
    `green_in_a_row` green ones while somebody else waits, so that nobody starves. Within a class the order
    of arrival counts, over all the services that the counter serves.
    """
    counter = queue.hall.counter[desk.number]
    own = queue.counter_lines[desk.number]
    normals: list[Place] = []
    greens: list[Place] = []
    candidates = len(own)
    if own.head:
        normals.append(own.head)
    for service in counter.services:
        for green, heads in ((False, normals), (True, greens)):
            line = queue.lines[service, green]
            if line.head:
                heads.append(line.head)
                candidates += len(line)
    if not greens and not normals:
        return None
    rule, heads = _rule(
        greens,
        normals,
        green_counter=counter.green,
        turn_over=desk.greens_in_a_row >= queue.hall.rules.green_in_a_row,
    )
    return Choice(min(heads)[2], rule, candidates)


def _rule(
    greens: list[Place], normals: list[Place], *, green_counter: bool, turn_over: bool
) -> tuple[str, list[Place]]:
    if not greens:
        return "arrival", normals
    if green_counter:
        return "green_counter", greens
    if not normals:
        return "green_only", greens
    if turn_over:
        return "after_green", normals
    return "green_first", greens
