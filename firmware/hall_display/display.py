"""The hall display's thinking: the newest call, what every counter does, who waits for what; all from retained states."""

from __future__ import annotations

from broker.hearing import Alone, Together
from broker.messages import CounterState, CounterStatus, Phase, QueueState
from broker.settings import Hall
from firmware.device import Draw, Effect, Event
from firmware.functions import functions
from firmware.hal.screen import CounterRow, HallPage, ServiceRow, Tone
from firmware.hall_display.rules import published

__all__ = ["HallDisplay"]


class HallDisplay:
    """Shows the counters of its zone, or of the whole hall."""

    def __init__(self, hall: Hall, counters: tuple[int, ...]) -> None:
        self._hall, self._counters = hall, counters
        self._words = hall.phrases.hall_display
        self._rules = published(hall, hall.phrases)
        self._states: dict[int, CounterState] = {}
        self._queue: QueueState | None = None
        self._alone = "not connected yet"
        self._shown: HallPage | None = None

    def start(self) -> tuple[Effect, ...]:
        return self._draw()

    def handle(self, event: Event, now: int) -> tuple[Effect, ...]:  # noqa: ARG002 - it shows states, not times
        match event:
            case CounterState(counter=counter) if counter in self._counters:
                self._states[counter] = event
            case QueueState():
                self._queue = event
            case Alone(why=why):
                self._alone = why
            case Together():
                self._alone = ""
            case _:
                return ()
        return self._draw()

    def _draw(self) -> tuple[Effect, ...]:
        page = self._page()
        if page == self._shown:
            return ()
        self._shown = page
        return (Draw(page),)

    def _page(self) -> HallPage:
        calls = [
            state for state in self._states.values() if state.phase is Phase.CALLED and state.call
        ]
        newest = max(
            calls,
            key=lambda state: (state.call.seq, state.call.recall) if state.call else (0, 0),
            default=None,
        )
        phrases = self._hall.phrases
        return HallPage(
            title=self._hall.hall.name,
            call=phrases.call_shown.format(ticket=newest.ticket, counter=newest.counter)
            if newest
            else "",
            counters=tuple(
                self._row(counter, fresh=newest is not None and newest.counter == counter)
                for counter in self._counters
            ),
            services=tuple(
                ServiceRow(service.prefix, service.name, self._queue.services[service.id].waiting)
                for service in self._hall.services
                if self._queue and service.id in self._queue.services
            ),
            notice=self._words.old if self._alone else self._sent_home() or self._rules,
            tone=Tone.WAIT if self._alone else Tone.CALM,
        )

    def _sent_home(self) -> str:
        """Told to those whose tickets the end of the day has cancelled; empty while nobody's is."""
        services = self._queue.services if self._queue else {}
        over = [s for s in self._hall.services if s.id in services and services[s.id].sent_home]
        names = "" if len(over) == len(services) else "、".join(service.name for service in over)
        return self._words.sent_home.format(services=names) if over else ""

    def _row(self, counter: int, *, fresh: bool) -> CounterRow:
        state = self._states.get(counter, CounterState(counter=counter))
        return CounterRow(
            counter=self._words.counter.format(counter=counter),
            ticket=state.ticket,
            status=self._status(state),
            services="、".join(functions(self._hall, counter)),
            fresh=fresh,
        )

    def _status(self, state: CounterState) -> str:
        words = self._words
        match state.phase, state.status:
            case Phase.CALLED, _:
                return words.come
            case Phase.SERVING, _:
                return words.serving
            case _, CounterStatus.CLOSED:
                return words.closed
            case _, CounterStatus.PAUSED:
                return words.paused
            case _, _:
                return words.free
