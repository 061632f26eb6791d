"""Changing the paper roll, step by step: open, put in, close; a test strip proves the printer before the kiosk opens again."""

from __future__ import annotations

from enum import StrEnum

from firmware.device import PrintTest
from firmware.hal import Health, Trouble
from firmware.hal.screen import KioskKey, KioskPage, Tone
from firmware.ticket_kiosk.pages import HOME, ROLL
from firmware.ticket_kiosk.sentences import CHANGING, trouble_told

__all__ = ["RollChange"]

LEAVE = KioskKey(HOME, "返回")
AGAIN = KioskKey(ROLL, "再打一次")


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

    def page(self) -> KioskPage:
        match self._step:
            case Step.OPEN:
                return _page("第1步：请打开打印机盖", "换纸期间暂停取号", keys=(LEAVE,))
            case Step.LOAD:
                known = self._trouble not in (None, Trouble.COVER_OPEN)
                ill = (trouble_told(self._trouble),) if known and self._trouble else ()
                told = ("第2步：请装入新纸，拉出纸头，合上盖", "合盖后自动打印测试条")
                return _page(*ill, *told)
            case Step.FAILED:
                told = (trouble_told(self._trouble or Trouble.BROKEN), "请开盖检查纸卷，或再打一次")
                return _page("测试条未打印完成", *told, keys=(AGAIN,), tone=Tone.STOP)
            case Step.TEST | None:
                return _page("第3步：正在打印测试条")

    def done(self) -> KioskPage:
        return KioskPage("换纸完成", lines=("测试条已打印，请撕下", "现在可以取号"), tone=Tone.GOOD)


def _page(*lines: str, keys: tuple[KioskKey, ...] = (), tone: Tone = Tone.WAIT) -> KioskPage:
    return KioskPage(CHANGING, lines=lines, keys=keys, tone=tone)
