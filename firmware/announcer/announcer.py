"""The announcer's thinking: one voice for a zone, in the order of the calls, each call and recall at most once aloud; in an emergency its sentence alone."""

from __future__ import annotations

from itertools import chain

from broker.hearing import Alone, Together
from broker.messages import (
    Call,
    CounterState,
    HallState,
    Heard,
    ReportAnnounced,
    ReportAnnouncementFailed,
    ReportTakenUp,
)
from broker.phrases import english_counter, english_ticket, spoken_counter, spoken_ticket
from broker.settings import Hall
from firmware.announcer.alarm import AGAIN, Alarm
from firmware.announcer.guide_lamps import GuideLamps
from firmware.announcer.help_lamps import HelpLamps
from firmware.device import (
    Done,
    Effect,
    Event,
    Failed,
    Hush,
    Say,
    SayEnglish,
    Send,
    StartTimer,
    TimerFired,
    Warn,
)

__all__ = ["Announcer"]

REPORT_LIVES_S = 10.0


class Announcer:
    """`spoken` are the marks of an earlier life, by counter: until when the last call that was begun was valid.

    In `english`, too, each call is said after the Chinese, unless it is over by then. Calls for help are shown for
    `desk_of`, where other counters than those it speaks for.
    """

    def __init__(
        self,
        hall: Hall,
        counters: tuple[int, ...],
        spoken: dict[str, int],
        *,
        english: bool = False,
        desk_of: tuple[int, ...] = (),
    ) -> None:
        self._hall, self._counters, self._english, self._desk_of = hall, counters, english, desk_of
        self._last = {counter: spoken.get(str(counter), -1) for counter in counters}
        self._waiting: dict[int, tuple[Call, Say]] = {}
        self._taken: dict[int, tuple[int, int]] = {}
        self._called_now: dict[int, Call | None] = {}
        self._saying: Say | SayEnglish | Warn | None = None
        self._alone = True
        self._help, self._guides = HelpLamps(), GuideLamps()
        self._alarm = Alarm()

    def start(self) -> tuple[Effect, ...]:
        return ()

    @property
    def serving(self) -> bool:
        return self._saying is not None or bool(self._waiting)

    def handle(self, event: Event, now: int) -> tuple[Effect, ...]:
        match event:
            case CounterState(counter=counter) if counter in self._counters:
                return (*self._help.heard(event), *self._called(event, now), *self._next(now))
            case CounterState(counter=counter) if counter in self._desk_of:
                return self._help.heard(event)
            case HallState(emergency=emergency):
                return (*self._guides.heard(event), *self._alarmed(emergency), *self._next(now))
            case TimerFired(name=name) if name == AGAIN:
                self._alarm.again()
                return self._next(now)
            case (
                Done(effect=Warn() | SayEnglish() as said)
                | Failed(effect=Warn() | SayEnglish() as said)
            ):
                self._has_said(said)
                return self._next(now)
            case Done(effect=Say() as say):
                self._has_said(say)
                report = ReportAnnounced(counter=say.counter, call=say.call, recall=say.recall)
                return (Send(report, REPORT_LIVES_S), *self._next(now, said=say))
            case Failed(effect=Say() as say, sentence=sentence):
                self._has_said(say)
                failed = ReportAnnouncementFailed(
                    counter=say.counter, call=say.call, recall=say.recall, reason=sentence
                )
                return (Send(failed, REPORT_LIVES_S), *self._next(now, said=say))
            case Alone():
                # What waits may be over by the time the hub is back; its states tell what is not.
                self._alone = True
                self._taken.clear()
                self._waiting.clear()
                return ()
            case Together():
                self._alone = False
                taken = (
                    self._take_up(counter, call, now)
                    for counter, (call, _) in self._waiting.items()
                )
                return (*chain.from_iterable(taken), *self._next(now))
            case _:
                return ()

    def _alarmed(self, text: str) -> tuple[Effect, ...]:
        """What is said is broken off, what waits is dropped: nobody is to go to a counter now, and the clerks are told."""
        if not self._alarm.heard(text):
            return ()
        hush = () if self._saying is None else (Hush(self._saying),)
        self._saying = None
        if not text:
            return (StartTimer(AGAIN, 0), *hush)
        dropped = tuple(
            Send(
                ReportAnnouncementFailed(
                    counter=counter,
                    call=call.seq,
                    recall=call.recall,
                    reason="an emergency is on: the voice speaks of nothing else",
                ),
                REPORT_LIVES_S,
            )
            for counter, (call, _) in self._waiting.items()
        )
        self._waiting.clear()
        return hush if self._alone else (*hush, *dropped)

    def _has_said(self, effect: Say | SayEnglish | Warn) -> None:
        """What was broken off comes back when something else is said already."""
        if effect == self._saying:
            self._saying = None

    def _called(self, state: CounterState, now: int) -> tuple[Effect, ...]:
        """Queue a call that was not spoken; forget one whose ticket is no longer called."""
        self._called_now[state.counter] = call = state.call
        self._waiting.pop(state.counter, None)
        if (
            self._alarm.text
            or call is None
            or call.heard is not Heard.PENDING
            or call.valid_until <= self._last[state.counter]
        ):
            return ()
        phrases = self._hall.phrases
        text = phrases.call_spoken.format(
            ticket=spoken_ticket(call.ticket, phrases.one_as),
            counter=spoken_counter(state.counter),
        )
        self._waiting[state.counter] = (
            call,
            Say(text, state.counter, call.seq, call.recall, mark=call.valid_until),
        )
        return self._take_up(state.counter, call, now)

    def _take_up(self, counter: int, call: Call, now: int) -> tuple[Effect, ...]:
        """Tell at once that a voice is there, however many calls it has to speak before: else the clerk calls aloud."""
        if self._alone or now >= call.valid_until:
            return ()
        if self._taken.get(counter) == (call.seq, call.recall):
            return ()
        self._taken[counter] = (call.seq, call.recall)
        report = ReportTakenUp(counter=counter, call=call.seq, recall=call.recall)
        return (Send(report, REPORT_LIVES_S),)

    def _next(self, now: int, *, said: Say | None = None) -> tuple[Effect, ...]:
        """Speak what was `said` in English, else the oldest call that is still valid; alone, none: it may be over by now.

        An emergency goes on until the hub tells that it has ended, also while the hub cannot be heard.
        """
        if self._saying is not None:
            return ()
        if warned := self._alarm.next():
            self._saying = warned[0]
            return warned
        if self._alone or self._alarm.text:
            return ()
        if said is not None and (english := self._in_english(said, now)):
            self._saying = english
            return (english,)
        for counter, (call, say) in sorted(
            self._waiting.items(), key=lambda item: item[1][0].valid_until
        ):
            del self._waiting[counter]
            if now < call.valid_until:
                self._saying = say
                self._last[counter] = say.mark
                return (say,)
        return ()

    def _in_english(self, said: Say, now: int) -> SayEnglish | None:
        """The call that was said, unless it is over, or was called anew."""
        call = self._called_now.get(said.counter)
        if not self._english or call is None or now >= call.valid_until:
            return None
        if (call.seq, call.recall) != (said.call, said.recall):
            return None
        text = self._hall.english.call_spoken.format(
            ticket=english_ticket(call.ticket), counter=english_counter(said.counter)
        )
        return SayEnglish(text, said.recall)
