"""The hall display's thinking: the newest calls, what every counter does, who waits for what; all from retained states."""

from __future__ import annotations

from dataclasses import replace

from broker.hearing import Alone, Together
from broker.messages import CounterState, HallState, Phase, QueueState
from broker.settings import Hall
from firmware.clock_face import ClockFace
from firmware.device import Draw, Effect, Event, StartTimer, TimerFired
from firmware.freshness import Freshness, moving
from firmware.hal.screen import Called, HallPage, Tone
from firmware.hall_display.rows import Rows
from firmware.hall_display.rules import published
from firmware.hall_display.waiting import waiting
from firmware.hall_display.words import Words
from firmware.hall_words import emergency_note, old

__all__ = ["HallDisplay"]

MINUTE = "minute"
AT_FIRST_S = 1.0
EARLIER = 3


class HallDisplay:
    """Shows some counters: those of its zone, of several zones under their names, or of the whole hall."""

    def __init__(self, hall: Hall, counters: tuple[int, ...]) -> None:
        self._hall = hall
        self._words = Words(hall)
        self._rows = Rows(hall, counters)
        self._rules = published(hall)
        self._clock = ClockFace(hall.hall.timezone)
        served = frozenset[str]().union(*(hall.served[number] for number in counters))
        self._services = tuple(s for s in hall.services if s.id in served)
        self._states: dict[int, CounterState] = {}
        self._queue: QueueState | None = None
        self._hall_state = HallState()
        self._fresh = Freshness()
        self._shown: HallPage | None = None

    def start(self) -> tuple[Effect, ...]:
        return (StartTimer(MINUTE, AT_FIRST_S), *self._draw(None))

    @property
    def serving(self) -> bool:
        return False

    def handle(self, event: Event, now: int) -> tuple[Effect, ...]:
        timers: tuple[Effect, ...] = ()
        match event:
            case CounterState(counter=counter) if counter in self._rows.counters:
                self._states[counter] = event
            case HallState():
                self._hall_state = event
            case QueueState():
                self._queue = event
            case Alone() | Together():
                if isinstance(event, Together) and not self._fresh.together:
                    timers = self._next_minute(now)  # perhaps it is the hub's time only now
                self._fresh.hear(event, now)
            case TimerFired(name=name) if name == MINUTE:
                timers = self._next_minute(now)
            case _:
                return ()
        return (*timers, *self._draw(now))

    def _next_minute(self, now: int) -> tuple[Effect, ...]:
        return (StartTimer(MINUTE, self._clock.to_next_minute(now)),)

    def _draw(self, now: int | None) -> tuple[Effect, ...]:
        page = self._page(now)
        if page == self._shown:
            return ()
        self._shown = page
        return (Draw(page),)

    def _page(self, now: int | None) -> HallPage:
        page = HallPage(title=self._hall.hall.name, english=self._hall.hall.english)
        if self._fresh.timed and now is not None:
            date = self._clock.date(now, self._hall.phrases.day)
            page = replace(page, clock=self._clock.time(now), date=date)
        state = self._hall_state
        if not state.emergency:
            return self._usual(page, now)
        note = emergency_note(self._hall, self._clock, state.since)
        return replace(page, tone=Tone.STOP, emergency=state.emergency, emergency_note=note)

    def _usual(self, page: HallPage, now: int | None) -> HallPage:
        calls = self._calls()
        newest, earlier = (calls[0] if calls else None), calls[1 : EARLIER + 1]
        words = self._words
        return replace(
            page,
            call=words.call(newest),
            call_english=words.call_in_english(newest),
            moving=moving(self._hall, newest.call if newest else None, now),
            earlier=tuple(Called(state.ticket, words.counter(state.counter)) for state in earlier),
            listen=words.listen,
            counters=self._rows.of(self._states, newest),
            services=waiting(self._hall, self._services, self._queue),
            missed=self._queue.missed if self._queue else (),
            notice=self._notice(),
            tone=Tone.CALM if self._fresh.together else Tone.WAIT,
            rules=self._rules,
            labels=words.labels,
        )

    def _calls(self) -> list[CounterState]:
        """The calls that stand, the newest first; a recall is as new as a call."""
        calls = [
            (state.call, state)
            for state in self._states.values()
            if state.call and state.phase is Phase.CALLED
        ]
        calls.sort(key=lambda one: (one[0].valid_until, one[0].seq, one[0].recall), reverse=True)
        return [state for _, state in calls]

    def _notice(self) -> str:
        told = filter(None, (self._hall_state.notice, self._sent_home()))
        return old(self._hall, self._clock, self._fresh) or "；".join(told)

    def _sent_home(self) -> str:
        """Told to those whose tickets the end of the day has cancelled; empty while nobody's is."""
        services = self._queue.services if self._queue else {}
        over = [s for s in self._services if s.id in services and services[s.id].sent_home]
        everything = len(over) == len(self._services)
        names = "" if everything else "、".join(service.name for service in over)
        return self._words.of.sent_home.format(services=names) if over else ""
