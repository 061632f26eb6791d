"""What a device may rely on of any voice; tests/wires keeps the real driver to the same promises."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Protocol

import msgspec
import pytest

from firmware.hal import HardwareFault, Health
from firmware.hal.voice import Voice, VoiceSettings
from hal_mocks.voice import MockVoice

LONG = "各位市民请注意，大厅即将结束今天的服务，请尚未办理的市民到咨询台登记"
"""What a slow voice needs two seconds for."""


class World(Protocol):
    """What happens to a voice, and the sentences that people heard to their end."""

    @property
    def said(self) -> list[str]: ...
    @property
    def cut_off(self) -> list[str]: ...
    def break_down(self) -> None: ...
    def repair(self) -> None: ...


@dataclass(frozen=True)
class Setup:
    voice: Voice
    world: World


class VoicePromises:
    """Collected through its heirs, each with fixtures `setup` and `slow`, which needs two seconds for `LONG`.

    `cut_s` is when that sounds for certain.
    """

    cut_s = 0.3

    def test_a_sentence_was_heard_when_say_returns(self, setup: Setup):
        heard = []
        for sentence in ("请A零一二号，到三号窗口", "请B零零一号，到十二号窗口"):
            setup.voice.say(sentence)
            heard.append(sentence)
            assert setup.world.said == heard

    def test_sentences_are_heard_in_order_and_none_cuts_off_another(self, setup: Setup):
        sentences = [f"请A零零{number}号，到三号窗口" for number in "一二三四五六七八"]
        for sentence in sentences:
            setup.voice.say(sentence)
        assert setup.world.said == sentences
        assert setup.world.cut_off == []

    def test_a_well_voice_is_usable(self, setup: Setup):
        assert setup.voice.health() == Health()

    def test_a_broken_voice_is_a_fault_each_time_and_heals_when_repaired(self, setup: Setup):
        setup.voice.say("第一句")
        setup.world.break_down()
        for _ in range(2):
            with pytest.raises(HardwareFault):
                setup.voice.say("第二句")
        setup.world.repair()
        setup.voice.say("第三句")
        assert setup.world.said == ["第一句", "第三句"]

    def test_a_broken_voice_is_not_usable_until_it_is_repaired(self, setup: Setup):
        setup.world.break_down()
        health = setup.voice.health()
        assert not health.usable
        assert health.troubles
        setup.world.repair()
        assert setup.voice.health() == Health()

    def test_what_is_cut_before_it_began_does_not_sound(self, setup: Setup):
        cut = threading.Event()
        cut.set()
        setup.voice.say("第一句", cut)
        setup.voice.say("第二句")
        assert setup.world.said == ["第二句"]
        assert setup.world.cut_off == []

    def test_what_is_cut_while_it_sounds_breaks_off_at_once_and_the_next_is_heard(
        self, slow: Setup
    ):
        cut = threading.Event()
        began = time.monotonic()
        threading.Timer(self.cut_s, cut.set).start()
        slow.voice.say(LONG, cut)
        assert self.cut_s <= time.monotonic() - began < self.cut_s + 1.0
        slow.voice.say("第二句")
        assert slow.world.said == ["第二句"]
        assert slow.world.cut_off == [LONG]

    def test_a_cut_that_never_comes_changes_nothing(self, setup: Setup):
        setup.voice.say("第一句", threading.Event())
        assert setup.world.said == ["第一句"]
        assert setup.world.cut_off == []


class TestMockVoice(VoicePromises):
    @pytest.fixture
    def setup(self) -> Setup:
        voice = MockVoice()
        return Setup(voice, voice)

    @pytest.fixture
    def slow(self) -> Setup:
        voice = MockVoice(2 / len(LONG))
        return Setup(voice, voice)

    def test_the_watcher_sees_each_sentence_while_it_sounds_and_after(self):
        seen: list[tuple[str, list[str]]] = []
        voice = MockVoice(watcher=lambda: seen.append((voice.saying, list(voice.said))))
        voice.say("第一句")
        assert seen == [("第一句", []), ("", ["第一句"])]

    def test_breaking_down_in_the_middle_ends_the_sentence_unheard(self):
        sounding = threading.Event()
        voice = MockVoice(seconds_per_character=10, watcher=sounding.set)

        def break_it() -> None:
            sounding.wait(5)
            voice.break_down()

        breaker = threading.Thread(target=break_it)
        breaker.start()
        with pytest.raises(HardwareFault):
            voice.say("第一句")
        breaker.join()
        assert voice.said == []


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"port": "tcp:192.168.1.60"}, "lacks a TCP port"),
        ({"port": "serial:"}, "no place"),
        ({"chip": "syn7000"}, "Invalid enum value"),
        ({"volume": 17}, "<= 16"),
        ({"chip": "xfs5152", "volume": 12}, "volumes 0 to 10"),
        ({"opening": "叮咚"}, "matching regex"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(changed, why):
    table = {"model": "syn6288", "port": "serial:/dev/ttyAMA0"}
    assert msgspec.convert(table, VoiceSettings)
    with pytest.raises(msgspec.ValidationError, match=why):
        msgspec.convert(table | changed, VoiceSettings)
