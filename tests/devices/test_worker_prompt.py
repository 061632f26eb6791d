"""A prompt is of the moment: the newest wins at once, nothing waits behind an old one, and nothing is said late."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from broker.phrases import Language
from firmware.daemon import Worker
from firmware.device import PartHealth, Prompt
from firmware.hal import Health, Trouble
from firmware.prompting import prompting
from hal_mocks.voice import MockVoice
from tests.devices.workers import NEVER, SOON, WELL, Posted, working

HOUR = 3600.0
WELCOME = Prompt("请选择您要办理的业务")
NUMBER = Prompt("您的号码是A零一七")
SILENCE = Prompt("")
WELCOME_EN = Prompt("Please choose a service", Language.ENGLISH)
BROKEN = PartHealth("voice", Health(usable=False, troubles=(Trouble.BROKEN,)))


class Ears:
    """Waits for what a voice says."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.voice = MockVoice(watcher=self._tell)

    def _tell(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def until(self, seen: Callable[[MockVoice], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: seen(self.voice), SOON)

    def speaks_for_an_hour(self) -> None:
        self.voice.seconds_per_character = HOUR

    def speaks_at_once(self) -> None:
        self.voice.seconds_per_character = 0.0


@pytest.fixture
def ears() -> Ears:
    return Ears()


def worker_of(
    ears: Ears,
    language: Language = Language.CHINESE,
    posted: Posted | None = None,
    *,
    retry_s: float = NEVER,
    look_s: float = NEVER,
) -> Worker:
    does: dict[type, Callable[..., object]] = {Prompt: prompting(language)}
    post = (posted or Posted()).post
    return Worker("voice", lambda: ears.voice, does, post, retry_s=(retry_s,), look_s=look_s)


def test_a_newer_prompt_cuts_off_the_older_one(ears: Ears):
    ears.speaks_for_an_hour()
    with working(worker_of(ears)) as worker:
        worker.do(WELCOME)
        ears.until(lambda voice: voice.saying == WELCOME.text)
        ears.speaks_at_once()
        worker.do(NUMBER)
        ears.until(lambda voice: voice.said == [NUMBER.text])
    assert ears.voice.cut_off == [WELCOME.text]


def test_of_prompts_that_come_together_only_the_newest_is_said(ears: Ears):
    ears.speaks_for_an_hour()
    with working(worker_of(ears)) as worker:
        worker.do(WELCOME)
        ears.until(lambda voice: voice.saying == WELCOME.text)
        ears.speaks_at_once()
        for number in range(20):
            worker.do(Prompt(f"第{number}句"))
        worker.do(NUMBER)
        ears.until(lambda voice: NUMBER.text in voice.said)
    assert set(ears.voice.said + ears.voice.cut_off) <= {
        WELCOME.text,
        NUMBER.text,
        *(f"第{number}句" for number in range(20)),
    }
    assert ears.voice.said[-1] == NUMBER.text


def test_an_empty_prompt_silences(ears: Ears):
    ears.speaks_for_an_hour()
    with working(worker_of(ears)) as worker:
        worker.do(WELCOME)
        ears.until(lambda voice: voice.saying == WELCOME.text)
        worker.do(SILENCE)
        ears.until(lambda voice: voice.cut_off == [WELCOME.text])
    assert ears.voice.said == []


def test_a_prompt_in_another_language_silences_this_one_and_is_spoken_by_its_own():
    chinese, english = Ears(), Ears()
    chinese.speaks_for_an_hour()
    with (
        working(worker_of(chinese)) as one,
        working(worker_of(english, Language.ENGLISH)) as other,
    ):
        for worker in (one, other):
            worker.do(WELCOME)
        chinese.until(lambda voice: voice.saying == WELCOME.text)
        for worker in (one, other):
            worker.do(WELCOME_EN)
        chinese.until(lambda voice: voice.cut_off == [WELCOME.text])
        english.until(lambda voice: voice.said == [WELCOME_EN.text])
    assert chinese.voice.said == []
    assert english.voice.cut_off == []


def test_the_same_prompt_again_is_said_again(ears: Ears):
    with working(worker_of(ears)) as worker:
        worker.do(WELCOME)
        ears.until(lambda voice: len(voice.said) == 1)
        worker.do(WELCOME)
        ears.until(lambda voice: len(voice.said) == 2)


def test_a_prompt_that_could_not_be_said_is_not_said_later(ears: Ears):
    posted = Posted()
    ears.voice.break_down()
    with working(worker_of(ears, posted=posted, retry_s=0.001, look_s=0.001)) as worker:
        worker.do(WELCOME)
        posted.until(BROKEN)
        ears.until(lambda voice: voice.cut_off == [WELCOME.text])
        ears.voice.repair()
        posted.until(PartHealth("voice", WELL))
        worker.do(NUMBER)
        ears.until(lambda voice: NUMBER.text in voice.said)
    assert ears.voice.said == [NUMBER.text]


def test_after_a_fault_a_prompt_does_not_wait_for_the_next_try(ears: Ears):
    posted = Posted()
    ears.voice.break_down()
    with working(worker_of(ears, posted=posted)) as worker:
        worker.do(WELCOME)
        posted.until(BROKEN)
        ears.voice.repair()
        worker.do(NUMBER)
        ears.until(lambda voice: voice.said == [NUMBER.text])


def test_a_device_that_stops_does_not_speak_to_the_end(ears: Ears):
    ears.speaks_for_an_hour()
    with working(worker_of(ears)) as worker:
        worker.do(WELCOME)
        ears.until(lambda voice: voice.saying == WELCOME.text)
    assert ears.voice.cut_off == [WELCOME.text]
    assert ears.voice.closed
