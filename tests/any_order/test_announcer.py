"""Whatever three counters call, and however often the power goes, no call and no recall is heard twice, nor in an emergency."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from broker.hearing import Alone, Together
from broker.messages import (
    CounterState,
    HallState,
    Heard,
    ReportAnnounced,
    ReportAnnouncementFailed,
    ReportTakenUp,
)
from broker.settings import Hall
from firmware.announcer.announcer import Announcer
from firmware.device import Done, Event, Failed, Hush, Say, Send, StartTimer, TimerFired, Warn
from firmware.hal import Trouble
from tests.devices.among import NOW
from tests.devices.panels import called, idle

VALID_MS = 60_000


class World:
    """Three counters, a voice, a disk that keeps marks, and a hub whose states may come late or again."""

    def __init__(self, hall: Hall) -> None:
        self._hall, self._now, self._calls = hall, NOW, 0
        self._states = {counter: idle(counter) for counter in (1, 2, 3)}
        self._known = dict(self._states)
        self._marks: dict[str, int] = {}
        self._heard: set[tuple[int, int]] = set()
        self._emergency = ""
        self._start()

    def _start(self) -> None:
        self._saying: Say | Warn | None = None
        self._broken_off: list[Say | Warn] = []
        self._told = ""
        self._alone = True
        self._known = {counter: idle(counter) for counter in self._states}
        self._announcer = Announcer(self._hall, (1, 2, 3), dict(self._marks))
        assert self._announcer.start() == ()

    def _tell(self, event: Event) -> None:
        self._now += 1
        for effect in self._announcer.handle(event, self._now):
            match effect:
                case Say():
                    self._take(effect)
                case Hush(effect=Say() | Warn() as said):
                    assert said == self._saying, "only what is said can be broken off"
                    self._broken_off.append(said)
                    self._saying = None
                case Warn(text=text):
                    assert self._saying is None, "one voice"
                    assert text == self._told, "what is on, and nothing that is over"
                    self._saying = effect
                case StartTimer():
                    pass
                case Send(command=ReportTakenUp(), lives_s=lives_s):
                    assert lives_s is not None, "it is told while the call waits for its voice"
                    assert not self._alone
                case Send(command=ReportAnnounced(), lives_s=lives_s):
                    assert lives_s is not None, "a report of a call goes stale with it"
                case Send(command=ReportAnnouncementFailed() as failed, lives_s=lives_s):
                    assert lives_s is not None, "a report of a call goes stale with it"
                    self._mark_heard(failed, Heard.NO)
                case _:
                    raise AssertionError(effect)

    def _take(self, say: Say) -> None:
        assert self._saying is None, "one voice"
        assert not self._alone, "silent while alone"
        assert not self._told, "of nothing else in an emergency"
        assert (say.call, say.recall) not in self._heard, "at most once aloud"
        call = self._known[say.counter].call
        assert call is not None, "no longer called"
        assert (call.seq, call.recall) == (say.call, say.recall), "called anew"
        assert self._now < call.valid_until, "no longer valid"
        self._heard.add((say.call, say.recall))
        self._marks[str(say.counter)] = say.mark
        self._saying = say

    # --- what may happen --------------------------------------------------------------------------

    def call(self, counter: int) -> None:
        self._now += 1
        self._calls += 1
        self._states[counter] = called(
            counter, f"A{self._calls:03}", seq=self._calls, until=self._now + VALID_MS
        )

    def recall(self, counter: int) -> None:
        self._now += 1
        call = self._states[counter].call
        if call:
            self._states[counter] = called(
                counter,
                call.ticket,
                seq=call.seq,
                recall=call.recall + 1,
                until=self._now + VALID_MS,
            )

    def end(self, counter: int) -> None:
        self._states[counter] = idle(counter)

    def hear(self, counter: int) -> None:
        self._known[counter] = self._states[counter]
        self._tell(self._known[counter])

    def again(self, counter: int) -> None:
        self._tell(self._known[counter])

    def said(self) -> None:
        if self._saying:
            say, self._saying = self._saying, None
            if isinstance(say, Say):
                self._mark_heard(say, Heard.YES)
            self._tell(Done(say))

    def not_said(self) -> None:
        if self._saying:
            say, self._saying = self._saying, None
            self._tell(Failed(say, "silent", Trouble.NO_ANSWER))

    def comes_back(self) -> None:
        """What was broken off is known to be, in its own time."""
        if self._broken_off:
            self._tell(Failed(self._broken_off.pop(0), "broken off", Trouble.BROKEN))

    def _mark_heard(self, say: Say | ReportAnnouncementFailed, heard: Heard) -> None:
        state = self._states[say.counter]
        if state.call and (state.call.seq, state.call.recall) == (say.call, say.recall):
            self._states[say.counter] = _heard(state, heard)

    def emergency(self) -> None:
        self._emergency = "" if self._emergency else "请有序离开"
        self.hall_again()

    def hall_again(self) -> None:
        self._told = self._emergency
        self._tell(HallState(emergency=self._emergency))

    def timer(self) -> None:
        self._tell(TimerFired("alarm"))

    def a_while(self) -> None:
        self._now += 25_000

    def alone(self) -> None:
        self._alone = True
        self._tell(Alone("the hub is silent"))

    def together(self) -> None:
        self._alone = False
        self._tell(Together())

    def power_cut(self) -> None:
        self._start()
        self.together()
        self.hall_again()

    def everything_settles(self) -> None:
        """Deliver all, say all."""
        self._emergency = ""
        self.together()
        self.hall_again()
        for counter in self._states:
            self.hear(counter)
        while self._broken_off:
            self.comes_back()
        for _ in (*self._states, "an emergency's sentence"):
            self.said()

    @property
    def heard_of_what_is_called(self) -> bool:
        """Whether every call that could still be said has been."""
        calls = [state.call for state in self._states.values() if state.call]
        return all(
            (call.seq, call.recall) in self._heard
            or call.heard is Heard.NO
            or self._now >= call.valid_until
            for call in calls
        )


def _heard(state: CounterState, heard: Heard) -> CounterState:
    call = state.call
    assert call is not None
    return called(
        state.counter,
        call.ticket,
        seq=call.seq,
        recall=call.recall,
        heard=heard,
        until=call.valid_until,
    )


def at(move: Callable[[World, int], None], counter: int) -> Callable[[World], None]:
    return lambda world: move(world, counter)


MOVES: tuple[Callable[[World], None], ...] = (
    *(
        at(move, counter)
        for counter in (1, 2, 3)
        for move in (World.call, World.recall, World.end, World.hear, World.hear, World.again)
    ),
    *(World.said, World.said, World.said, World.not_said, World.comes_back),
    World.emergency,
    World.hall_again,
    World.timer,
    World.a_while,
    World.alone,
    World.together,
    World.power_cut,
)


@settings(max_examples=80)
@given(moves=st.lists(st.sampled_from(MOVES), min_size=20, max_size=60))
def test_every_call_is_heard_at_most_once_and_in_the_end_at_least_once_or_its_clerk_is_told(
    hall: Hall, moves: list[Callable[[World], None]]
):
    world = World(hall)
    world.together()
    for move in moves:
        move(world)
    world.everything_settles()
    assert world.heard_of_what_is_called
