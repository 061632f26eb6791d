"""Random days at random halls, lived through step by step; laws about them are elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import chain
from random import Random

from hypothesis import strategies as st

from broker.messages import (
    Command,
    CommandRejected,
    Event,
    IssueTicket,
    OpenDay,
    ReportPrinted,
)
from broker.queue import Queue, decide, due
from tests.queue.halls import MONDAY, SECOND, Day, hall_of
from tests.queue.presses import ARRIVALS, KEYS, PRESSES, opening
from tests.queue.random_halls import HALLS

__all__ = ["STORIES", "Story", "Watch", "live"]

Watch = Callable[[Day, Command, tuple[Event, ...] | None], None]
Story = tuple[str, int, int]

# A seed, not bytes: Hypothesis likes small bytes, so that one press would come far too often. Fewer steps shrink.
STORIES = st.tuples(HALLS, st.integers(0, 2**32), st.integers(40, 150))


def _steps(today: Day, seed: int, steps: int) -> Iterator[tuple[str, Command]]:
    """Who asks what, as time goes by; each is known only when the one before it has happened."""
    lot = Random(seed)
    for _ in range(steps):
        today.later(lot.choice((0, 1, 1, 3, 10)) * SECOND)
        yield from (("", command) for command in due(today.queue, today.at))
        n, key = lot.randrange(100), lot.choice(KEYS)
        yield PRESSES[ARRIVALS.get(key, key)](today, n)
        if key == "midnight":
            yield from opening(today.queue)
        if key in ARRIVALS:  # and the paper at once
            for kiosk, owed in list(today.queue.unprinted.items()):
                for number in list(owed)[-1:]:
                    yield kiosk, ReportPrinted(ticket=number)


def live(story: Story, watch: Watch = lambda *_: None) -> Day:
    """Live through a story; `watch` sees each command with what it leads to (None: refused) before that happens."""
    text, seed, steps = story
    today = Day(Queue(hall_of(text)))
    today.ask(OpenDay(day=MONDAY, secret="of the day"))
    for sender, command in chain(opening(today.queue), _early(), _steps(today, seed, steps)):
        events = None
        with suppress(CommandRejected):
            events = decide(today.queue, command, today.at, sender)
        watch(today, command, events)
        for event in events or ():
            today.queue.apply(event, today.at)
            today.told.append((event, today.at))
    return today


def _early() -> Iterator[tuple[str, Command]]:
    """Three people before the doors open, so that short stories have calls in them too."""
    for number, service, green in (("A001", "pension", ""), ("A002", "pension", "elderly")):
        yield "kiosk-1", IssueTicket(service=service, green=green)
        yield "kiosk-1", ReportPrinted(ticket=number)
    yield "kiosk-1", IssueTicket(service="card")
