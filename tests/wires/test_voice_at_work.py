"""A board's worker with a real voice: what breaks on its line is one word of health, heals by itself, stops nobody else."""

from __future__ import annotations

import queue
import time
from collections.abc import Iterator

import pytest

from firmware.daemon import Worker
from firmware.device import Done, Failed, PartHealth, Say, Show
from firmware.hal import Health, Trouble
from firmware.hal.voice import Syn6288Settings
from firmware.hal.voice.syn6288 import Patience, Syn6288Voice
from hal_mocks.led_panel import MockLedPanel
from hal_mocks.wires.syn6288 import SpeechChip
from hal_mocks.wires.wired import Wired
from tests.devices.workers import SOON, Posted

SHORT = Patience(answer=0.2, per_character=0.01, more=0.5)
WELL = PartHealth("voice", Health())
OFFLINE = PartHealth("voice", Health(usable=False, troubles=(Trouble.OFFLINE,)))
CALL = Say("请A零一二号，到三号窗口", counter=3, call=1, recall=0, mark=1)


@pytest.fixture
def chip() -> SpeechChip:
    return SpeechChip(seconds_per_character=0.001)


@pytest.fixture
def wired(chip: SpeechChip) -> Iterator[Wired]:
    with Wired(chip) as wired:
        yield wired


@pytest.fixture
def posted() -> Posted:
    return Posted()


@pytest.fixture
def worker(wired: Wired, posted: Posted) -> Iterator[Worker]:
    settings = Syn6288Settings(port=f"serial:{wired.address}")
    worker = Worker(
        "voice",
        lambda: Syn6288Voice(settings, patience=SHORT),
        {Say: lambda voice, effect, cut: voice.say(effect.text, cut)},
        posted.post,
    )
    worker.start()
    yield worker
    worker.stop()


def test_plugged_in_after_many_calls_it_speaks_again_within_five_seconds(
    chip, wired, posted, worker
):
    worker.do(CALL)
    posted.until(Done(CALL))
    wired.unplug()
    told: list[object] = []
    for _ in range(8):  # so often that a worker has lost its patience
        worker.do(CALL)
        while not told or not isinstance(told[-1], Failed):
            told.append(posted.take())
        told = [one for one in told if not isinstance(one, Failed)]
    assert [one for one in told if one != WELL] == [OFFLINE]
    wired.replug()
    posted.until(WELL)  # each report comes within 5 s, and this is the only one
    worker.do(CALL)
    posted.until(Done(CALL))
    assert chip.heard_text == [CALL.text, CALL.text]


def test_while_a_chip_hangs_no_other_part_waits_for_it(chip, posted, worker):
    read: queue.SimpleQueue[str] = queue.SimpleQueue()
    bar = MockLedPanel(watcher=lambda: read.put(bar.text))
    led = Worker(
        "led",
        lambda: bar,
        {Show: lambda panel, effect: panel.show(effect.text)},
        Posted().post,
    )
    led.start()
    chip.hang = True
    worker.do(CALL)
    while not chip.speaking:
        time.sleep(0.001)
    led.do(Show("A017"))
    assert read.get(timeout=SOON) == "A017"
    assert chip.speaking
    while not isinstance(failed := posted.take(), Failed):
        pass
    assert "still speaks" in failed.sentence
    led.stop()
