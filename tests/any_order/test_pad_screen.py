"""Whatever is touched on a pad's screen and whenever: one rating, one answer why, and a glass that betrays neither."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from broker.hearing import Answered, Kept
from broker.messages import CounterState, GiveReasons, HallState, Level, Rate, RatingAsk
from broker.settings import Hall
from firmware.device import Draw, Effect, Event, KeyPressed, Prompt, Send, TimerFired
from firmware.hal.screen import PadPage
from firmware.rating_pad.pad import RatingPad
from firmware.rating_pad.pages import PadPages
from tests.devices.among import NOW

CORRECT_MS = 3_000


class World:
    """A counter with a pad: services that end, visitors who touch what stands on the glass, a link that may be slow, time."""

    def __init__(self, hall: Hall) -> None:
        self._hall, self._now, self._served = hall, NOW, 0
        self._state = CounterState(counter=3)
        self._on_the_way: list[Rate] = []
        self._start()

    def _start(self) -> None:
        self._rated: dict[str, Rate] = {}
        self._first: dict[str, int] = {}
        self._why: set[str] = set()
        pages = PadPages(self._hall, self._hall.counter[3])
        self._pad = RatingPad(self._hall.phrases, 3, CORRECT_MS / 1000, pages=pages, speaks=True)
        self._page: PadPage | None = None
        self._take(self._pad.start())

    def _tell(self, event: Event) -> None:
        self._take(self._pad.handle(event, self._now))

    def _take(self, effects: tuple[Effect, ...]) -> None:
        for effect in effects:
            match effect:
                case Draw(page=PadPage() as page):
                    assert not any(face.chosen for face in page.faces), "nobody sees which it was"
                    assert page.faces or "满意" not in page.large + page.small
                    self._page = page
                case Prompt(text=text):
                    assert text in ("", "请您对本次服务作出评价"), "neutral, or silent"
                case Send(command=Rate() as rate, lives_s=None):
                    self._take_rate(rate)
                case Send(command=GiveReasons() as why, lives_s=None):
                    assert why.ticket in self._rated, "reasons of nothing"
                    assert why.ticket not in self._why, "one rating has one answer"
                    self._why.add(why.ticket)
                case Send():
                    raise AssertionError(effect)
                case _:
                    pass

    def _take_rate(self, rate: Rate) -> None:
        before = self._rated.get(rate.ticket)
        if before is None:
            self._first[rate.ticket] = rate.pressed_at
            assert rate.pressed_at == self._now
        else:
            assert rate.level is not before.level, "twice the same"
            in_time = self._first[rate.ticket] + CORRECT_MS
            assert before.pressed_at <= rate.pressed_at <= in_time, "the hub would refuse it"
        self._rated[rate.ticket] = rate
        self._on_the_way.append(rate)

    # --- what may happen --------------------------------------------------------------------------

    def service_ends(self) -> None:
        self._served += 1
        ask = RatingAsk(day="2026-11-23", ticket=f"A{self._served:03}", until=self._now + 20_000)
        self._state = CounterState(counter=3, rating=ask)
        self._tell(self._state)

    def touch(self, number: int) -> None:
        """A finger on what stands there, of which it knows nothing else."""
        page = self._page
        assert page is not None
        keys = [one.key for one in (*page.faces, *page.tags, *page.foot) if one.label]
        if keys:
            self._tell(KeyPressed(keys[number % len(keys)]))

    def touch_late(self, key: str) -> None:
        """A finger on what stood there a moment before."""
        self._tell(KeyPressed(key))

    def kept(self) -> None:
        for rate in self._on_the_way:
            self._tell(Kept("pad-3", rate))

    def answers_come(self) -> None:
        for rate in self._on_the_way:
            ask = self._state.rating
            if ask and ask.ticket == rate.ticket:
                done = RatingAsk(day=ask.day, ticket=ask.ticket, until=ask.until, done=True)
                self._state = CounterState(counter=3, rating=done)
            self._tell(self._state)
            self._tell(Answered(rate, ()))
        self._on_the_way.clear()

    def a_moment(self) -> None:
        self._now += 700

    def a_while(self) -> None:
        self._now += 9_000

    def timer(self, name: str) -> None:
        self._tell(TimerFired(name))

    def emergency(self, text: str) -> None:
        self._tell(HallState(emergency=text))

    @property
    def asks_the_next(self) -> bool:
        self.emergency("")
        self.service_ends()
        assert self._page is not None
        faces = [face.key for face in self._page.faces]
        self._tell(KeyPressed(Level.SATISFIED.value))
        return faces == [level.value for level in Level] and f"A{self._served:03}" in self._rated


def doing(move: Callable[[World, str], None], what: str) -> Callable[[World], None]:
    return lambda world: move(world, what)


def touching(number: int) -> Callable[[World], None]:
    return lambda world: world.touch(number)


MOVES: tuple[Callable[[World], None], ...] = (
    *(touching(number) for number in range(10)),
    *(doing(World.touch_late, key) for key in ("correct", "done", "satisfied", "reason:wait")),
    *(doing(World.timer, name) for name in ("lamp", "correct", "page")),
    *(doing(World.emergency, text) for text in ("请有序离开", "")),
    *(World.service_ends, World.service_ends),
    *(World.kept, World.kept, World.kept, World.answers_come),
    *(World.a_moment, World.a_moment, World.a_while),
)


@settings(max_examples=120)
@given(moves=st.lists(st.sampled_from(MOVES), min_size=10, max_size=60))
def test_a_service_has_one_rating_and_one_answer_and_the_next_visitor_is_always_asked(
    hall: Hall, moves: list[Callable[[World], None]]
):
    world = World(hall)
    for move in moves:
        move(world)
    assert world.asks_the_next
