"""What every display of the hall says alike: how a counter is, that it may be old, and since when there is an emergency."""

from __future__ import annotations

from broker.messages import CounterState, CounterStatus, Phase
from broker.phrases.chinese import CounterDisplay, HallDisplay
from broker.settings import Hall
from firmware.clock_face import ClockFace
from firmware.freshness import Freshness
from firmware.hal.screen import Label

__all__ = ["emergency_note", "old", "rests", "status_word"]


def old(hall: Hall, clock: ClockFace, fresh: Freshness) -> str:
    """That what is shown may be old, and up to when it is certain; empty while the hub is heard."""
    words = hall.phrases.hall_display
    if fresh.together:
        return ""
    if fresh.until is None:
        return words.old
    return words.old_since.format(at=clock.time(fresh.until))


def emergency_note(hall: Hall, clock: ClockFace, since: int) -> Label:
    """Since when, and whom to follow."""
    tables = (hall.phrases.hall_display, hall.english.hall_display)
    return Label(*(words.emergency_note.format(since=clock.time(since)) for words in tables))


def rests(state: CounterState) -> bool:
    """Whether it is closed or paused, and nobody is called or served there."""
    return state.phase is Phase.IDLE and state.status is not CounterStatus.OPEN


def status_word(words: HallDisplay | CounterDisplay, state: CounterState) -> str:
    """How the counter is, in a word or two."""
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
