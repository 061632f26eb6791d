"""All pages of the ticket kiosk, by its real thinking: each state in each manner and language, every screen of it."""

from __future__ import annotations

from collections.abc import Iterator

from broker.phrases import Language
from firmware.device import KeyPressed
from firmware.hal.screen import KioskPage, Manner
from firmware.ticket_kiosk.keys import LANGUAGE, LARGE, LOW, NEXT
from tests.looks.kiosk_samples import SCREENS
from tests.pictures.halls import HALLS
from tests.pictures.kiosk_ways import ways
from tests.pictures.shot import Shot
from tests.pictures.visitor import NoWay, Step, Visitor

__all__ = ["kiosks", "pages"]

INTO: dict[Manner, tuple[Step, ...]] = {
    Manner.USUAL: (),
    Manner.LARGE: (LARGE,),
    Manner.LOW: (LOW,),
    Manner.HEARD: (KeyPressed(NEXT),),
}
LANGUAGES: dict[Language, tuple[Step, ...]] = {
    Language.CHINESE: (),
    Language.ENGLISH: (LANGUAGE,),
}


def kiosks() -> Iterator[Shot]:
    for name, page in pages():
        for settings in SCREENS.values():
            yield Shot("ticket_kiosk", name, page, settings)


def pages() -> Iterator[tuple[str, KioskPage]]:
    """A page that has several screens is there with each: the second is named `…-2`."""
    for hall_name, hall in HALLS.items():
        for manner, enters in INTO.items():
            for language, turns in LANGUAGES.items():
                for state, way in ways(hall).items():
                    name = f"{hall_name}-{manner}-{language}-{state}"
                    visitor = Visitor(hall)
                    try:
                        visitor.goes(*turns, *enters, *way)
                    except NoWay:
                        continue
                    yield from _screens(name, visitor)
    yield "sample-usual-zh-starting", Visitor(HALLS["sample"], connected=False).page


def _screens(name: str, visitor: Visitor) -> Iterator[tuple[str, KioskPage]]:
    yield name, visitor.page
    # Who listens comes to what is on the next screen key by key.
    screen = 2
    while visitor.page.manner is not Manner.HEARD and visitor.touches_on():
        yield f"{name}-{screen}", visitor.page
        screen += 1
