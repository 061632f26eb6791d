"""The driver of the speech chips keeps the promises of every voice, on chips that speak the real bytes."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast

import pytest

from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.buses.line import open_line
from firmware.hal.voice import Syn6288Settings, open_voice
from firmware.hal.voice.frames import Answer, speak
from firmware.hal.voice.syn6288 import Patience, Syn6288Voice
from hal_mocks.wires.syn6288 import SpeechChip, spoken
from hal_mocks.wires.wired import Wired
from tests.hal.test_voice import LONG, Setup, VoicePromises

SHORT = Patience(answer=0.2, per_character=0.01, more=0.2)
QUICK = 0.001  # seconds per character
Kind = Literal["syn6288", "xfs5152"]
CALL = "请A零一二号，到三号窗口"


@dataclass(frozen=True)
class Mounted:
    """A chip with its line, and the world's side of both."""

    chip: SpeechChip
    wired: Wired

    @property
    def said(self) -> list[str]:
        return self.chip.heard_text

    @property
    def cut_off(self) -> list[str]:
        return [spoken(text) for text in self.chip.cut_off]


def settings_for(wired: Wired, kind: Kind = "syn6288", **changed) -> Syn6288Settings:
    return Syn6288Settings(port=f"serial:{wired.address}?baud=9600", chip=kind, **changed)


@dataclass(frozen=True)
class Silenced(Mounted):
    """Here it breaks down by falling silent, its line whole."""

    def break_down(self) -> None:
        self.chip.mute = True

    def repair(self) -> None:
        self.chip.mute = False


@dataclass(frozen=True)
class Unplugged(Mounted):
    def break_down(self) -> None:
        self.wired.unplug()

    def repair(self) -> None:
        self.wired.replug()


@dataclass(frozen=True)
class Babbling(Mounted):
    """Here noise drowns its line, with every byte in it that is no answer."""

    def break_down(self) -> None:
        self.chip.babble = bytes(set(range(256)) - {*b"AEJNO"}) * 4

    def repair(self) -> None:
        self.chip.babble = b""


@dataclass(frozen=True)
class Rejecting(Mounted):
    def break_down(self) -> None:
        self.chip.reject = True

    def repair(self) -> None:
        self.chip.reject = False


@pytest.fixture(params=["syn6288", "xfs5152"])
def kind(request: pytest.FixtureRequest) -> Kind:
    return cast("Kind", request.param)


class TestSpeechChip(VoicePromises):
    @pytest.fixture(params=[Silenced, Unplugged, Babbling, Rejecting])
    def setup(self, kind: Kind, request: pytest.FixtureRequest) -> Iterator[Setup]:
        chip = SpeechChip(kind, seconds_per_character=QUICK)
        with Wired(chip) as wired:
            voice = Syn6288Voice(settings_for(wired, kind), patience=SHORT)
            yield Setup(voice, request.param(chip, wired))
            voice.close()

    @pytest.fixture
    def slow(self, kind: Kind) -> Iterator[Setup]:
        chip = SpeechChip(kind, seconds_per_character=2 / len(LONG))
        with Wired(chip) as wired:
            voice = Syn6288Voice(settings_for(wired, kind), patience=Patience(answer=0.2))
            yield Setup(voice, Silenced(chip, wired))
            voice.close()


@pytest.fixture
def chip(kind: Kind) -> SpeechChip:
    return SpeechChip(kind, seconds_per_character=QUICK)


@pytest.fixture
def wired(chip: SpeechChip) -> Iterator[Wired]:
    with Wired(chip) as wired:
        yield wired


@pytest.fixture
def voice(wired: Wired, kind: Kind) -> Iterator[Syn6288Voice]:
    voice = Syn6288Voice(settings_for(wired, kind), patience=SHORT)
    yield voice
    voice.close()


def test_volume_and_opening_go_before_the_sentence_and_are_not_read_out(chip, wired, kind):
    voice = Syn6288Voice(settings_for(wired, kind, volume=6, opening="[n1]"), patience=SHORT)
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


