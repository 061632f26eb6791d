"""The lamps at a supervisor's or guard's desk: lit while a clerk's call for help is open; they make no sound."""

from __future__ import annotations

from broker.messages import CounterState
from firmware.device import Effect, LightLamp
from firmware.hal.lamps import Light

__all__ = ["HELP", "HelpLamps", "lit", "of_counter"]

HELP = "help"


def of_counter(counter: int) -> str:
    """The lamp of one counter; the lamp `help` is for all.

    >>> of_counter(3)
    'help:3'
    """
    return f"{HELP}:{counter}"


class HelpLamps:
    """Follows the states of the counters that it is told of."""

    def __init__(self) -> None:
        self._calling: set[int] = set()

    def heard(self, state: CounterState) -> tuple[Effect, ...]:
        before = frozenset(self._calling)
        if state.help_since:
            self._calling.add(state.counter)
        else:
            self._calling.discard(state.counter)
        if self._calling == before:
            return ()
        return (
            lit(HELP, on=bool(self._calling)),
            lit(of_counter(state.counter), on=bool(state.help_since)),
        )


def lit(lamp: str, *, on: bool) -> LightLamp:
    return LightLamp(lamp, Light.BLINK if on else Light.OFF)
