"""What stands on the kiosk's screen now: a page about the visitor's wish, the keys, or why there are none; it decides nothing."""

from __future__ import annotations

from dataclasses import replace

from broker.hearing import Cause
from broker.messages import QueueState
from broker.settings import Hall
from firmware.device import Draw, LightLamp, StartTimer
from firmware.hal import Health
from firmware.hal.screen import KioskPage, Tone
from firmware.ticket_kiosk.lent import Lent
from firmware.ticket_kiosk.pages import ELDERLY, KioskPages
from firmware.ticket_kiosk.roll import RollChange
from firmware.ticket_kiosk.sentences import CHANGING, CUT_OFF, STARTING, why_stopped
from firmware.ticket_kiosk.tower import Tower

__all__ = ["HOME_AFTER_S", "SORRY_S", "TAKEN_S", "Face"]

HOME_AFTER_S = 60.0
TAKEN_S = 12.0
SORRY_S = 8.0


class Face:
    """`special` is the page about a wish; `alone` is why the hub cannot be asked, None while it can.

    While it is `starting` the hub may come yet, and nothing is offered; `now` is the hub's time. `green` and `person`
    are the next ticket's priority class and the keyed hash of whose it is, both empty for most.
    """

    def __init__(self, hall: Hall, lent: Lent, roll: RollChange) -> None:
        self.pages, self._lent, self._roll = KioskPages(hall), lent, roll
        self.now = 0
        self.starting = True
        self.alone: Cause | None = Cause.LINE
        self.printer: Health | None = None
        self.queue: QueueState | None = None
        self.green = self.person = ""
        self.special: KioskPage | None = None
        self._tower = Tower()

    @property
    def known(self) -> QueueState | None:
        """Which services can be had, as the hub said last, or as what was lent allows."""
        return self.queue if self.alone is None else self._lent.state(self.now)

    @property
    def stopped(self) -> str:
        """Why no ticket can be had, as the visitor reads it; empty while one can."""
        if self._roll.is_on:
            return CHANGING
        if self.starting:
            return STARTING
        if self.alone is not None and not self._lent.lends(self.now):
            return CUT_OFF
        return why_stopped(self.printer)

    def tell(
        self, page: KioskPage | None, seconds: float
    ) -> tuple[Draw | LightLamp | StartTimer, ...]:
        """A page about a wish (None: the keys) for so long, then home; 0 is until something else happens."""
        self.special = page
        return (StartTimer("home", seconds), *self.draw())

    def forget_visitor(self) -> None:
        self.green = self.person = ""

    def draw(self) -> tuple[Draw | LightLamp, ...]:
        self.pages.alone = None if self.starting else self.alone
        self.pages.printer = self.printer
        troubles = self.printer.troubles if self.printer else ()
        lights = self._tower.lights(
            stopped=bool(self.stopped), soon=bool(troubles or self.alone is not None)
        )
        return (Draw(self._page()), *lights)

    def _page(self) -> KioskPage:
        if self._roll.is_on:
            return self._roll.page()
        special, stopped = self.special, self.stopped
        if special is not None and special.tone is not Tone.GOOD:
            # While the kiosk has stopped, no key of its pages would do anything.
            return replace(special, keys=()) if stopped else special
        if stopped:
            return self.pages.stopped(stopped)
        if special is not None:
            # The next visitor may touch at once, and reads how many wait now.
            keys = self.pages.keys(self.known, green="")
            return replace(special, keys=keys, notice=self.pages.for_staff)
        carded = bool(self.person) or self.green == ELDERLY
        return self.pages.home(self.known, green=self.green, carded=carded)
