"""A board's link with the other end of its line in the test's hand."""

from __future__ import annotations

import queue
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import msgspec

from broker.link import Link, Word
from broker.messages import (
    CallNext,
    HubState,
    Level,
    Presence,
    Rate,
    Request,
    TicketCalled,
)
from broker.outbox import Outbox
from broker.session import Address, Session
from broker.topics import Topics
from tests.queue.halls import MONDAY, NINE, Names
from tests.queue.ports import Hands

TOPICS = Topics("test")
COMMAND, ANSWER = TOPICS.command("counter-1"), TOPICS.answer("counter-1")
PRESENCE = TOPICS.presence("counter-1")
NEXT = CallNext(counter=1)
RATE = Rate(counter=1, day=MONDAY, ticket="A001", level=Level.DISSATISFIED, pressed_at=NINE)
CALLED = TicketCalled(ticket="A001", counter=1, call=1, rule="arrival", candidates=1)

Heards = list[tuple[str, Any]]


class FakeSession:
    """A session without a line: what the board publishes is kept, what the hub says is spoken by the test."""

    def __init__(self, _address: Address, name: str, **wired: Any) -> None:
        self.name, self.subscribed, self.will = name, wired["subscribe"], wired["will"]
        self.on_up, self.on_down, self.on_message = (
            wired["on_up"],
            wired["on_down"],
            wired["on_message"],
        )
        self.published: list[tuple[str, bytes, bool]] = []
        self.state = "new"

    def start(self) -> None:
        self.state = "started"

    def stop(self) -> None:
        self.state = "stopped"

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        self.published.append((topic, payload, retain))


class BoardOnTheLine:
    """A board's link with its inbox, its clocks and the other end of its line."""

    def __init__(self, folder: Path, new_id: Callable[[], str] | None = None) -> None:
        self.hands, self.words = Hands(), queue.SimpleQueue[Word]()
        self.outbox = Outbox(folder / "outbox.db")
        self.link = Link(
            board="counter-1",
            boot="boot-2",
            topics=TOPICS,
            outbox=self.outbox,
            post=self.words.put,
            new_id=new_id or Names(),
            monotonic=lambda: self.hands.monotonic,
            wall=lambda: self.hands.wall,
            open_session=cast("Callable[..., Session]", FakeSession),
        )
        self.link.start(Address("hub", 1883), counters=(1,), kiosks=("kiosk-1",))
        self.session = cast("FakeSession", self.link._session)

    def heard(self, timeout: float = 0.0) -> Heards:
        """What the devices hear of all that was posted; with a timeout, of the next word from another thread."""
        heard: Heards = []
        if timeout:
            heard += self.link.hear(self.words.get(timeout=timeout))
        while not self.words.empty():
            heard += self.link.hear(self.words.get())
        return heard

    def hub_says(self, topic: str, message: Any) -> Heards:
        self.session.on_message(topic, msgspec.json.encode(message))
        return self.heard()

    def beat(self, at: int = NINE, **more: Any) -> Heards:
        return self.hub_says(TOPICS.hub, HubState(boot="hub-1", at=at, **more))

    def connect(self) -> Heards:
        self.session.on_up()
        return [*self.heard(), *self.beat()]

    def pass_(self, seconds: float, *, beating: bool = True) -> Heards:
        """Time goes by in quarters of a second, with a heartbeat a second unless the hub is silent."""
        heard: Heards = []
        for quarter in range(1, int(seconds * 4) + 1):
            self.hands.pass_(0.25)
            if beating and quarter % 4 == 0:
                heard += [told for told in self.beat(NINE) if not isinstance(told[1], HubState)]
            heard += self.link.tick()
        return heard

    def asked(self) -> list[Request]:
        """The commands that went out since the last look."""
        out = [
            msgspec.json.decode(p, type=Request)
            for t, p, _ in self.session.published
            if t == COMMAND
        ]
        self.session.published.clear()
        return out

    def presences(self) -> list[Presence]:
        return [
            msgspec.json.decode(payload, type=Presence)
            for topic, payload, retain in self.session.published
            if topic == PRESENCE and retain
        ]
