"""A board's requests under way: when each is due to be sent again, is given up, or was too long without an answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from broker.messages import Request

__all__ = ["NO_ANSWER_S", "Asked", "Asking"]

RESEND_S = (0.5, 1.0, 2.0, 5.0)
NO_ANSWER_S = 5.0
NOT_NOW_S = 1.0

# What was kept in an outage is handed in at a pace: the broker cuts off a board that floods it (`broker.guard`).
PACE = 50
AT_ONCE = 30


@dataclass(slots=True)
class Asking:
    """A request on its way: when to send it again, and how often that was done. `gives_up` is None for durable ones.

    `since` is when it was first sent to a hub that could be asked. `given_up`: its device has been told so; it is
    asked on only to learn when the hub answers again.
    """

    request: Request
    gives_up: float | None
    sent: int = 0
    again: float = 0.0
    since: float | None = None
    given_up: bool = False

    def is_sent(self, now: float, *, heard: bool) -> None:
        """It was tried now; `heard` if there was a hub to hear it."""
        self.again = now + RESEND_S[min(self.sent, len(RESEND_S) - 1)]
        self.sent += 1
        if heard and self.since is None:
            self.since = now

    def is_put_off(self, now: float) -> None:
        """The hub is there, and may be able to at any moment: no growing patience, as with silence."""
        self.again = now + NOT_NOW_S

    @property
    def unanswered_from(self) -> float:
        """When a hub that has not answered this by then gives no answers."""
        return float("inf") if self.since is None else self.since + NO_ANSWER_S


class Asked:
    """By their ids, oldest first. Times are of the board's monotonic clock, in seconds."""

    def __init__(self) -> None:
        self._all: dict[str, Asking] = {}

    def add(self, request: Request, gives_up: float | None) -> None:
        self._all[request.command_id] = Asking(request, gives_up)

    def get(self, command_id: str) -> Asking | None:
        return self._all.get(command_id)

    def remove(self, command_id: str) -> None:
        del self._all[command_id]

    def under_way(self) -> list[Asking]:
        """What is sent and sent again now: every press, and of what was kept each device's oldest."""
        pressed: list[Asking] = []
        oldest: dict[str, Asking] = {}
        for asking in self._all.values():
            if asking.gives_up is None:
                oldest.setdefault(asking.request.device, asking)
            else:
                pressed.append(asking)
        return [*oldest.values(), *pressed]

    def due(self, now: float) -> list[Asking]:
        return [asking for asking in self.under_way() if now >= asking.again]

    def stale(self, now: float, *, asks_on: bool) -> Iterator[Request]:
        """Give up what is stale, each once; with `asks_on` it is sent on all the same."""
        for command_id, asking in list(self._all.items()):
            if asking.gives_up is not None and now >= asking.gives_up and not asking.given_up:
                asking.given_up = True
                if not asks_on:
                    del self._all[command_id]
                yield asking.request

    def unanswered_from(self) -> float:
        """From when on the hub has left something without an answer for too long."""
        return min((a.unanswered_from for a in self.under_way()), default=float("inf"))

    def hub_is_away(self) -> None:
        """Once it is back, it is given as long again to answer."""
        for asking in self._all.values():
            asking.since = None

    def hub_is_back(self, now: float) -> None:
        """All is asked anew, the oldest at once; what was asked on for want of an answer has done its work."""
        self._all = {name: asking for name, asking in self._all.items() if not asking.given_up}
        for number, asking in enumerate(self._all.values()):
            asking.since = None
            asking.sent, asking.again = 0, now + max(0, number - AT_ONCE) / PACE

    def next(self) -> float:
        """When the next is due or stale."""
        times = [asking.again for asking in self.under_way()]
        times += [
            asking.gives_up
            for asking in self._all.values()
            if asking.gives_up is not None and not asking.given_up
        ]
        return min(times, default=float("inf"))
