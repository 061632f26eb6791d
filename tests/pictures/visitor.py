"""Who stands before the kiosk: touches its keys, and lets its printer and the hub answer when it is told to."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from broker.hearing import Answered, Together, Unanswered
from broker.messages import DeviceCommand
from broker.messages import Event as Written
from broker.settings import Hall
from firmware.device import (
    CheckPrinter,
    Done,
    Draw,
    Effect,
    Event,
    Failed,
    KeyPressed,
    Print,
    PrintNotice,
    PrintTest,
    Send,
)
from firmware.hal import Trouble
from firmware.hal.screen import KioskPage, Manner
from firmware.ticket_kiosk.keys import LESS, MORE, NEXT
from firmware.ticket_kiosk.kiosk import TicketKiosk
from tests.devices.kiosks import KIOSK, WELL
from tests.pictures.halls import AT

__all__ = ["NoWay", "Step", "Visitor"]

Paper = CheckPrinter | Print | PrintNotice | PrintTest
Step = str | Event | Callable[["Visitor"], None]
"""A key to touch (`?key`: if it stands there), something that happens, or what the visitor waits for."""


class NoWay(LookupError):
    """The key stands on no screen of the page: this hall, or this manner, has no such way."""


class Visitor:
    """`page` is what they see."""

    def __init__(self, hall: Hall, *, connected: bool = True) -> None:
        self._kiosk = TicketKiosk(hall, KIOSK)
        self._papers: deque[Paper] = deque()
        self._asked: deque[DeviceCommand] = deque()
        self.page = KioskPage("")
        self._look(self._kiosk.start())
        if connected:
            self.goes(Together(), WELL)

    def goes(self, *steps: Step) -> KioskPage:
        """Step by step; the last page. Raises NoWay."""
        for step in steps:
            if isinstance(step, str):
                self._touches(step)
            elif callable(step):
                step(self)
            else:
                self.hears(step)
        return self.page

    def hears(self, event: Event) -> None:
        self._look(self._kiosk.handle(event, AT))

    def touches_on(self) -> bool:
        """To the next screen of the page, if it has one."""
        on = self._finds(MORE)
        if on:
            self.hears(KeyPressed(MORE))
        return on

    def has_paper(self) -> None:
        """The printer has done what it was asked for."""
        self.hears(Done(self._papers.popleft()))

    def has_no_paper(self) -> None:
        self.hears(Failed(self._papers.popleft(), "The paper is jammed.", Trouble.JAM))

    def is_told(self, *events: Written) -> None:
        """The hub answers."""
        self.hears(Answered(self._asked.popleft(), events))

    def is_told_nothing(self) -> None:
        self.hears(Unanswered(self._asked.popleft(), "the hub is silent", ""))

    def _look(self, effects: tuple[Effect, ...]) -> None:
        for effect in effects:
            match effect:
                case Draw(page=KioskPage() as page):
                    self.page = page
                case CheckPrinter() | Print() | PrintNotice() | PrintTest():
                    self._papers.append(effect)
                case Send(command=command, lives_s=lives_s) if lives_s is not None:
                    self._asked.append(command)
                case _:
                    pass

    def _touches(self, key: str) -> None:
        wanted, title = key.removeprefix("?"), self.page.title
        if self._is_found(wanted):
            self.hears(KeyPressed(wanted))
        elif key == wanted:
            raise NoWay(f"{wanted} stands on no screen of {title!r}")

    def _is_found(self, key: str) -> bool:
        """Turn to the screen where it stands; to the first one, where it stands on none."""
        while not self._finds(key):
            if not self.touches_on():
                while self._finds(LESS):
                    self.hears(KeyPressed(LESS))
                return False
        return True

    def _finds(self, key: str) -> bool:
        """See whether it stands there; or feel for it, from key to key, where the page is led by the voice."""
        if self.page.manner is not Manner.HEARD:
            return any(one.key == key and one.enabled for one in (*self.page.keys, *self.page.foot))
        first = self.page.at
        while self.page.at != key:
            self.hears(KeyPressed(NEXT))
            if self.page.at == first:
                return False
        return True
