"""Whatever a clerk types while the hub comes and goes: acts in a legal order, shown once kept, all told before any press."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from broker.hearing import Alone, Answered, Cause, Kept, Together, Unanswered
from broker.messages import Act, DeviceCommand, Event, Heard, Phase, ReportDoneAlone, TicketHeld
from broker.settings import Hall
from firmware.caller_panel.panel import CallerPanel
from firmware.device import Event as DeviceEvent
from firmware.device import KeyPressed, LightLamp, Say, Send, Show, StartTimer, Tell, TimerFired
from tests.any_order.test_panel import READABLE
from tests.devices.among import NOW
from tests.devices.panels import called, idle, serving

KEYS = (*("next",) * 4, "recall", "serve", "close", "no_show", "undo", "hold", "prefix", "pause")
STATES = (idle(), called(), serving(), called(ticket="B002", heard=Heard.YES))
AFTER = {
    Phase.IDLE: {Act.CALLED: Phase.CALLED},
    Phase.CALLED: {Act.SERVED: Phase.SERVING, Act.CLOSED: Phase.IDLE, Act.NO_SHOW: Phase.IDLE},
    Phase.SERVING: {Act.CLOSED: Phase.IDLE},
}


class World:
    """A panel with keys to type, its board's disk, and a hub that is there now and then."""

    def __init__(self, hall: Hall, counter: int) -> None:
        self._panel = CallerPanel(hall, hall.counter[counter], types=True)
        self._number = counter
        self._alone = True
        self._writing: list[ReportDoneAlone] = []
        self._untold: list[ReportDoneAlone] = []
        self._asked: list[DeviceCommand] = []
        self._may_say = 0
        self._has = (Phase.IDLE, "")
        self._bar = ""
        self._see(self._panel.start())

    def _tell(self, event: DeviceEvent) -> None:
        self._see(self._panel.handle(event, NOW))

    def _see(self, effects: tuple[object, ...]) -> None:
        for effect in effects:
            match effect:
                case Send(command=ReportDoneAlone() as report, lives_s=None):
                    assert self._alone, "by hand only alone"
                    self._writing.append(report)
                    self._untold.append(report)
                case Send(command=command, lives_s=lives_s):
                    assert lives_s is not None, "a press goes stale"
                    assert not self._untold, "no press overtakes what was done before it"
                    assert not self._asked, "one press at a time"
                    assert not self._alone
                    self._asked.append(command)
                case Say(recall=0):
                    self._may_say -= 1
                    assert self._may_say == 0, "said once it is on the disk, once"
                case Say():
                    assert self._has[0] is Phase.CALLED, "only a call is said again"
                case Show(text=text):
                    assert READABLE.fullmatch(text), text
                    self._bar = text
                case Tell(text=text):
                    assert READABLE.fullmatch(text), text
                case StartTimer() | LightLamp():
                    pass
                case _:
                    raise AssertionError(effect)

    # --- what may happen ------------------------------------------------------------------------------------

    def press(self, key: str) -> None:
        self._tell(KeyPressed(key))

    def kept(self) -> None:
        if not self._writing:
            return
        report = self._writing.pop(0)
        phase, ticket = self._has
        assert report.act in AFTER[phase], (phase, report)
        assert phase is Phase.IDLE or report.ticket == ticket
        self._has = (AFTER[phase][report.act], report.ticket)
        self._may_say += report.act is Act.CALLED
        self._tell(Kept("panel", report))
        assert self._may_say == 0
        if report.act is Act.CALLED:
            assert self._bar == f"请{report.ticket}号到{self._number}号窗口"

    def answered(self) -> None:
        """The link lets the hub hear a device's reports in their order, each once it is answered."""
        if self._alone:
            return
        if self._untold and self._untold[0] not in self._writing:
            self._tell(Answered(self._untold.pop(0), ()))
        elif self._asked:
            events: tuple[Event, ...] = (TicketHeld(ticket="A001", counter=self._number),)
            self._tell(Answered(self._asked.pop(), events))

    def silence(self) -> None:
        if self._asked:
            self._tell(Unanswered(self._asked.pop(), "no answer in time"))

    def state(self, n: int) -> None:
        """A state comes from the hub alone, which knows what it was told."""
        if self._alone or self._untold:
            return
        state = STATES[n % len(STATES)]
        state = type(state)(
            counter=self._number,
            status=state.status,
            phase=state.phase,
            ticket=state.ticket,
            call=state.call,
        )
        self._has = (state.phase, state.ticket)
        self._tell(state)

    def alone(self, cause: Cause) -> None:
        self._alone = True
        self._tell(Alone("gone", cause))

    def together(self) -> None:
        self._alone = False
        self._tell(Together())

    def heals(self) -> bool:
        """Whether the next press is asked, once the hub is back, all is kept and all is answered."""
        self.together()
        while self._writing:
            self.kept()
        self.silence()
        while self._untold or self._asked:
            self.answered()
        self.state(STATES.index(serving()))
        assert self._bar == "A001号 正在办理", "the hub's word counts again"
        self.state(0)
        self.press("next")
        return bool(self._asked)


def pressing(key: str) -> Callable[[World], None]:
    return lambda world: world.press(key)


def showing(n: int) -> Callable[[World], None]:
    return lambda world: world.state(n)


def leaving(cause: Cause) -> Callable[[World], None]:
    return lambda world: world.alone(cause)


MOVES: tuple[Callable[[World], None], ...] = (
    *(pressing(key) for key in (*KEYS, "1", "2", "7")),
    *(pressing(str(n)) for n in range(3)),
    *(showing(n) for n in range(len(STATES))),
    *(leaving(cause) for cause in Cause),
    *(World.kept,) * 8,
    *(World.answered,) * 3,
    lambda world: world._tell(TimerFired("message")),
    World.silence,
    World.together,
)


@settings(max_examples=150)
@given(
    counter=st.sampled_from([1, 3]),
    moves=st.lists(st.sampled_from(MOVES), min_size=20, max_size=80),
)
def test_whatever_is_typed_while_the_hub_comes_and_goes(
    hall: Hall, counter: int, moves: list[Callable[[World], None]]
):
    world = World(hall, counter)
    for move in moves:
        move(world)
    assert world.heals()
