"""All pages of the display over a counter, by its real thinking: whom it calls, who sits there, where to go while it rests."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from broker.hearing import Alone, Together
from broker.messages import CounterState, CounterStatus, HallState
from broker.settings import Clerk, Hall
from firmware.counter_display.display import CounterDisplay
from firmware.device import Draw, Event, TimerFired
from firmware.hal.screen import CounterPage, PygameScreenSettings
from tests.pictures.displays import of_counter
from tests.pictures.halls import AT, HALLS
from tests.pictures.kiosk_ways import EXIT
from tests.pictures.shot import Shot

__all__ = ["counters"]

SIZES = ((1024, 600), (800, 480), (1280, 400), (480, 800), (600, 1024))
LONG = Clerk(
    id="10999",
    name="欧阳慕容雪晴",
    post="工程建设项目审批综合受理首席代表",
    promise="一次告知、限时办结，材料齐全当场受理，手续不全耐心说明",
)


def counters() -> Iterator[Shot]:
    for hall_name, hall in HALLS.items():
        shown = replace(hall, clerks=(LONG,)) if hall_name == "hard" else hall
        for state, way in _ways(shown).items():
            page = _page(shown, way)
            for width, height in SIZES:
                settings = PygameScreenSettings(width=width, height=height)
                yield Shot("counter_display", f"{hall_name}-{state}", page, settings)


def _ways(hall: Hall) -> dict[str, tuple[Event, ...]]:
    clerk = LONG.id if LONG in hall.clerks else hall.clerks[0].id
    called, serving, paused, idle = (
        replace(of_counter(hall, 0, busy), clerk=clerk) for busy in (0, 1, 3, 4)
    )
    others = tuple(
        CounterState(counter=one.number, status=CounterStatus.OPEN) for one in hall.counters[1:]
    )
    return {
        "starting": (),
        "closed": (Together(), CounterState(counter=idle.counter)),
        "free": (Together(), idle),
        "called": (Together(), called),
        "serving": (Together(), serving),
        "serving-turned": (Together(), serving, TimerFired("turn")),
        "serving-item": (Together(), replace(serving, item="pension-claim")),
        "paused": (Together(), paused),
        "paused-others-open": (Together(), *others, paused),
        "old": (Together(), serving, Alone("the hub is silent")),
        "emergency": (Together(), called, HallState(emergency=EXIT, since=AT)),
    }


def _page(hall: Hall, way: tuple[Event, ...]) -> CounterPage:
    display = CounterDisplay(hall, hall.counters[0])
    effects = [*display.start()]
    for event in way:
        effects += display.handle(event, AT)
    pages = [effect.page for effect in effects if isinstance(effect, Draw)]
    assert isinstance(pages[-1], CounterPage)
    return pages[-1]
