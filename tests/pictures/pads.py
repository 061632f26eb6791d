"""All pages of the rating pad with a screen, by its real thinking; none of them tells which face was touched."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from broker.hearing import Kept
from broker.messages import CounterState, HallState, RatingAsk
from broker.settings import Hall, RatingReason
from firmware.device import Draw, Event, KeyPressed, Send, TimerFired
from firmware.hal.screen import PadPage, PygameScreenSettings
from firmware.rating_pad.pad import RatingPad
from firmware.rating_pad.pages import PadPages
from tests.pictures.halls import AT, HALLS
from tests.pictures.kiosk_ways import EXIT
from tests.pictures.shot import Shot

__all__ = ["pads"]

SIZES = ((800, 480), (1024, 600), (480, 800))
ASKED = RatingAsk(day="2026-11-30", ticket="A1017", until=AT + 20_000, done=False)
REASONS = tuple(
    RatingReason(id=f"r{n}", name="窗口服务态度意见", english="Attitude of the clerk")
    for n in range(8)
)
GOOD = KeyPressed("satisfied")


def pads() -> Iterator[Shot]:
    for hall_name, hall in HALLS.items():
        hard = hall_name == "hard"
        shown = replace(hall, rating_reasons=REASONS) if hard else hall
        for state, page in _pages(shown, 140 if hard else 3).items():
            for width, height in SIZES:
                settings = PygameScreenSettings(width=width, height=height)
                yield Shot("rating_pad", f"{hall_name}-{state}", page, settings)


def _pages(hall: Hall, number: int) -> dict[str, PadPage]:
    asks = CounterState(counter=number, rating=ASKED)
    asked, rated = (asks,), (asks, GOOD)
    reason = KeyPressed(f"reason:{hall.rating_reasons[1].id}")
    ways: dict[str, tuple[Event, ...]] = {
        "idle": (),
        "faces": asked,
        "thanks": rated,
        "reason": (*rated, reason),
        "correction-over": (*rated, reason, TimerFired("correct")),
        "again": (*rated, KeyPressed("correct")),
        "emergency": (*asked, HallState(emergency=EXIT, since=AT)),
    }
    return {state: _page(hall, number, way) for state, way in ways.items()}


def _page(hall: Hall, number: int, way: tuple[Event, ...]) -> PadPage:
    """What is sent is on the disk at once."""
    pages = PadPages(hall, hall.counter[number])
    pad = RatingPad(hall.phrases, number, hall.rules.rating_correct_s, pages=pages)
    shown, waits = pages.idle(), [*way]
    effects = list(pad.start())
    while effects or waits:
        if not effects:
            effects += pad.handle(waits.pop(0), AT)
            continue
        match effects.pop(0):
            case Draw(page=PadPage() as page):
                shown = page
            case Send(command=command):
                effects += pad.handle(Kept("pad-1", command), AT)
            case _:
                pass
    return shown
