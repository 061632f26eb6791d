"""The retained states of the hall as the queue makes them, each on its topic; when it is time for one is not known here."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from broker.messages import CounterState, State
from broker.queue import Queue, counter_state, hall_state, kiosk_state, queue_state
from broker.settings import Hall, Kind
from broker.topics import Topics

__all__ = ["Showing"]


class Showing:
    """`publish` sends a state to a topic, kept for whoever connects later."""

    def __init__(self, hall: Hall, publish: Callable[[str, State], None]) -> None:
        self._hall, self._topics, self._publish = hall, Topics(hall.hall.id), publish
        self._shown: dict[int, CounterState] = {}

    def whole_hall(self, queue: Queue) -> None:
        self._publish(self._topics.whole_hall, hall_state(queue))

    def counter(self, queue: Queue, number: int) -> None:
        if number in self._hall.counter:
            state = self._shown[number] = counter_state(queue, number)
            self._publish(self._topics.counter(number), state)

    def lines(self, queue: Queue, kiosks: Iterable[str], at: int) -> None:
        """Who waits where, and what these kiosks owe paper for."""
        for number in self._hall.counter:
            # Whom a counter waits for, or has on hold, may change without its doing anything.
            if counter_state(queue, number) != self._shown.get(number):
                self.counter(queue, number)
        for kiosk in kiosks:
            self._publish(self._topics.kiosk(kiosk), kiosk_state(queue, kiosk))
        self._publish(self._topics.queue, queue_state(queue, at))

    def all(self, queue: Queue, at: int) -> None:
        self.whole_hall(queue)
        for number in self._hall.counter:
            self.counter(queue, number)
        kiosks = (one.id for one in self._hall.device.values() if one.kind is Kind.TICKET_KIOSK)
        self.lines(queue, kiosks, at)
