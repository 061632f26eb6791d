"""A console whose broker and hub are in this process: what it asks is answered at once, by a real coordinator."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any

import msgspec

from broker.hub_line import HubLine
from broker.messages import HubState, Request
from broker.session import Address
from broker.topics import Topics
from tests.queue.halls import hall_of
from tests.queue.ports import Hub

__all__ = ["SAMPLE", "Desk"]

SAMPLE = files("broker").joinpath("halls", "sample.toml").read_text(encoding="utf-8")


class Desk:
    """`asked` is what came to the hub; it is deaf to the first `deaf` of them, and says nothing while it is not `up`."""

    def __init__(self, hub: Hub, console: str = "supervisor-1", *, deaf: int = 0) -> None:
        self._hub, self._console, self._deaf = hub, console, deaf
        self._topics = Topics(hall_of(hub.text).hall.id)
        self._on_up: Callable[[], None] = lambda: None
        self.say: Callable[[str, bytes], None] = lambda _topic, _payload: None
        self.up: bool | None = True
        self.asked: list[Request] = []

    def line(
        self,
        patience_s: float = 10,
        resend_s: float = 1,
        person: tuple[str, str] = ("", ""),
    ) -> HubLine:
        opened: Any = self._open
        return HubLine(
            hall_of(self._hub.text),
            self._console,
            Address("hub", 1),
            person=person,
            open_session=opened,
            patience_s=patience_s,
            resend_s=resend_s,
        )

    def _open(self, *_: object, on_up: Any, on_message: Any, **_rest: object) -> Desk:
        self._on_up, self.say = on_up, on_message
        return self

    # The session's own side.

    def start(self) -> None:
        self._on_up()
        if self.up is not None:
            beat = HubState(boot="b", up=self.up, at=self._hub.coordinator.now())
            self.say(self._topics.hub, msgspec.json.encode(beat))

    def publish(self, topic: str, payload: bytes) -> None:
        assert topic == self._topics.command(self._console)
        self.asked.append(msgspec.json.decode(payload, type=Request))
        if len(self.asked) > self._deaf:
            (answer,) = self._hub.coordinator.handle(self.asked[-1:])
            self.say(self._topics.answer(self._console), msgspec.json.encode(answer))

    def stop(self) -> None:
        pass
