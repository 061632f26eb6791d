"""All pages of the hall display, by its real thinking: from counters that just opened to a whole hall that is busy."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from broker.hearing import Alone, Together
from broker.messages import (
    Call,
    CounterState,
    CounterStatus,
    HallState,
    Heard,
    Phase,
    QueueState,
    ServiceState,
)
from broker.settings import Hall
from firmware.device import Draw, Event
from firmware.hal.screen import HallPage, PygameScreenSettings
from firmware.hall_display.display import HallDisplay
from tests.pictures.halls import AT, HALLS
from tests.pictures.kiosk_ways import EXIT, missed_of, queue_of
from tests.pictures.shot import Shot

__all__ = ["displays", "of_counter"]

SIZES = ((1920, 1080), (1080, 1920), (3840, 2160))
NOTICE = "今日下午系统维护，17:00后暂停办理，请合理安排时间"


def displays() -> Iterator[Shot]:
    for hall_name, hall in HALLS.items():
        for state, way in _ways(hall).items():
            for width, height in SIZES:
                # As large as they hang there.
                settings = PygameScreenSettings(width=width, height=height, diagonal_in=55)
                page = _page(hall, way)
                yield Shot("hall_display", f"{hall_name}-{state}", page, settings)


def of_counter(hall: Hall, n: int, busy: int) -> CounterState:
    """The n-th of the hall's counters: it calls (0), serves (1, 2), pauses (3), or waits for a visitor."""
    number, long = hall.counters[n].number, hall.rules.number_digits == 4
    ticket = f"{'ABCD'[n % 4]}{1003 + 211 * n % 8000 if long else 14 + n:03}"
    seen = CounterState(counter=number, status=CounterStatus.OPEN, clerk=hall.counters[n].clerk)
    match busy:
        case 0:
            call = Call(
                seq=100 - n,
                ticket=ticket,
                recall=0,
                valid_until=AT + (hall.rules.call_valid_s - n) * 1000,
                heard=Heard.PENDING,
            )
            return replace(seen, phase=Phase.CALLED, ticket=ticket, service="pension", call=call)
        case 1 | 2:
            return replace(seen, phase=Phase.SERVING, ticket=ticket, service="pension")
        case 3:
            return replace(
                seen,
                status=CounterStatus.PAUSED,
                pause_reason="午休",
                pause_until=AT + 1_800_000,
            )
        case _:
            return seen


def _ways(hall: Hall) -> dict[str, tuple[Event, ...]]:
    long = hall.rules.number_digits == 4
    queue = queue_of(hall, most=999 if long else 12, missed=missed_of(hall))
    counters = tuple(of_counter(hall, n, n % 5) for n in range(len(hall.counters)))
    idle = tuple(
        CounterState(counter=one.number, status=CounterStatus.OPEN) for one in hall.counters
    )
    over = QueueState(services={one.id: ServiceState(sent_home=True) for one in hall.services})
    return {
        "starting": (),
        "idle": (Together(), queue, *idle),
        "busy": (Together(), queue, *counters),
        "notice": (Together(), queue, *counters, HallState(notice=NOTICE, since=AT)),
        "sent-home": (Together(), over, *idle),
        "old": (Together(), queue, *counters, Alone("the hub is silent")),
        "emergency": (Together(), queue, *counters, HallState(emergency=EXIT, since=AT)),
    }


def _page(hall: Hall, way: tuple[Event, ...]) -> HallPage:
    display = HallDisplay(hall, tuple(one.number for one in hall.counters))
    effects = [*display.start()]
    for event in way:
        effects += display.handle(event, AT)
    pages = [effect.page for effect in effects if isinstance(effect, Draw)]
    assert isinstance(pages[-1], HallPage)
    return pages[-1]
