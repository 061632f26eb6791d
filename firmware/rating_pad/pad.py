"""The rating pad's thinking: it asks when the counter's state says so, takes the first press, and never asks for praise."""

from __future__ import annotations

from dataclasses import replace

from broker.hearing import Answered, Kept
from broker.messages import CommandRefused, CounterState, HallState, Level, Rate, RatingAsk
from broker.phrases import Phrases
from firmware.device import (
    Draw,
    Effect,
    Event,
    KeyPressed,
    LightLamp,
    Prompt,
    Send,
    StartTimer,
    Tell,
    TimerFired,
)
from firmware.hal.lamps import Light
from firmware.hal.screen import PadPage
from firmware.rating_pad.afterwards import Afterwards
from firmware.rating_pad.pages import CORRECT, DONE, REASON, PadPages

__all__ = ["RatingPad"]

LEVELS = {level.value: level for level in Level}
THANKS_S = 2.0
PAGE_S = 12.0
"""How long the page of thanks stays for what may be added, and the faces for who corrects."""
QUIET: tuple[Effect, ...] = (LightLamp("remind", Light.OFF), Tell(""))


class RatingPad:
    """Keys are the five levels. The lamp `remind` blinks to ask and is steady to thank; a display, if there is one, says so.

    A screen has `pages`, whose faces are keys too; a pad that `speaks` asks once aloud. None of them ever tells which key
    was pressed. In an emergency all are quiet, and a press is taken all the same.
    """

    def __init__(
        self,
        phrases: Phrases,
        counter: int,
        correct_s: float,
        *,
        pages: PadPages | None = None,
        speaks: bool = False,
    ) -> None:
        self._phrases, self._counter, self._correct_s = phrases, counter, correct_s
        self._pages, self._speaks = pages, speaks
        self._ask: RatingAsk | None = None
        self._pressed_at = 0
        self._last: Level | None = None
        self._emergency = ""
        self._newest: Rate | None = None
        self._settled: Rate | None = None  # of the newest rating: what was thanked for, or refused
        self._after: Afterwards | None = None
        self._shown: PadPage | None = None

    def start(self) -> tuple[Effect, ...]:
        return (*QUIET, *self._draw(0))

    def handle(self, event: Event, now: int) -> tuple[Effect, ...]:
        return (*self._heard(event, now), *self._draw(now))

    def _heard(self, event: Event, now: int) -> tuple[Effect, ...]:
        match event:
            case CounterState(counter=self._counter, rating=rating, clerk=clerk):
                if self._pages and clerk:
                    self._pages.clerk = clerk
                return self._asked(rating, now)
            case HallState(emergency=emergency):
                return self._quieted(emergency, now)
            case KeyPressed(key=key) if key in LEVELS:
                return self._pressed(LEVELS[key], now)
            case KeyPressed(key=key):
                return self._touched(key, now)
            case Answered(command=Rate() as rate, events=events):
                # A refused rating was one too many or too late: nobody is thanked for it.
                refused = any(isinstance(e, CommandRefused) for e in events)
                return (
                    self._refused(rate) if refused else self._thank(rate, self._phrases.thanks, now)
                )
            case Kept(command=Rate() as rate):
                return self._thank(rate, self._phrases.rating_kept, now)
            case TimerFired(name="lamp"):
                return QUIET
            case TimerFired(name="correct"):
                self._after = self._after and replace(self._after, correctable=False)
                return ()
            case TimerFired(name="page"):
                return self._close()
            case _:
                return ()

    @property
    def serving(self) -> bool:
        return self._after is not None or (self._ask is not None and not self._ask.done)

    # --- asking ------------------------------------------------------------------------------------------

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
            return (*QUIET, StartTimer("lamp", 0), *self._say(""))
        closed = self._close()  # whoever rated before has gone
        return closed if self._emergency else (*closed, *self._remind(rating, now))

    def _quieted(self, emergency: str, now: int) -> tuple[Effect, ...]:
        """Once it is over, who may still rate is asked again."""
        was_quiet, self._emergency, ask = bool(self._emergency), emergency, self._ask
        if was_quiet == bool(emergency):
            return ()
        if emergency:
            return (*self._close(), *QUIET, StartTimer("lamp", 0), *self._say(""))
        asks = ask is not None and not ask.done and now < ask.until and self._last is None
        return self._remind(ask, now) if ask and asks else ()

    def _remind(self, rating: RatingAsk, now: int) -> tuple[Effect, ...]:
        return (
            LightLamp("remind", Light.BLINK),
            Tell(self._phrases.rate),
            StartTimer("lamp", (rating.until - now) / 1000),
            *self._say(self._phrases.rate),
        )

    def _say(self, text: str) -> tuple[Effect, ...]:
        return (Prompt(text),) if self._speaks else ()

    # --- a press, and what may follow it -----------------------------------------------------------------

    def _pressed(self, level: Level, now: int) -> tuple[Effect, ...]:
        ask, at = self._ask, now
        if ask is None:
            return ()
        if self._last is None:
            if ask.done or now >= ask.until:
                return ()
            self._pressed_at = now
        elif self._after and self._after.correcting_since:
            # A correction counts from when it was asked for: who looks for the right face has time to.
            at, self._after = self._after.correcting_since, replace(self._after, correcting_since=0)
            if level is self._last:
                return (StartTimer("page", PAGE_S),)
        elif level is self._last or now - self._pressed_at > self._correct_s * 1000:
            return ()  # the first press won, and the time to correct it is over
        self._last = level
        self._newest = Rate(
            counter=self._counter, day=ask.day, ticket=ask.ticket, level=level, pressed_at=at
        )
        return (Send(self._newest, None), *self._say(""))

    def _thank(self, rate: Rate, words: str, now: int) -> tuple[Effect, ...]:
        ask = self._ask
        if self._emergency or ask is None or (ask.day, ask.ticket) != (rate.day, rate.ticket):
            return ()  # an answer after an outage: its visitor has left, and another may be asked by now
        thanks = (LightLamp("remind", Light.ON), Tell(words), StartTimer("lamp", THANKS_S))
        return (*thanks, *self._open(rate, now))

    def _refused(self, rate: Rate) -> tuple[Effect, ...]:
        if rate == self._newest:
            self._settled = rate
        return ()

    def _open(self, rate: Rate, now: int) -> tuple[Effect, ...]:
        """The page of thanks, once for each rating and correction: when it is written down."""
        if self._pages is None or rate != self._newest or rate == self._settled:
            return ()
        before, self._settled = self._after, rate
        left_s = self._correct_s - (now - self._pressed_at) / 1000
        chosen = before.chosen if before else ()
        self._after = Afterwards(rate, chosen, correctable=left_s > 0)
        return (StartTimer("correct", left_s), StartTimer("page", PAGE_S))

    def _touched(self, key: str, now: int) -> tuple[Effect, ...]:
        after = self._after
        if after is None or after.correcting_since:
            return ()
        if key == DONE:
            return self._close()
        if key == CORRECT:
            if not after.correctable:
                return ()
            self._after = replace(after, correcting_since=now)
        elif key.startswith(REASON):
            self._after = after.toggled(key.removeprefix(REASON))
        else:
            return ()
        return (StartTimer("page", PAGE_S),)

    def _close(self) -> tuple[Effect, ...]:
        """Whoever ticked something and went has said it all the same."""
        after, self._after = self._after, None
        if after is None:
            return ()
        reasons = after.reasons()
        given = (Send(reasons, None),) if reasons else ()
        return (*given, StartTimer("correct", 0), StartTimer("page", 0))

    # --- what stands on the screen -------------------------------------------------------------------------

    def _draw(self, now: int) -> tuple[Effect, ...]:
        page = self._page(self._pages, now) if self._pages else None
        if page is None or page == self._shown:
            return ()
        self._shown = page
        return (Draw(page),)

    def _page(self, pages: PadPages, now: int) -> PadPage:
        if self._emergency:
            return pages.emergency(self._emergency)
        if after := self._after:
            if after.correcting_since:
                return pages.faces(again=True)
            return pages.thanks(after.chosen, correctable=after.correctable)
        return pages.faces(again=False) if self._is_asking(now) else pages.idle()

    def _is_asking(self, now: int) -> bool:
        """Until a press was written down: nobody is thanked for what could be lost yet."""
        ask = self._ask
        if ask is None or ask.done:
            return False
        if self._last is None:
            return now < ask.until
        return self._newest != self._settled
