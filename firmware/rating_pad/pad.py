"""The rating pad's thinking: it asks when the counter's state says so, takes the first press, and never asks for praise."""

from __future__ import annotations

from broker.hearing import Answered, Kept
from broker.messages import CommandRefused, CounterState, HallState, Level, Rate, RatingAsk
from broker.phrases import Phrases
from firmware.device import Effect, Event, KeyPressed, LightLamp, Send, StartTimer, Tell, TimerFired
from firmware.hal.lamps import Light

__all__ = ["RatingPad"]

LEVELS = {level.value: level for level in Level}
THANKS_S = 2.0
QUIET: tuple[Effect, ...] = (LightLamp("remind", Light.OFF), Tell(""))


class RatingPad:
    """Keys are the five levels. The lamp `remind` blinks to ask and is steady to thank, a display, if there is one, says so.

    Neither ever tells which key was pressed. In an emergency both are quiet, and a press is taken all the same.
    """

    def __init__(self, phrases: Phrases, counter: int, correct_s: float) -> None:
        self._phrases, self._counter, self._correct_s = phrases, counter, correct_s
        self._ask: RatingAsk | None = None
        self._pressed_at = 0
        self._last: Level | None = None
        self._is_quiet = False

    def start(self) -> tuple[Effect, ...]:
        return QUIET

    def handle(self, event: Event, now: int) -> tuple[Effect, ...]:
        match event:
            case CounterState(counter=self._counter, rating=rating):
                return self._asked(rating, now)
            case HallState(emergency=emergency):
                return self._quieted(bool(emergency), now)
            case KeyPressed(key=key):
                return self._pressed(LEVELS.get(key), now)
            case Answered(command=Rate() as rate, events=events):
                # A refused rating was one too many or too late: nobody is thanked for it.
                refused = any(isinstance(e, CommandRefused) for e in events)
                return () if refused else self._thank(rate, self._phrases.thanks)
            case Kept(command=Rate() as rate):
                return self._thank(rate, self._phrases.rating_kept)
            case TimerFired(name="lamp"):
                return QUIET
            case _:
                return ()

    def _asked(self, rating: RatingAsk | None, now: int) -> tuple[Effect, ...]:
        known, self._ask = self._ask, rating
        same = (
            known is not None
            and rating is not None
            and known.ticket == rating.ticket
            and known.day == rating.day
        )
        over = rating is None or rating.done or now >= rating.until
        if not same:
            self._last, self._pressed_at = None, 0
        if same or (over and known is None):
            return ()
        if rating is None or over:
            return (*QUIET, StartTimer("lamp", 0))
        return () if self._is_quiet else self._remind(rating, now)

    def _quieted(self, is_quiet: bool, now: int) -> tuple[Effect, ...]:
        """Once it is over, who may still rate is asked again."""
        if is_quiet == self._is_quiet:
            return ()
        self._is_quiet, ask = is_quiet, self._ask
        if is_quiet:
            return (*QUIET, StartTimer("lamp", 0))
        asks = ask is not None and not ask.done and now < ask.until and self._last is None
        return self._remind(ask, now) if ask and asks else ()

    def _remind(self, rating: RatingAsk, now: int) -> tuple[Effect, ...]:
        return (
            LightLamp("remind", Light.BLINK),
            Tell(self._phrases.rate),
            StartTimer("lamp", (rating.until - now) / 1000),
        )

    def _pressed(self, level: Level | None, now: int) -> tuple[Effect, ...]:
        ask = self._ask
        if ask is None or level is None:
            return ()
        if self._last is None:
            if ask.done or now >= ask.until:
                return ()
            self._pressed_at = now
        elif level is self._last or now - self._pressed_at > self._correct_s * 1000:
            return ()  # the first press won, and the time to correct it is over
        self._last = level
        rate = Rate(
            counter=self._counter, day=ask.day, ticket=ask.ticket, level=level, pressed_at=now
        )
        return (Send(rate, None),)

    def _thank(self, rate: Rate, words: str) -> tuple[Effect, ...]:
        ask = self._ask
        if self._is_quiet or ask is None or (ask.day, ask.ticket) != (rate.day, rate.ticket):
            return ()  # an answer after an outage: its visitor has left, and another may be asked by now
        return (LightLamp("remind", Light.ON), Tell(words), StartTimer("lamp", THANKS_S))
