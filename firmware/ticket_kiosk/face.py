"""What stands on the kiosk's screen now and what its voice says of it: a page about a wish, one of the visitor's, or why there are none."""

from __future__ import annotations

from dataclasses import replace

from broker.hearing import Cause
from broker.messages import QueueState
from broker.phrases import Language
from broker.settings import Hall
from firmware.device import Draw, LightLamp, Print, Prompt, StartTimer
from firmware.hal import Health
from firmware.hal.screen import KioskPage, Manner, Tone
from firmware.ticket_kiosk import frame, speech
from firmware.ticket_kiosk.countdown import Countdown
from firmware.ticket_kiosk.frame import Shown
from firmware.ticket_kiosk.home_page import home_keys
from firmware.ticket_kiosk.lent import Lent
from firmware.ticket_kiosk.pages import KioskPages
from firmware.ticket_kiosk.paging import CHOICES, Sheet
from firmware.ticket_kiosk.places import place
from firmware.ticket_kiosk.roll import RollChange
from firmware.ticket_kiosk.tower import Tower
from firmware.ticket_kiosk.view import View
from firmware.ticket_kiosk.visit import Visit
from firmware.ticket_kiosk.words import Words

__all__ = ["HOME_AFTER_S", "SORRY_S", "TAKEN_S", "Face"]

HOME_AFTER_S = 60.0
TAKEN_S = 12.0
SORRY_S = 8.0
SHOWN_S, SHOWN_LONG_S = 20, 30
LONGER = 2
"""Who reads large type or listens has so many times longer."""

Drawn = tuple[Draw | LightLamp | Prompt, ...]
Told = tuple[Draw | LightLamp | Prompt | StartTimer, ...]


