"""The counter display's thinking: whom its counter calls, who sits there, what is promised; all from retained states."""

from __future__ import annotations

from dataclasses import replace

from broker.hearing import Alone, Together
from broker.messages import CounterState, CounterStatus, HallState
from broker.settings import Counter, Hall
from firmware.clock_face import ClockFace
from firmware.counter_display.person import person_of
from firmware.counter_display.standard import Standards
from firmware.device import Draw, Effect, Event, StartTimer, TimerFired
from firmware.freshness import Freshness, moving
from firmware.functions import functions
from firmware.hal.screen import CounterPage, Label, Standard, Tone
from firmware.hall_words import emergency_note, old, rests, status_word

__all__ = ["CounterDisplay"]

TURN, TURN_S = "turn", 6.0
"""After so many seconds the next of what is promised stands there, where not all of it has room."""
NAMED = 4
"""So many counters are named of those where a visitor can go instead."""


class CounterDisplay:
    """Shows its counter; of the others that serve the same it knows which are open."""

    def __init__(self, hall: Hall, counter: Counter) -> None:
        self._hall, self._counter = hall, counter
        self._alike = hall.alike(counter.number)
        self._languages = (hall.phrases.counter_display, hall.english.counter_display)
        self._standards = Standards(hall)
        self._clock = ClockFace(hall.hall.timezone)
        self._states: dict[int, CounterState] = {}
        self._hall_state = HallState()
        self._fresh = Freshness()
        self._shown: CounterPage | None = None
        self._turn = 0

    def start(self) -> tuple[Effect, ...]:
        return self._draw(None)

    @property
    def serving(self) -> bool:
        return False

    def handle(self, event: Event, now: int) -> tuple[Effect, ...]:
        match event:
            case CounterState(counter=number) if number in (self._counter.number, *self._alike):
                self._states[number] = event
            case HallState():
                self._hall_state = event
            case Alone() | Together():
                self._fresh.hear(event, now)
            case TimerFired(name=name) if name == TURN:
                self._turn += 1
                return (*self._turns(self._shown), *self._draw(now))
            case _:
                return ()
        return self._draw(now)

    @staticmethod
    def _turns(page: CounterPage | None) -> tuple[Effect, ...]:
        many = page is not None and page.standard is not None and len(page.standard.rows) > 1
        return (StartTimer(TURN, TURN_S if many else 0),)

    def _draw(self, now: int | None) -> tuple[Effect, ...]:
        page, before = self._page(now), self._shown
        if page == before:
            return ()
        timers: tuple[Effect, ...] = ()
        if _promised(page) != (_promised(before) if before else ()):
            # Another visitor: from the first row on.
            self._turn = 0
            page, timers = self._page(now), self._turns(page)
        self._shown = page
        return (Draw(page), *timers)

    def _page(self, now: int | None) -> CounterPage:
        hall, number = self._hall, self._counter.number
        names = (hall.phrases.hall_display, hall.english.hall_display)
        page = CounterPage(
            counter=Label(*(words.counter.format(counter=number) for words in names)),
            functions="、".join(functions(hall, number)),
            status=Label(),
        )
        if not self._hall_state.emergency:
            return self._usual(page, now)
        return replace(
            page,
            tone=Tone.STOP,
            emergency=self._hall_state.emergency,
            emergency_note=emergency_note(hall, self._clock, self._hall_state.since),
        )

    def _usual(self, page: CounterPage, now: int | None) -> CounterPage:
        hall, number = self._hall, self._counter.number
        state = self._states.get(number, CounterState(counter=number))
        return replace(
            page,
            status=Label(*(status_word(words, state) for words in self._languages)),
            ticket=state.ticket,
            lines=self._instead(state) if rests(state) else (),
            person=None
            if state.status is CounterStatus.CLOSED
            else person_of(hall, state.clerk or self._counter.clerk),
            standard=self._standard(state, now),
            moving=moving(hall, state.call, now),
            tone=Tone.CALM if self._fresh.together else Tone.WAIT,
            notice=old(hall, self._clock, self._fresh),
        )

    def _standard(self, state: CounterState, now: int | None) -> Standard | None:
        told = self._standards.of(state.service, state.item, now) if state.ticket else None
        return replace(told, turn=self._turn) if told else None

    def _instead(self, state: CounterState) -> tuple[Label, ...]:
        """Why nobody is called here, until when, and where to go."""
        lines = []
        if state.status is CounterStatus.PAUSED and state.pause_reason:
            reasons = {pause.name: pause.english for pause in self._hall.pauses}
            lines.append(Label(state.pause_reason, reasons.get(state.pause_reason, "")))
        if state.status is CounterStatus.PAUSED and state.pause_until:
            until = self._clock.time(state.pause_until)
            lines.append(Label(*(words.until.format(until=until) for words in self._languages)))
        return (*lines, self._elsewhere())

    def _elsewhere(self) -> Label:
        chinese, english = self._languages
        others = [*map(str, self._open())]
        if not others:
            return Label(chinese.go_elsewhere, english.go_elsewhere)
        return Label(
            chinese.go_to.format(counters="、".join(others)),
            english.go_to.format(counters=", ".join(others)),
        )

    def _open(self) -> tuple[int, ...]:
        """Open counters that serve the same, those that serve most of it first; as certain as the line is."""
        if not self._fresh.together:
            return ()
        found = (
            number
            for number in self._alike
            if number in self._states and self._states[number].status is CounterStatus.OPEN
        )
        return tuple(sorted([*found][:NAMED]))


def _promised(page: CounterPage) -> tuple[tuple[str, str], ...]:
    return page.standard.rows if page.standard else ()
