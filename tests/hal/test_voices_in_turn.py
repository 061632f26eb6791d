"""Several voices in turn: the best that can says a sentence, once; what is missing is told, and the hall goes on."""

from __future__ import annotations

import threading

import msgspec
import pytest

from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.voice import VoiceSettings, open_voice
from firmware.hal.voice.in_turn import VoicesInTurn
from hal_mocks.voice import MockVoice
from tests.hal.test_voice import LONG, Setup, VoicePromises

CHIP = {"model": "syn6288", "port": "serial:/dev/serial0"}
CLIPS = {"model": "clips", "pack": "pack"}
ESPEAK = {"model": "espeak"}


class TestTheLastOfThreeThatWorks(VoicePromises):
    @pytest.fixture
    def setup(self) -> Setup:
        last = MockVoice()
        return Setup(VoicesInTurn([broken(), broken(), last]), last)

    @pytest.fixture
    def slow(self) -> Setup:
        last = MockVoice(2 / len(LONG))
        return Setup(VoicesInTurn([broken(), last]), last)

    def test_a_well_voice_is_usable(self, setup: Setup):
        assert setup.voice.health() == Health(usable=True, troubles=(Trouble.BROKEN,))

    def test_a_broken_voice_is_not_usable_until_it_is_repaired(self, setup: Setup):
        setup.world.break_down()
        assert not setup.voice.health().usable
        setup.world.repair()
        assert setup.voice.health().usable


class TestOneAlone(VoicePromises):
    @pytest.fixture
    def setup(self) -> Setup:
        first = MockVoice()
        return Setup(VoicesInTurn([first]), first)

    @pytest.fixture
    def slow(self) -> Setup:
        first = MockVoice(2 / len(LONG))
        return Setup(VoicesInTurn([first]), first)


def broken() -> MockVoice:
    voice = MockVoice()
    voice.break_down()
    return voice


def test_the_first_that_can_speaks_alone():
    first, second = MockVoice(), MockVoice()
    VoicesInTurn([first, second]).say("第一句")
    assert (first.said, second.said) == (["第一句"], [])


def test_what_one_cannot_say_the_next_says_and_then_the_first_again():
    first, second = MockVoice(), MockVoice()
    voices = VoicesInTurn([first, second])
    first.break_down()
    voices.say("第一句")
    first.repair()
    voices.say("第二句")
    assert (first.said, second.said) == (["第二句"], ["第一句"])


class Lacking(MockVoice):
    """A pack without recordings of anything that is asked of it."""

    def say(self, text: str, cut: threading.Event | None = None) -> None:  # noqa: ARG002 - it says nothing
        raise HardwareFault(f"There is no recording of {text!r}.", Trouble.UNSAID)

    def health(self) -> Health:
        return Health(troubles=(Trouble.UNSAID,))


def test_a_free_sentence_of_which_a_pack_has_nothing_is_said_by_the_voice_behind_it_and_is_no_trouble():
    behind = MockVoice()
    voices = VoicesInTurn([Lacking(), behind])
    voices.say("请从最近的出口离开")
    assert behind.said == ["请从最近的出口离开"]
    assert voices.health() == Health()


def test_what_no_voice_could_say_stands_in_their_health_until_one_can_speak_again():
    behind = MockVoice()
    voices = VoicesInTurn([Lacking(), behind])
    behind.break_down()
    with pytest.raises(HardwareFault, match="no recording"):
        voices.say("请从最近的出口离开")
    assert Trouble.UNSAID in voices.health().troubles
    behind.repair()
    voices.say("请从最近的出口离开")
    assert voices.health() == Health()


def test_a_voice_that_is_missing_stands_in_the_health_of_those_that_work():
    first, second = MockVoice(), MockVoice()
    voices = VoicesInTurn([first, second])
    assert voices.health() == Health()
    first.break_down()
    assert voices.health() == Health(usable=True, troubles=(Trouble.BROKEN,))
    second.break_down()
    assert voices.health() == Health(usable=False, troubles=(Trouble.BROKEN,))


def test_when_none_can_the_fault_holds_the_sentence_of_each(tmp_path):
    voices = [CLIPS | {"pack": str(tmp_path / name)} for name in "ab"]
    settings = msgspec.convert({"model": "in_turn", "voices": voices}, VoiceSettings)
    with pytest.raises(HardwareFault, match=r"pack .*/a cannot be read.*; .*pack .*/b cannot"):
        open_voice(settings).say("第一句")


def test_that_the_next_one_speaks_is_logged_once(caplog):
    first, second = MockVoice(), MockVoice()
    voices = VoicesInTurn([first, second])
    first.break_down()
    for _ in range(3):
        voices.say("第一句")
    assert [r.getMessage() for r in caplog.records] == [
        "the next voice speaks instead: The mock voice broke down. Repair it on the world's side."
    ]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"voices": [CHIP]}, "length >= 2"),
        ({"voices": [CLIPS, ESPEAK | {"card": "USB"}]}, "one sound card"),
        ({"voices": [CLIPS, {"model": "in_turn", "voices": []}]}, "Invalid value 'in_turn'"),
        ({"voices": [CLIPS, {"model": "clips"}]}, "pack"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(changed, why):
    table = {"model": "in_turn", "voices": [CHIP, CLIPS, ESPEAK]}
    assert msgspec.convert(table, VoiceSettings)
    with pytest.raises(msgspec.ValidationError, match=why):
        msgspec.convert(table | changed, VoiceSettings)


def test_one_board_has_one_sound_card_and_a_voice_in_turn_claims_it_once():
    settings = msgspec.convert({"model": "in_turn", "voices": [CHIP, CLIPS, ESPEAK]}, VoiceSettings)
    assert [(claim.steps, claim.what) for claim in settings.claims()] == [
        (("voices", 0, "port"), "the port 'serial:/dev/serial0'"),
        (("voices", 1, "card"), "the sound card"),
    ]


def test_two_chips_of_one_voice_cannot_have_one_port():
    settings = msgspec.convert({"model": "in_turn", "voices": [CHIP, CHIP]}, VoiceSettings)
    assert len(list(settings.claims())) == 2
