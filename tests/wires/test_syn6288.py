"""The driver of the speech chips keeps the promises of every voice, on chips that speak the real bytes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pytest

from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.voice import Syn6288Settings, open_voice
from firmware.hal.voice.syn6288 import Patience, Syn6288Voice
from hal_mocks.wires.syn6288 import SpeechChip
from hal_mocks.wires.wired import Wired
from tests.hal.test_voice import Setup, VoicePromises

SHORT = Patience(answer=0.2, per_character=0.01, more=0.2)
QUICK = 0.001  # seconds per character
CALL = "请A零一二号，到三号窗口"


@dataclass(frozen=True)
class Mounted:
    """A chip with its line, and the world's side: it breaks down by falling silent."""

    chip: SpeechChip

    @property
    def said(self) -> list[str]:
        return self.chip.heard_text

    def break_down(self) -> None:
        self.chip.mute = True

    def repair(self) -> None:
        self.chip.mute = False


@dataclass(frozen=True)
class Unpluggable(Mounted):
    """Here it breaks down by its plug."""

    wired: Wired

    def break_down(self) -> None:
        self.wired.unplug()

    def repair(self) -> None:
        self.wired.replug()


def settings_for(wired: Wired, chip: Literal["syn6288", "xfs5152"] = "syn6288", **changed):
    return Syn6288Settings(port=f"serial:{wired.address}?baud=9600", chip=chip, **changed)


class TestSyn6288(VoicePromises):
    @pytest.fixture
    def setup(self) -> Iterator[Setup]:
        chip = SpeechChip(seconds_per_character=QUICK)
        with Wired(chip) as wired:
            voice = Syn6288Voice(settings_for(wired), patience=SHORT)
            yield Setup(voice, Mounted(chip))
            voice.close()


class TestXfs5152(VoicePromises):
    @pytest.fixture
    def setup(self) -> Iterator[Setup]:
        chip = SpeechChip("xfs5152", seconds_per_character=QUICK)
        with Wired(chip) as wired:
            voice = open_voice(settings_for(wired, "xfs5152"))
            yield Setup(voice, Unpluggable(chip, wired))
            voice.close()


@pytest.fixture
def chip() -> SpeechChip:
    return SpeechChip(seconds_per_character=QUICK)


@pytest.fixture
def wired(chip: SpeechChip) -> Iterator[Wired]:
    with Wired(chip) as wired:
        yield wired


@pytest.fixture
def voice(wired: Wired) -> Iterator[Syn6288Voice]:
    voice = Syn6288Voice(settings_for(wired), patience=SHORT)
    yield voice
    voice.close()


def test_volume_and_opening_go_before_the_sentence_and_are_not_read_out(chip, wired):
    voice = Syn6288Voice(settings_for(wired, volume=6, opening="[n1]"), patience=SHORT)
    voice.say(CALL)
    assert chip.said == [f"[v6][n1]{CALL}"]
    voice.close()


def test_a_long_text_is_heard_whole_and_no_piece_cuts_off_another(chip, voice):
    text = "请在三号窗口办理业务的市民注意，" * 20 + "谢谢。"
    voice.say(text)
    assert len(chip.said) > 2
    assert "".join(chip.heard_text) == text
    assert chip.cut_off == []


def test_nothing_to_say_reaches_no_chip(chip, voice):
    voice.say("")
    voice.say("㙍")
    assert chip.said == []


def test_a_silent_chip_is_a_fault_that_says_what_to_check(chip, voice):
    chip.mute = True
    with pytest.raises(HardwareFault, match="does not answer; check its power") as caught:
        voice.say(CALL)
    assert caught.value.trouble is Trouble.NO_ANSWER


def test_a_rejected_sentence_is_a_fault_and_the_next_is_heard(chip, voice):
    chip.reject = True
    with pytest.raises(HardwareFault, match="refuses"):
        voice.say(CALL)
    chip.reject = False
    voice.say(CALL)
    assert chip.heard_text == [CALL]


def test_when_only_the_report_of_its_end_is_lost_the_sentence_was_heard(chip, voice):
    chip.lose_end = True
    voice.say(CALL)
    assert chip.heard_text == [CALL]


def test_a_chip_that_never_comes_to_an_end_is_a_fault(chip, voice):
    chip.hang = True
    with pytest.raises(HardwareFault, match="still speaks"):
        voice.say(CALL)
    chip.hang = False
    voice.say("下一句")
    assert chip.heard_text[-1] == "下一句"


def test_a_chip_that_starts_anew_in_the_middle_was_not_heard(chip, voice):
    chip.reboot = True
    with pytest.raises(HardwareFault, match="started anew"):
        voice.say(CALL)
    chip.reboot = False
    voice.say(CALL)
    assert chip.heard_text == [CALL]


def test_a_plug_that_is_pulled_in_the_middle_is_one_fault_and_heals():
    chip = SpeechChip(seconds_per_character=60)
    with Wired(chip) as wired:
        voice = Syn6288Voice(settings_for(wired))
        pull = threading.Timer(0.1, wired.unplug)
        pull.start()
        with pytest.raises(HardwareFault, match="cannot be reached") as caught:
            voice.say(CALL)
        assert caught.value.trouble is Trouble.OFFLINE
        pull.join()
        wired.replug()
        assert voice.health() == Health()
        voice.close()


def test_a_chip_of_the_other_kind_is_noticed(wired):
    voice = Syn6288Voice(settings_for(wired, "xfs5152"), patience=SHORT)
    assert not voice.health().usable
    voice.close()


def test_late_reports_and_noise_are_not_taken_for_the_end(chip, wired, voice):
    chip.seconds_per_character = 0.01
    wired.inject(b"\x4f\x00\x4f")
    voice.say(CALL)
    assert chip.heard_text == [CALL]


def test_noise_after_one_sentence_is_not_taken_for_an_answer_about_the_next(chip, voice):
    chip.noise = b"\x45\x4a"
    for sentence in ("第一句", "第二句"):
        voice.say(sentence)
    assert chip.heard_text == ["第一句", "第二句"]
