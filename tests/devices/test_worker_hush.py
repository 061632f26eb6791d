"""What is said is broken off at once when it must not be said any more, also what has not come yet; and it is told so."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from firmware.announcer import hardware as announcer
from firmware.daemon import BROKEN_OFF, Worker
from firmware.device import Done, Failed, Hush, Say, SayEnglish, Show, Warn
from firmware.hal import Trouble
from tests.devices.test_worker_prompt import Ears
from tests.devices.workers import NEVER, Posted, working

CALL = Say("请A零零一号，到一号窗口", 1, 7, 0, mark=1)
NEXT = Say("请A零零二号，到一号窗口", 1, 8, 0, mark=2)
EXIT = Warn("请从最近的出口有序离开")
DOES: dict[type, Callable[..., object]] = {
    Say: announcer._say,
    SayEnglish: announcer._say,
    Warn: announcer._warn,
}


def off(effect: Say | SayEnglish | Warn) -> Failed:
    return Failed(effect, BROKEN_OFF, Trouble.BROKEN)


@pytest.fixture
def ears() -> Ears:
    return Ears()


def worker_of(ears: Ears, posted: Posted) -> Worker:
    return Worker("voice", lambda: ears.voice, DOES, posted.post, retry_s=(NEVER,), look_s=NEVER)


@pytest.mark.parametrize("said", [CALL, SayEnglish("Ticket A001", 0), Warn("请留在原处")])
def test_an_emergency_breaks_off_what_is_said_and_is_said_at_once(
    ears: Ears, said: Say | SayEnglish | Warn
):
    posted = Posted()
    ears.speaks_for_an_hour()
    with working(worker_of(ears, posted)) as worker:
        worker.do(said)
        ears.until(lambda voice: voice.saying == said.text)
        ears.speaks_at_once()
        worker.do(Hush(said))
        worker.do(EXIT)
        posted.until(Done(EXIT))
    # Once, though a call is said twice.
    assert ears.voice.cut_off == [said.text]
    assert ears.voice.said == [EXIT.text]


def test_what_was_broken_off_has_failed_and_what_was_heard_already_has_not(ears: Ears):
    posted = Posted()
    with working(worker_of(ears, posted)) as worker:
        worker.do(CALL)
        posted.until(Done(CALL))
        worker.do(Hush(CALL))
        ears.speaks_for_an_hour()
        worker.do(NEXT)
        ears.until(lambda voice: voice.saying == NEXT.text)
        worker.do(Hush(NEXT))
        posted.until(off(NEXT))
    assert ears.voice.said == [CALL.text, CALL.text]


def test_what_waits_is_not_said_nor_what_comes_too_late_from_the_disk(ears: Ears):
    posted = Posted()
    ears.speaks_for_an_hour()
    with working(worker_of(ears, posted)) as worker:
        worker.do(EXIT)
        ears.until(lambda voice: voice.saying == EXIT.text)
        worker.do(CALL)
        worker.do(Hush(CALL))
        posted.until(off(CALL))
        worker.do(Hush(NEXT))
        worker.do(NEXT)
        posted.until(off(NEXT))
        # Of what was broken off the like may be said again, as after the end of it all.
        ears.speaks_at_once()
        worker.do(Hush(EXIT))
        worker.do(CALL)
        posted.until(Done(CALL))
    assert ears.voice.said == [CALL.text, CALL.text]


def test_only_who_speaks_hushes(ears: Ears):
    worker = worker_of(ears, Posted())
    assert worker.does(Hush(CALL))
    assert not worker.does(Show("A001"))
    shows = Worker("bar", lambda: ears.voice, {Show: lambda *_: None}, Posted().post)
    assert not shows.does(Hush(CALL))