def test_what_is_missing_is_told_before_any_call_and_once(chip, voice, caplog):
    chip.mute = True
    for _ in range(3):
        assert not voice.health().usable
    (told,) = [record.getMessage() for record in caplog.records]
    assert "does not answer; check its power" in told


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


def test_a_chip_that_never_comes_to_an_end_is_a_fault_and_is_told_to_stop(chip, voice):
    chip.hang = True
    with pytest.raises(HardwareFault, match="still speaks"):
        voice.say(CALL)
    chip.hang = False
    assert voice.health() == Health()
    assert not chip.speaking
    voice.say("下一句")
    assert chip.heard_text[-1] == "下一句"


def test_a_chip_that_starts_anew_in_the_middle_was_not_heard(chip, voice):
    chip.reboot = True
    with pytest.raises(HardwareFault, match="started anew"):
        voice.say(CALL)
    chip.reboot = False
    voice.say(CALL)
    assert chip.heard_text == [CALL]


def test_what_a_killed_process_began_is_not_cut_off(chip, wired, kind):
    chip.seconds_per_character = 0.02
    begun = speak(kind, "请B零零一号，到二号窗口".encode("gbk"))
    killed = open_line(settings_for(wired, kind).place)
    killed.send(begun, 1)
    came = b""
    while bytes([Answer.ACCEPTED]) not in came:  # perhaps after the report that it is ready
        came += killed.read(5)
    killed.close()
    voice = Syn6288Voice(settings_for(wired, kind), patience=SHORT)
    voice.say(CALL)
    voice.close()
    assert chip.heard_text == ["请B零零一号，到二号窗口", CALL]
    assert chip.cut_off == []


def test_a_chip_that_hung_before_keeps_the_next_sentence_waiting_for_a_bounded_time(chip, voice):
    chip.hang = True
    chip.heard(speak("syn6288", "昨天".encode("gbk")), time.monotonic())
    start = time.monotonic()
    with pytest.raises(HardwareFault):
        voice.say(CALL)
    assert time.monotonic() - start < 5


def test_a_chip_whose_line_drains_no_byte_is_a_fault_within_a_second(chip, kind):
    with Wired(chip, appetite=lambda: 0) as wired:
        voice = Syn6288Voice(settings_for(wired, kind), patience=SHORT)
        start = time.monotonic()
        with pytest.raises(HardwareFault, match="does not answer"):
            voice.say(CALL)
        assert not voice.health().usable
        assert time.monotonic() - start < 5
        voice.close()


def test_a_slow_line_costs_time_and_no_word(kind):
    chip = SpeechChip(kind, seconds_per_character=QUICK, gap_seconds=1)
    with Wired(chip, appetite=lambda: 3) as wired:
        voice = Syn6288Voice(settings_for(wired, kind), patience=Patience(answer=2))
        voice.say(CALL)
        assert chip.heard_text == [CALL]
        voice.close()


def test_a_plug_that_is_pulled_in_the_middle_is_one_fault_and_heals(kind):
    chip = SpeechChip(kind, seconds_per_character=60)
    with Wired(chip) as wired:
        voice = Syn6288Voice(settings_for(wired, kind))
        pull = threading.Timer(0.1, wired.unplug)
        pull.start()
        with pytest.raises(HardwareFault, match="cannot be reached") as caught:
            voice.say(CALL)
        assert caught.value.trouble is Trouble.OFFLINE
        pull.join()
        wired.replug()
        assert voice.health() == Health()
        voice.close()


def test_a_syn6288_that_settings_call_the_other_chip_is_noticed():
    with Wired(SpeechChip("syn6288")) as wired:
        voice = Syn6288Voice(settings_for(wired, "xfs5152"), patience=SHORT)
        with pytest.raises(HardwareFault):
            voice.say(CALL)
        assert not voice.health().usable
        voice.close()


def test_open_voice_opens_the_chip_that_the_settings_name(chip, wired, kind):
    voice = open_voice(settings_for(wired, kind))
    voice.say(CALL)
    assert chip.heard_text == [CALL]
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
