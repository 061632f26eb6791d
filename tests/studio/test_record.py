"""A person is led through a pack: what is clipped or unheard is asked for again, what is kept stays kept."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest

from firmware.hal.voice.pack import Pack
from firmware.studio import record as command
from firmware.studio.check import check
from firmware.studio.levels import Samples
from firmware.studio.microphone import Microphone, MicrophoneFault
from firmware.studio.record import record
from firmware.studio.shelf import Shelf
from firmware.studio.wanted import Wanted
from tests.studio.voices import ABOUT, RATE, hush, spoken

PIECES = (
    Wanted("letter-a", "请A"),
    Wanted("number-001", "零零一号"),
    Wanted("counter-3", "到三号窗口"),
)
CLIPPED = np.clip(spoken(level=3.0), -1, 1)


class Takes:
    """A microphone before which these are said, one after the other."""

    rate = RATE

    def __init__(self, *takes: Samples) -> None:
        self._takes = iter(takes)

    def start(self) -> None:
        pass

    def stop(self) -> Samples:
        return next(self._takes)


class Person:
    """Presses Enter whenever asked, but gives these answers to the questions for a text."""

    def __init__(self, answers: Iterable[str] = ()) -> None:
        self._answers = iter(answers)
        self.asked: list[str] = []
        self.told: list[str] = []

    def ask(self, question: str) -> str:
        if not question.startswith("["):
            return ""
        self.asked.append(question.split()[1])
        return next(self._answers, "")

    def tell(self, line: str) -> None:
        self.told.append(line.strip())


def led(folder: Path, person: Person, *takes: Samples) -> int:
    shelf = Shelf(folder, ABOUT)
    return record(Takes(*takes), PIECES, shelf, ask=person.ask, tell=person.tell)


def test_each_text_is_asked_for_once_and_the_pack_is_whole(tmp_path):
    person = Person()
    assert led(tmp_path, person, spoken(), spoken(level=0.4), spoken(level=0.03)) == 3
    assert person.asked == ["请A", "零零一号", "到三号窗口"]
    clips = list(check(Pack(tmp_path)))
    assert [one.text for one in clips] == person.asked
    assert [one.faults for one in clips] == [()] * 3


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (CLIPPED, "too loud for the microphone"),
        (hush(1.5), "nothing was heard"),
        (spoken(level=0.004), "too quietly"),
        (spoken(seconds=16), "too long"),
        (hush(0.1), "nothing was heard"),
        (hush(0.0), "nothing was heard"),
    ],
    ids=["clipped", "a room", "a whisper", "long", "a short room", "empty"],
)
def test_a_take_that_is_no_good_is_asked_for_again(tmp_path, bad, why):
    person = Person()
    assert led(tmp_path, person, bad, spoken(), spoken(), spoken()) == 3
    assert person.asked == ["请A", "请A", "零零一号", "到三号窗口"]
    assert any(why in line for line in person.told)


def test_the_click_of_the_key_is_not_in_the_clip(tmp_path):
    click = spoken()
    click[-1000:-900] = 0.5
    led(tmp_path, Person(), click, spoken(), spoken())
    assert next(check(Pack(tmp_path))).seconds == pytest.approx(0.5, abs=0.06)


def test_it_goes_on_where_it_was_stopped(tmp_path):
    assert led(tmp_path, Person(["", "q"]), spoken()) == 1
    person = Person()
    assert led(tmp_path, person, spoken(), spoken()) == 2
    assert person.asked == ["零零一号", "到三号窗口"]


def test_the_last_one_can_be_said_once_more(tmp_path):
    person = Person(["", "r", ""])
    takes = (spoken(seconds=0.3), spoken(seconds=0.9), spoken(), spoken())
    assert led(tmp_path, person, *takes) == 3
    assert person.asked == ["请A", "零零一号", "请A", "零零一号", "到三号窗口"]
    assert next(check(Pack(tmp_path))).seconds == pytest.approx(0.9, abs=0.06)


# --- the microphone, with a program in arecord's place ------------------------------------------------

RECORDS = f"""#!{sys.executable}
import math, pathlib, signal, struct, sys, time
pathlib.Path(__file__).with_name("options").write_text(" ".join(sys.argv[1:]))
samples = [0] * 9600 + [int(9000 * math.sin(i / 8)) for i in range(12000)] + [0] * 9600
with open(sys.argv[-1], "wb") as file:
    file.write(struct.pack(f"<{{len(samples)}}h", *samples))
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
pathlib.Path(__file__).with_name("ready").touch()
time.sleep(60)
"""


class Arecord:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def becomes(self, script: str) -> None:
        (self.folder / "arecord").write_text(script)
        (self.folder / "arecord").chmod(0o755)

    def wait(self) -> None:
        deadline = time.monotonic() + 10
        while not (self.folder / "ready").exists():
            assert time.monotonic() < deadline
            time.sleep(0.005)
        (self.folder / "ready").unlink()


@pytest.fixture
def arecord(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Arecord:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    program = Arecord(folder)
    program.becomes(RECORDS)
    return program


@pytest.fixture
def microphone() -> Iterator[Microphone]:
    microphone = Microphone("plughw:1")
    yield microphone
    microphone.close()


def test_what_was_said_between_start_and_stop_is_heard(arecord, microphone):
    microphone.start()
    arecord.wait()
    samples = microphone.stop()
    assert samples.size == 9600 * 2 + 12000
    assert float(np.abs(samples).max()) == pytest.approx(9000 / 32768, abs=0.001)
    *options, file = (arecord.folder / "options").read_text().split()
    assert " ".join(options) == "-D plughw:1 -q -t raw -f S16_LE -c 1 -r 24000"
    assert file.endswith("take.raw")


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("#!/bin/sh\necho 'audio open error: No such device' >&2\nexit 1\n", "No such device"),
        ("#!/bin/sh\n", "it wrote nothing"),
    ],
)
def test_a_microphone_that_is_not_there_is_told(arecord, microphone, script, why):
    arecord.becomes(script)
    microphone.start()
    assert microphone._running is not None
    microphone._running.wait(10)
    with pytest.raises(MicrophoneFault, match=f"{why}.*arecord -l"):
        microphone.stop()


def test_without_arecord_it_says_how_to_have_it(arecord, microphone):
    (arecord.folder / "arecord").unlink()
    with pytest.raises(MicrophoneFault, match="sudo apt install alsa-utils"):
        microphone.start()


def test_from_the_command_to_a_pack(arecord, tmp_path, monkeypatch, capsys):
    pack = tmp_path / "pack"

    def enter(question: str) -> str:
        if "..." in question:
            arecord.wait()
        return ""

    monkeypatch.setattr("builtins.input", enter)
    whose = ("--voice", "小王", "--maker", "王某某", "--licence", "本大厅")
    few = ("--calls", "--letters", "A", "--numbers", "1", "--counters", "3")
    assert command.main([str(pack), *whose, *few]) == 0
    assert "4 recorded now, 0 of 4 left" in capsys.readouterr().out
    assert Pack(pack).manifest.provenance == (
        "spoken by 王某某 and recorded with jiaohao voice record"
    )
    assert all(one.faults == () for one in check(Pack(pack)))


def test_what_was_recorded_before_an_interruption_is_kept(arecord, tmp_path, monkeypatch, capsys):
    questions = 0

    def enter(question: str) -> str:
        nonlocal questions
        questions += 1
        if "..." in question:
            arecord.wait()
        if questions == 3:
            raise KeyboardInterrupt
        return ""

    monkeypatch.setattr("builtins.input", enter)
    whose = ("--voice", "小王", "--maker", "王某某", "--licence", "本大厅")
    assert command.main([str(tmp_path / "pack"), *whose, "--letters", "AB"]) == 1
    assert "What was recorded is kept." in capsys.readouterr().out
    assert list(Pack(tmp_path / "pack").manifest.clips) == ["请A"]