class Face:
    """`special` is the page about a wish; `alone` is why the hub cannot be asked, None while it can.

    While it is `starting` the hub may come yet, and nothing is offered; `now` is the hub's time. An `emergency`'s
    sentence goes over everything. `shown` is what stands there; only its keys may be touched.
    """

    def __init__(self, hall: Hall, lent: Lent, roll: RollChange) -> None:
        self._hall, self._lent, self._roll = hall, lent, roll
        self._words = {language: Words(hall, language) for language in Language}
        self.now = 0
        self.starting = True
        self.alone: Cause | None = Cause.LINE
        self.printer: Health | None = None
        self.queue: QueueState | None = None
        self.emergency = ""
        self.guide_called = False
        self.visit = Visit()
        self.special: KioskPage | None = None
        self._taken: Print | None = None
        self.shown = Shown(KioskPage(""), ())
        self._countdown = Countdown()
        self._tower = Tower()
        self._spoken: tuple[object, ...] = ()

    @property
    def known(self) -> QueueState | None:
        """Which services can be had, as the hub said last, or as what was lent allows."""
        return self.queue if self.alone is None else self._lent.state(self.now)

    @property
    def words(self) -> Words:
        return self._words[self.visit.language]

    @property
    def view(self) -> View:
        return View(
            hall=self._hall,
            words=self.words,
            manner=self.visit.manner,
            queue=self.known,
            alone=None if self.starting else self.alone,
            printer=self.printer,
            now=self.now,
            guide_called=self.guide_called,
        )

    @property
    def pages(self) -> KioskPages:
        return KioskPages(self.view)

    @property
    def stopped(self) -> str:
        """Why no ticket can be had, as the visitor reads it; empty while one can."""
        says = self.words.phrases
        if self.emergency:
            return self.emergency
        if self._roll.is_on:
            return says.roll.title
        if self.starting:
            return says.stopped.starting
        if self.alone is not None and not self._lent.lends(self.now):
            return says.stopped.cut_off
        return self.words.why_stopped(self.printer)

    # --- from page to page ------------------------------------------------------------------------------

    def tell(self, page: KioskPage, seconds: float) -> Told:
        """A page about a wish for so long, then home; 0 is until something else happens."""
        self.special, self._taken = page, None
        return (*self._lasts(seconds), *self.draw())

    def tell_taken(self, paper: Print) -> Told:
        """The number that is taken and has its paper, so long as one reads it."""
        told = self.tell(self.pages.taken(paper), TAKEN_S)
        self._taken = paper
        return told

    def other_language(self) -> Told:
        """The same page in the visitor's other language; of those about a wish only a number taken is told again."""
        self.visit.language = frame.other_language(self.visit.language)
        return self.tell_taken(self._taken) if self._taken else self.turns()

    def turns(self) -> Told:
        """The visitor's page, after a touch."""
        self.special = self._taken = None
        return (*self._lasts(0 if self.visit.is_plain else HOME_AFTER_S), *self.draw())

    def moves(self) -> Told:
        """A tactile key went on to another of the page's keys; a page about a wish stays."""
        if self.special is not None:
            return self.draw()
        return (*self._lasts(HOME_AFTER_S), *self.draw())

    def leaves(self) -> Told:
        """The visitor has gone."""
        self.special = self._taken = None
        self.visit.ends()
        return (*self._countdown.begins(0, 0), *self.draw())

    def ticks(self) -> Told:
        return (*self._countdown.ticks(), *self.draw())

    def _lasts(self, seconds: float) -> tuple[StartTimer, ...]:
        long = self.view.few
        return self._countdown.begins(
            seconds * (LONGER if long else 1), SHOWN_LONG_S if long else SHOWN_S
        )

    # --- the screen ---------------------------------------------------------------------------------------

    def draw(self) -> Drawn:
        self.shown = self._shown()
        self.shown = replace(
            self.shown, page=replace(self.shown.page, left_s=self._countdown.left_s)
        )
        troubles = self.printer.troubles if self.printer else ()
        lights = self._tower.lights(
            stopped=bool(self.stopped), soon=bool(troubles or self.alone is not None)
        )
        return (Draw(self.shown.page), *lights, *self._says())

    def _shown(self) -> Shown:
        view, special, stopped = self.view, self.special, self.stopped
        if self.emergency:
            return self._over(self.pages.emergency(self.emergency))
        if self._roll.is_on:
            return self._over(self._roll.page(self.words))
        if special is not None and special.tone is not Tone.GOOD:
            # While the kiosk has stopped, no key of its pages would do anything.
            return self._over(replace(special, keys=()) if stopped else special)
        if stopped:
            return self._over(self.pages.stopped(stopped))
        if special is not None:
            return self._over(special if special.keys else self._with_home_keys(special))
        sheet = place(view, self.visit, self.visit.here.key)
        if sheet is None:
            # What it was about is gone, as settings or the hour would have it.
            self.visit.goes_home()
            sheet = place(view, self.visit, self.visit.here.key) or Sheet(KioskPage(""))
        return frame.shown(view, self.visit, sheet)

    def _over(self, page: KioskPage) -> Shown:
        return frame.about_a_wish(self.view, self.visit, page)

    def _with_home_keys(self, page: KioskPage) -> KioskPage:
        """The next visitor may touch at once, and reads how many wait now."""
        keys, foot = home_keys(self.view, green="")
        most = CHOICES[self.visit.manner]
        foot = (*foot, frame.language(self.view))
        return replace(page, keys=keys[:most], foot=foot, notice=self.view.for_staff)

    # --- the voice ----------------------------------------------------------------------------------------

    def says_taken(self, paper: Print) -> tuple[Prompt, ...]:
        """The one sentence that everybody hears; who is led by the voice has heard the whole page."""
        if self._is_led:
            return ()
        ahead = self.pages.ahead(paper)
        said = speech.of_ticket(self.words, paper.ticket, ahead)
        return (Prompt(said, self.visit.language),)

    @property
    def _is_led(self) -> bool:
        return self.visit.manner in (Manner.LARGE, Manner.HEARD)

    def _says(self) -> tuple[Prompt, ...]:
        """What is new to who is led by the voice: the page once, and each key that they come to."""
        led = self._is_led
        page = (self.visit.path, self.visit.typed, self.visit.language, self.special, self.stopped)
        before, self._spoken = self._spoken, (*page, self.shown.page.at) if led else ()
        if not led:
            return (Prompt("", self.visit.language),) if before else ()
        if before == self._spoken:
            return ()
        key = speech.of_key(self.words, self.shown.at)
        whole = speech.of_page(self.words, self.shown.page)
        texts = (key,) if before[:-1] == page and key else (whole, key)
        said = self.words.phrases.comma.join(filter(None, texts))
        return (Prompt(said, self.visit.language),)
