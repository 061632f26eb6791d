"""Whatever a clerk presses and a hub answers, in any order: one press at a time, and words a clerk can read."""

from __future__ import annotations

import re
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from broker.hearing import Alone, Answered, Kept, Together, Unanswered
from broker.messages import (
    CallForHelp,
    CommandRefused,
    CounterState,
    DeviceCommand,
    Heard,
    Refusal,
    Rule,
    TicketHeld,
)
from broker.settings import Hall
from firmware.caller_panel.panel import CallerPanel
from firmware.device import (
    Event,
    KeyPressed,
    LightLamp,
    Send,
    Show,
    StartTimer,
    Tell,
    TimerFired,
)
from tests.devices.among import NOW
from tests.devices.panels import called, idle, paused, serving, waiting

KEYS = (
    *("next", "recall", "serve", "close", "no_show", "undo", "hold", "hold:any"),
    *("pause", "pause:lunch", "pause:", "transfer:card", "transfer:2", "help", "?"),
)
STATES: tuple[Event, ...] = (
    CounterState(counter=1),
    idle(),
    CounterState(counter=1, help_since=NOW),
    idle(own=2, held=("A001",)),
    *(called(rule=rule, undo_until=NOW + 5000) for rule in Rule),
    called(recall=1, heard=Heard.NO),
    serving(),
    paused(reason="午休"),
    paused(reason="取件", until=NOW),
    waiting(card=3),
)
READABLE = re.compile(r"[一-鿿、 0-9A-Z:]+·{0,2}")


class World:
    """A panel's world: the link's answers, in the order that a link gives them."""

    def __init__(self, hall: Hall) -> None:
        self._panel = CallerPanel(hall, hall.counter[1])
        self._panel.start()
        self._alone = True
        self._asked: list[DeviceCommand] = []
        self._refused: list[CommandRefused] = []
        self._called: list[CallForHelp] = []

    def tell(self, event: Event) -> None:
        for effect in self._panel.handle(event, NOW):
            match effect:
                case Send(command=CallForHelp() as call, lives_s=lives_s):
                    assert lives_s is None, "a call for help never goes stale"
                    assert not self._called, "one call for help at a time"
                    self._called.append(call)
                case Send(command=command, lives_s=lives_s):
                    assert lives_s is not None, "a press goes stale"
                    self._send(command)
                case Show(text=text) | Tell(text=text):
                    assert READABLE.fullmatch(text), text
                case StartTimer() | LightLamp():
                    pass
                case _:
                    raise AssertionError(effect)

    def _send(self, command: DeviceCommand) -> None:
        assert not self._asked, "one press at a time"
        if self._alone:
            self.tell(Unanswered(command, "the hub is silent"))
        else:
            self._asked.append(command)

    def press(self, key: str) -> None:
        self.tell(KeyPressed(key))

    def answer(self) -> None:
        if self._asked:
            held = TicketHeld(ticket="A001", counter=1)
            self.tell(Answered(self._asked.pop(), (held,)))

    def refuse(self) -> None:
        if self._asked:
            code = list(Refusal)[len(self._refused) % len(Refusal)]
            self._refused.append(refused := CommandRefused(code=code, reason="busy"))
            self.tell(Answered(self._asked.pop(), (refused,)))

    def silence(self) -> None:
        if self._asked:
            self.tell(Unanswered(self._asked.pop(), "no answer in time"))

    def keep(self) -> None:
        for call in self._called:
            self.tell(Kept("panel-1", call))

    def answer_help(self) -> None:
        if self._called:
            refused = CommandRefused(code=Refusal.ALREADY_SO, reason="it is open")
            self.tell(Answered(self._called.pop(), (refused,)))

    def alone(self) -> None:
        self._alone = True
        self.tell(Alone("the hub is silent"))

    def together(self) -> None:
        self._alone = False
        self.tell(Together())

    def takes_a_press(self) -> bool:
        self.press("next")
        return bool(self._asked)

    def takes_a_call_for_help(self) -> bool:
        self.press("help")
        return bool(self._called)


def pressing(key: str) -> Callable[[World], None]:
    return lambda world: world.press(key)


def hearing(event: Event) -> Callable[[World], None]:
    return lambda world: world.tell(event)


MOVES: tuple[Callable[[World], None], ...] = (
    *(pressing(key) for key in KEYS),
    *(hearing(state) for state in STATES),
    hearing(TimerFired("message")),
    hearing(TimerFired("undo")),
    World.answer,
    World.answer,
    World.refuse,
    World.silence,
    World.keep,
    World.answer_help,
    World.alone,
    World.together,
    World.together,
)


@settings(max_examples=80)
@given(moves=st.lists(st.sampled_from(MOVES), min_size=10, max_size=40))
def test_a_clerk_has_one_press_under_way_and_is_never_locked_out(
    hall: Hall, moves: list[Callable[[World], None]]
):
    world = World(hall)
    for move in moves:
        move(world)
    world.together()
    world.silence()
    assert world.takes_a_press()
    assert world.takes_a_call_for_help()
