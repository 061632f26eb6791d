"""Whatever visitors press and whenever, a service has one rating, of its own visitor, within its own time."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from broker.hearing import Answered, Kept
from broker.messages import CounterState, HallState, Level, Rate, RatingAsk
from broker.phrases import Phrases
from firmware.device import Event, KeyPressed, LightLamp, Send, StartTimer, Tell, TimerFired
from firmware.hal.lamps import Light
from firmware.rating_pad.pad import RatingPad
from tests.devices.among import NOW

CORRECT_MS = 3_000


class World:
    """A counter with a pad: services that end, visitors, a link that may be slow, power cuts, time."""

    def __init__(self) -> None:
        self._now, self._served = NOW, 0
        self._state = CounterState(counter=1)
        self._on_the_way: list[Rate] = []
        self._start()

    def _start(self) -> None:
        self._rated: dict[str, Rate] = {}
        self._last: dict[str, Level] = {}
        self._pad = RatingPad(Phrases(), 1, CORRECT_MS / 1000)
        self._pad.start()
        self._is_quiet = False

    def _tell(self, event: Event) -> None:
        for effect in self._pad.handle(event, self._now):
            match effect:
                case Send(command=Rate() as rate, lives_s=None):
                    self._take(rate)
                case LightLamp(lamp=lamp, light=light):
                    assert lamp == "remind", "a rating has no lamp of its own"
                    assert light is Light.OFF or not self._is_quiet, "quiet in an emergency"
                case Tell(text=text):
                    assert "满意" not in text, "nobody reads which key it was"
                case StartTimer():
                    pass
                case _:
                    raise AssertionError(effect)

    def _take(self, rate: Rate) -> None:
        ask = self._state.rating
        assert ask is not None, "nobody asked"
        assert (rate.day, rate.ticket) == (ask.day, ask.ticket), "another visitor's rating"
        assert rate.pressed_at == self._now
        first = self._rated.setdefault(rate.ticket, rate)
        if first is rate:
            assert self._now < ask.until, "the time is over"
            assert not ask.done, "it is rated already"
        else:
            assert self._now - first.pressed_at <= CORRECT_MS, "one service has one rating"
            assert rate.level is not self._last[rate.ticket], "twice the same"
        self._last[rate.ticket] = rate.level
        self._on_the_way.append(rate)

    # --- what may happen --------------------------------------------------------------------------

    def service_ends(self) -> None:
        self._served += 1
        ask = RatingAsk(day="2026-11-23", ticket=f"A{self._served:03}", until=self._now + 20_000)
        self._state = CounterState(counter=1, rating=ask)
        self.state_again()

    def state_again(self) -> None:
        self._tell(self._state)

    def lapses(self) -> None:
        ask = self._state.rating
        if ask and not ask.done and self._now >= ask.until:
            self._state = CounterState(counter=1)
            self.state_again()

    def press(self, level: Level) -> None:
        self._tell(KeyPressed(level.value))

    def kept(self) -> None:
        for rate in self._on_the_way:
            self._tell(Kept("pad-1", rate))

    def answers_come(self) -> None:
        for rate in self._on_the_way:
            ask = self._state.rating
            if ask and ask.ticket == rate.ticket:
                done = RatingAsk(day=ask.day, ticket=ask.ticket, until=ask.until, done=True)
                self._state = CounterState(counter=1, rating=done)
            self.state_again()
            self._tell(Answered(rate, ()))
        self._on_the_way.clear()

    def a_moment(self) -> None:
        self._now += 900

    def a_while(self) -> None:
        self._now += 8_000

    def timer(self) -> None:
        self._tell(TimerFired("lamp"))

    def emergency(self) -> None:
        self._is_quiet = not self._is_quiet
        self._tell(HallState(emergency="请有序离开" if self._is_quiet else ""))

    def power_cut(self) -> None:
        self._start()
        self.state_again()

    @property
    def asks_somebody(self) -> bool:
        before = len(self._on_the_way)
        self.service_ends()
        self.press(Level.SATISFIED)
        return len(self._on_the_way) == before + 1


def pressing(level: Level) -> Callable[[World], None]:
    return lambda world: world.press(level)


MOVES: tuple[Callable[[World], None], ...] = (
    *(pressing(level) for level in Level),
    World.service_ends,
    World.service_ends,
    World.state_again,
    World.lapses,
    World.kept,
    World.answers_come,
    World.a_moment,
    World.a_moment,
    World.a_while,
    World.timer,
    World.emergency,
    World.power_cut,
)


@settings(max_examples=80)
@given(moves=st.lists(st.sampled_from(MOVES), min_size=10, max_size=50))
def test_a_service_has_one_rating_and_the_next_visitor_is_always_asked(
    moves: list[Callable[[World], None]],
):
    world = World()
    for move in moves:
        move(world)
    assert world.asks_somebody
