"""A voice by espeak-ng: the promises with a program that makes tones in its place, and the real one where it is installed."""

from __future__ import annotations

import doctest
import os
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pygame
import pytest

from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.voice import EspeakSettings, espeak
from firmware.hal.voice.espeak import EspeakVoice
from tests.ear import Ear
from tests.hal.test_voice import LONG, Setup, VoicePromises

REAL = shutil.which("espeak-ng")
MANDARIN = EspeakSettings()
RAW = EspeakSettings(voice="yue")
TONES = 40
# Each text that it has not heard yet has a tone of its own.
IN_ITS_PLACE = f"""#!{sys.executable}
import io, json, math, pathlib, struct, sys, wave
here = pathlib.Path(__file__).parent
(here / "options.json").write_text(json.dumps(sys.argv[1:]))
text = sys.stdin.read()
heard = here / "texts.json"
texts = json.loads(heard.read_text()) if heard.exists() else []
if text not in texts:
    texts.append(text)
heard.write_text(json.dumps(texts))
hertz = 400 + 100 * texts.index(text)
sound = io.BytesIO()
with wave.open(sound, "wb") as file:
    file.setnchannels(1); file.setsampwidth(2); file.setframerate(22050)
    file.writeframes(b"".join(struct.pack("<h", int(9000 * math.sin(math.tau * hertz * i / 22050))) for i in range(2205 * (20 if len(text) > 30 else 1))))
sys.stdout.buffer.write(sound.getvalue())
"""


class Program:
    """A program of that name first on the path, and what went into it."""

    def __init__(self, folder: Path, ear: Ear) -> None:
        self._folder, self._ear = folder, ear
        self._path = folder / "espeak-ng"
        self.becomes(IN_ITS_PLACE)

    def becomes(self, script: str) -> None:
        self._path.write_text(script)
        self._path.chmod(0o755)

    @property
    def options(self) -> list[str]:
        return self._json("options.json")

    @property
    def texts(self) -> list[str]:
        return self._json("texts.json")

    @property
    def said(self) -> list[str]:
        return [text for text, whole in self._heard() if whole]

    @property
    def cut_off(self) -> list[str]:
        return [text for text, whole in self._heard() if not whole]

    def _heard(self) -> Iterator[tuple[str, bool]]:
        for tone in self._ear.heard():
            text = self.texts[int(tone.text)]
            yield text, tone.alone and tone.seconds > (1.9 if text == LONG else 0.08)

    def break_down(self) -> None:
        self._path.rename(self._folder / "away")

    def repair(self) -> None:
        (self._folder / "away").rename(self._path)

    def _json(self, name: str) -> list[str]:
        return msgspec.json.decode((self._folder / name).read_bytes(), type=list[str])


@pytest.fixture
def ear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ear]:
    yield Ear(tmp_path, [str(number) for number in range(TONES)], monkeypatch, fast=True)
    pygame.mixer.quit()


@pytest.fixture
def program(tmp_path: Path, ear: Ear, monkeypatch: pytest.MonkeyPatch) -> Program:
    folder = tmp_path / "bin"
    folder.mkdir()
    # Nothing else, so that no real espeak-ng is found once this one is away.
    monkeypatch.setenv("PATH", str(folder))
    return Program(folder, ear)


class TestEspeakVoice(VoicePromises):
    cut_s = 1.2

    @pytest.fixture
    def setup(self, program: Program) -> Setup:
        return Setup(EspeakVoice(RAW), program)

    @pytest.fixture
    def slow(self, program: Program, monkeypatch: pytest.MonkeyPatch) -> Setup:
        monkeypatch.delenv("SDL_DISKAUDIODELAY")  # in real time
        return Setup(EspeakVoice(RAW), program)


def test_a_program_that_still_makes_its_sound_is_ended_by_the_cut(program, ear):
    program.becomes(f"#!{sys.executable}\nimport time\ntime.sleep(30)\n")
    cut = threading.Event()
    threading.Timer(0.1, cut.set).start()
    began = time.monotonic()
    EspeakVoice(RAW).say(LONG, cut)
    assert time.monotonic() - began < 5


def test_mandarin_goes_as_pinyin_to_the_one_voice_that_reads_it(program):
    EspeakVoice(MANDARIN).say("请A零一二号，到三号窗口")
    assert program.options == ["-v", "cmn-latn-pinyin", "-s", "150", "--stdout", "--stdin"]
    assert program.texts == ["qing3 A ling2 yi1 er4 hao4 , dao4 san1 hao4 chuang1 kou3"]


def test_a_text_is_never_an_option(program):
    EspeakVoice(RAW).say("--help; $(reboot)")
    assert program.texts == ["--help; $(reboot)"]


def test_a_program_that_is_missing_says_how_to_have_it(program):
    program.break_down()
    with pytest.raises(HardwareFault, match="sudo apt install espeak-ng") as fault:
        EspeakVoice(MANDARIN).say("第一句")
    assert fault.value.trouble is Trouble.OFFLINE
    assert EspeakVoice(MANDARIN).health() == Health(usable=False, troubles=(Trouble.OFFLINE,))


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("#!/bin/sh\necho no such voice >&2\nexit 1\n", "no such voice; see that it knows"),
        ("#!/bin/sh\necho this is no WAV\n", "gave no sound"),
        ("#!/bin/sh\n", "gave no sound"),
    ],
)
def test_a_program_that_fails_is_a_fault_with_its_own_words(program, script, why):
    program.becomes(script)
    with pytest.raises(HardwareFault, match=why):
        EspeakVoice(RAW).say("第一句")


def test_the_examples_of_the_module_hold():
    results = doctest.testmod(espeak)
    assert results.attempted > 0
    assert results.failed == 0


@pytest.mark.skipif(REAL is None, reason="espeak-ng is not installed")
def test_the_real_program_speaks_an_announcement(ear, monkeypatch):
    assert REAL is not None
    monkeypatch.setenv("PATH", str(Path(REAL).parent), prepend=os.pathsep)
    voice = EspeakVoice(MANDARIN)
    assert voice.health() == Health()
    voice.say("请A零一二号，到三号窗口")
    heard = ear.heard()
    assert heard[-1].begins + heard[-1].seconds - heard[0].begins > 1.0
