"""A voice of clips through a sound card that keeps what it played: the promises of a voice, and the order of a burst."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pygame
import pytest

from firmware.daemon import Worker
from firmware.device import Done, Failed, PartHealth, Say
from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.voice import ClipsSettings
from firmware.hal.voice.clips import ClipVoice
from firmware.hal.voice.in_turn import VoicesInTurn
from hal_mocks.voice import MockVoice
from tests.devices.workers import Posted
from tests.ear import Ear, Tone, pack_of_tones
from tests.hal.test_voice import LONG, Setup, VoicePromises

WHOLE = 0.05  # of the 60 ms of a clip, measured in frames of 10 ms
LONG_WHOLE = 1.9  # of two seconds
TEXTS = [
    *("到三号窗口", "到十二号窗口", "第一句", "第二句", "第三句"),
    *("请A", "请B", "零一二号", "零零一号"),
    *(f"零零{number}号" for number in "二三四五六七八"),
]
ENDS = TEXTS[:5]


class Room:
    """What people in the room heard: whole sentences, and those that broke off."""

    def __init__(self, ear: Ear) -> None:
        self._ear = ear
        self.break_down, self.repair = ear.unplug, ear.replug

    @property
    def said(self) -> list[str]:
        return self._sentences()[0]

    @property
    def cut_off(self) -> list[str]:
        return self._sentences()[1]

    def _sentences(self) -> tuple[list[str], list[str]]:
        said, cut_off, words = [], [], ""
        for tone in self._ear.heard():
            if tone.text.startswith("请") and words:
                cut_off.append(words)
                words = ""
            words += ("，" if words and tone.text in ENDS else "") + tone.text
            if not tone.alone or tone.seconds < (LONG_WHOLE if tone.text == LONG else WHOLE):
                cut_off.append(words)
                words = ""
            elif tone.text in ENDS:
                said.append(words)
                words = ""
        return said, cut_off


@pytest.fixture
def ear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ear]:
    yield Ear(tmp_path, TEXTS, monkeypatch, fast=True)
    pygame.mixer.quit()


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return pack_of_tones(tmp_path / "pack", TEXTS)


@pytest.fixture
def voice(ear: Ear, pack: Path) -> ClipVoice:
    return ClipVoice(ClipsSettings(pack=str(pack)))


class TestClipVoice(VoicePromises):
    @pytest.fixture
    def setup(self, ear: Ear, voice: ClipVoice) -> Setup:
        return Setup(voice, Room(ear))

    @pytest.fixture
    def slow(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Setup]:
        texts = [*TEXTS, LONG]
        ear = Ear(tmp_path, texts, monkeypatch, fast=False)
        pack = pack_of_tones(tmp_path / "pack", texts, longer={LONG: 2.0})
        yield Setup(ClipVoice(ClipsSettings(pack=str(pack))), Room(ear))
        pygame.mixer.quit()


def test_a_sentence_is_its_pieces_in_order_with_the_pauses_of_the_manifest(ear, voice):
    voice.say("请B零零一号，到十二号窗口")
    heard = ear.heard()
    assert [tone.text for tone in heard] == ["请B", "零零一号", "到十二号窗口"]
    assert all(tone.alone for tone in heard)
    gaps = [second.begins - first.begins - first.seconds for first, second in pairwise(heard)]
    assert gaps == [pytest.approx(0.02, abs=0.011), pytest.approx(0.04, abs=0.011)]


def test_what_the_pack_lacks_is_named_and_nothing_of_the_sentence_sounds(ear, voice):
    voice.say("第一句")
    with pytest.raises(HardwareFault, match="no recording of '到四号窗口'"):
        voice.say("请B零零一号，到四号窗口")
    assert [tone.text for tone in ear.heard()] == ["第一句"]
    # It can be used, and does not say all that it is asked to: until it does, that stands in its health.
    assert voice.health() == Health(troubles=(Trouble.UNSAID,))
    voice.say("第一句")
    assert voice.health() == Health()


def test_without_a_card_it_says_what_to_do(ear, voice):
    ear.unplug()
    with pytest.raises(HardwareFault, match="aplay -l") as fault:
        voice.say("第一句")
    assert fault.value.trouble is Trouble.OFFLINE


def test_a_card_that_is_not_there_by_its_name_is_told_with_those_that_are(
    ear, pack, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)  # SDL's disk driver takes the name for a file's
    voice = ClipVoice(ClipsSettings(pack=str(pack), card="USB Speaker"))
    with pytest.raises(HardwareFault, match=r"'USB Speaker' .* there are '[^']+': name one"):
        voice.say("第一句")
    assert voice.health() == Health(usable=False, troubles=(Trouble.OFFLINE,))


def test_what_is_missing_is_told_before_any_call_once_and_the_next_voice_serves(
    ear, tmp_path, caplog
):
    clips = ClipVoice(ClipsSettings(pack=str(tmp_path / "nowhere")))
    mock = MockVoice()
    voice = VoicesInTurn([clips, mock])
    for _ in range(3):
        assert voice.health() == Health(usable=True, troubles=(Trouble.OFFLINE,))
    (told,) = [record.getMessage() for record in caplog.records]
    assert "nowhere cannot be read" in told
    voice.say("第一句")
    assert mock.said == ["第一句"]


def test_a_pack_that_comes_back_is_read_anew(ear, voice, pack, tmp_path):
    voice.say("第一句")
    pack.rename(tmp_path / "away")
    with pytest.raises(HardwareFault, match="cannot be read"):
        voice.say("第一句")
    assert voice.health() == Health(usable=False, troubles=(Trouble.OFFLINE,))
    (tmp_path / "away").rename(pack)
    assert voice.health() == Health()
    voice.say("第二句")
    assert [tone.text for tone in ear.heard()] == ["第一句", "第二句"]


def test_a_clip_that_is_no_sound_is_named(ear, voice, pack):
    (pack / "tone-2.ogg").write_bytes(b"no sound")
    with pytest.raises(HardwareFault, match=r"clip tone-2\.ogg"):
        voice.say("第一句")


def test_a_zip_is_a_pack_too(ear, pack, tmp_path):
    zipped = shutil.make_archive(str(tmp_path / "tones"), "zip", pack)
    ClipVoice(ClipsSettings(pack=zipped)).say("请A零一二号，到三号窗口")
    assert [tone.text for tone in ear.heard()] == ["请A", "零一二号", "到三号窗口"]


def test_a_worker_without_a_card_goes_on_and_speaks_when_it_is_plugged_in(ear, pack):
    posted = Posted()
    settings = ClipsSettings(pack=str(pack))
    worker = Worker(
        "voice",
        lambda: ClipVoice(settings),
        {Say: lambda voice, effect, cut: voice.say(effect.text, cut)},
        posted.post,
        look_s=0.05,
    )
    ear.unplug()
    worker.start()
    posted.until(PartHealth("voice", Health(usable=False, troubles=(Trouble.OFFLINE,))))
    call = Say("请A零一二号，到三号窗口", counter=3, call=1, recall=0, mark=1)
    worker.do(call)
    while not isinstance(failed := posted.take(), Failed):
        pass
    assert "sound card" in failed.sentence
    ear.replug()
    posted.until(PartHealth("voice", Health()))
    worker.do(call)
    posted.until(Done(call))
    worker.stop()
    assert [tone.text for tone in ear.heard()] == ["请A", "零一二号", "到三号窗口"]


def test_in_real_time_say_returns_neither_before_the_end_nor_long_after(
    tmp_path, monkeypatch, pack
):
    ear = Ear(tmp_path, TEXTS, monkeypatch, fast=False)
    voice = ClipVoice(ClipsSettings(pack=str(pack)))
    voice.say("第一句")  # opens the card
    began = time.monotonic()
    voice.say("请A零一二号，到三号窗口")
    took = time.monotonic() - began
    assert 0.06 * 3 + 0.06 <= took < 2.0
    last: Tone = ear.heard()[-1]
    assert (last.text, last.alone) == ("到三号窗口", True)
    assert last.seconds >= WHOLE
    pygame.mixer.quit()
