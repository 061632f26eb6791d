"""Changing the paper roll, step by step: open, put in, close; a test strip proves the printer before the kiosk opens again."""

from __future__ import annotations

from enum import StrEnum

from firmware.device import PrintTest
from firmware.hal import Health, Trouble
from firmware.hal.screen import KeySign, KioskKey, KioskPage, Tone
from firmware.ticket_kiosk.keys import HOME, ROLL
from firmware.ticket_kiosk.words import Words

__all__ = ["RollChange"]


class Step(StrEnum):
    OPEN = "open"
    LOAD = "load"
    TEST = "test"
    FAILED = "failed"


class RollChange:
    """A staff key begins it, or an opened cover, whoever opened it and whatever for."""

    def __init__(self) -> None:
        self._step: Step | None = None
        self._trouble: Trouble | None = None
        self._test: PrintTest | None = None
        self._tests = 0

    @property
    def is_on(self) -> bool:
        return self._step is not None

    def pressed(self, now: int) -> tuple[PrintTest, ...]:
        """The staff key: begin, or try the strip that failed again."""
        if self._step is Step.FAILED:
            return self._prove(now)
        if self._step is None:
            self._step = Step.OPEN
        return ()

    def leave(self) -> None:
        """Before the cover was opened nothing has changed."""
        if self._step is Step.OPEN:
            self._step = None

    def sees(self, health: Health, now: int) -> tuple[PrintTest, ...]:
        self._trouble = None if health.usable else next(iter(health.troubles), Trouble.BROKEN)
        if self._trouble is Trouble.COVER_OPEN:
            self._step, self._test = Step.LOAD, None
        elif self._step is Step.LOAD and health.usable:
            return self._prove(now)
        return ()

    def _prove(self, now: int) -> tuple[PrintTest, ...]:
        self._tests += 1
        self._step, self._test = Step.TEST, PrintTest(now, self._tests)
        return (self._test,)

    def proven(self, test: PrintTest) -> bool:
        """Whether this strip, which came out, ends the change."""
        if test != self._test:
            return False
        self._step = self._test = None
        return True

    def failed(self, test: PrintTest, trouble: Trouble) -> None:
        if test == self._test:
            self._step, self._test, self._trouble = Step.FAILED, None, trouble

    def page(self, words: Words) -> KioskPage:
        says, leave = words.phrases.roll, KioskKey(HOME, words.phrases.keys.back, sign=KeySign.BACK)
        match self._step:
            case Step.OPEN:
                return _page(words, says.open, says.meanwhile, keys=(leave,))
            case Step.LOAD:
                known = self._trouble not in (None, Trouble.COVER_OPEN)
                ill = (words.trouble(self._trouble),) if known and self._trouble else ()
                return _page(words, *ill, says.load, says.then)
            case Step.FAILED:
                told = (words.trouble(self._trouble or Trouble.BROKEN), says.look)
                again = KioskKey(ROLL, says.again)
                return _page(words, says.failed, *told, keys=(again,), tone=Tone.STOP)
            case Step.TEST | None:
                return _page(words, says.test)

    def done(self, words: Words) -> KioskPage:
        says = words.phrases.roll
        return KioskPage(says.done, lines=(says.tear, says.ready), tone=Tone.GOOD)


def _page(
    words: Words, *lines: str, keys: tuple[KioskKey, ...] = (), tone: Tone = Tone.WAIT
) -> KioskPage:
    return KioskPage(words.phrases.roll.title, lines=lines, keys=keys, tone=tone)
