"""The technician's bench: nothing is tried by halves, and a verdict says what was found."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import msgspec
import pytest

from broker.settings import Hall, Kind
from firmware.bench.catalogue import kind_of, kinds, main
from firmware.bench.part import Part
from firmware.bench.person import Person
from firmware.bench.steps import LISTENERS, TRIED, steps
from firmware.bench.verdicts import By, PartTried, Verdict, report
from firmware.check import load
from firmware.device import LightLamp, Show
from firmware.hal import HardwareFault, Trouble
from firmware.hal.keypad import GpioKeypadSettings
from firmware.hal.lamps import GpioLampsSettings, Light
from hal_mocks.keypad import MockKeypad
from hal_mocks.lamps import MockLamps
from hal_mocks.led_panel import MockLedPanel
from hal_mocks.virtual_hall.demo import SAMPLE

Calls = Mapping[type, Callable[[Any, Any], object]]

KEYS = GpioKeypadSettings(keys={"next": 5, "recall": 6})
LAMPS = GpioLampsSettings(lamps={"next": 17, "serve": 27})
SHOWS: Calls = {Show: lambda panel, effect: panel.show(effect.text)}
LIGHTS: Calls = {LightLamp: lambda lamps, effect: lamps.light(effect.lamp, effect.light)}


@pytest.fixture(scope="module")
def hall() -> Hall:
    return load(SAMPLE)


def tried(hall: Hall, part: Part, opened: Any, *, says: str = "") -> list[Verdict]:
    person = Person(io.StringIO(says), io.StringIO())
    return list(steps(part, opened, person, hall, now=0, patience_s=0.01))


class PressedInTurn(MockKeypad):
    """A keypad whose keys a quick person presses the moment somebody listens for them."""

    def __init__(self, *turns: str) -> None:
        super().__init__()
        self._turns = list(turns)

    def press_next(self, sentence: str) -> None:
        if "Press the key" in sentence and self._turns:
            self.press(self._turns.pop(0))


def with_a_hand(hall: Hall, keypad: PressedInTurn) -> list[Verdict]:
    class Hand(Person):
        def tell(self, sentence: str) -> None:
            keypad.press_next(sentence)

    part = Part("keys", "keypad", KEYS, {})
    return list(steps(part, keypad, Hand(io.StringIO()), hall, now=0, patience_s=0.01))[1:]


def test_every_key_that_comes_passes(hall):
    verdicts = with_a_hand(hall, PressedInTurn("next", "recall"))
    assert [(v.step, v.passed, v.by) for v in verdicts] == [
        ("the key 'next' tells its press", True, By.MACHINE),
        ("the key 'recall' tells its press", True, By.MACHINE),
    ]


def test_keys_that_changed_places_are_named(hall):
    first, second = with_a_hand(hall, PressedInTurn("recall", "next"))
    assert not first.passed
    assert "'recall' came instead" in first.why
    assert not second.passed


def test_a_key_that_nobody_hears_fails_and_the_next_is_asked_for_all_the_same(hall):
    first, second = with_a_hand(hall, PressedInTurn())
    assert (first.passed, second.passed) == (False, False)
    assert "nothing came" in first.why


def test_a_press_before_it_is_asked_for_counts_for_nothing(hall):
    class Hasty(MockKeypad):
        def listen(self, post):
            super().listen(post)
            self.press("next")

    _, first, second = tried(hall, Part("keys", "keypad", KEYS, {}), Hasty())
    assert (first.passed, second.passed) == (False, False)


def test_a_dead_led_is_what_the_person_says(hall):
    verdicts = tried(hall, Part("lamps", "lamps", LAMPS, LIGHTS), MockLamps(), says="y\nn\ny\n")
    assert [(v.passed, v.by) for v in verdicts] == [
        (True, By.PERSON),
        (False, By.PERSON),
        (True, By.PERSON),
    ]


def test_each_lamp_is_lit_alone_and_all_are_dark_at_the_end(hall):
    lamps = MockLamps(LAMPS.lamps)
    tried(hall, Part("lamps", "lamps", LAMPS, LIGHTS), lamps, says="y\n" * 3)
    assert lamps.history == [
        ("next", Light.BLINK),
        ("next", Light.OFF),
        ("serve", Light.BLINK),
        ("serve", Light.OFF),
    ]


def test_a_part_that_is_not_there_fails_in_its_drivers_words_and_nobody_is_asked(hall):
    panel = MockLedPanel()
    panel.unplug()
    answers, shows = tried(hall, Part("led", "led_panel", None, SHOWS), panel, says="y\n")
    assert (answers.passed, answers.why) == (False, "offline")
    assert (shows.passed, shows.by) == (False, By.MACHINE)
    assert "unplugged" in shows.why


def test_a_fault_in_the_looking_is_a_verdict_too(hall):
    class Broken(MockLedPanel):
        def health(self):
            raise HardwareFault("it fell off the wall", Trouble.BROKEN)

    answers, _ = tried(hall, Part("led", "led_panel", None, SHOWS), Broken(), says="y\n")
    assert (answers.passed, answers.why) == (False, "it fell off the wall")


def test_where_nobody_answers_nothing_passes(hall):
    _, shows = tried(hall, Part("led", "led_panel", None, SHOWS), MockLedPanel())
    assert (shows.passed, shows.why) == (False, "nobody answered")


def test_a_card_leaves_nothing_in_its_verdict(hall):
    class Reader(MockKeypad):
        def listen(self, post):
            post("110101199001011237")

    verdicts = tried(hall, Part("cards", "card_reader", None, {}), Reader())
    assert verdicts[-1] == Verdict("it reads a card", passed=True)
    assert "1101" not in repr(verdicts)


def test_an_answer_that_is_none_is_asked_for_again():
    mouth = io.StringIO()
    assert Person(io.StringIO("maybe\n是\n"), mouth).asks("Lit?") is True
    assert mouth.getvalue().count("Lit?") == 2


def test_everything_that_any_device_does_with_its_parts_can_be_tried(hall):
    for kind in Kind:
        room = import_module(f"firmware.{kind.value}.hardware")
        device = next(one for one in hall.device.values() if one.kind is kind)
        hardware = msgspec.convert(device.hardware, room.Hardware)
        for part, does in room.wiring(hall, hardware).parts.items():
            assert set(does) <= set(TRIED), (kind, part)


def test_a_part_that_is_told_nothing_is_listened_to(hall):
    for kind in Kind:
        room = import_module(f"firmware.{kind.value}.hardware")
        for device in (one for one in hall.device.values() if one.kind is kind):
            hardware = msgspec.convert(device.hardware, room.Hardware)
            for part, does in room.wiring(hall, hardware).parts.items():
                settings = getattr(hardware, part)
                assert does or settings is None or kind_of(settings) in LISTENERS, part


def test_the_list_names_every_model_with_all_its_settings(capsys):
    assert main([]) == 0
    told = capsys.readouterr().out
    for kind in kinds():
        assert f"{kind.name}: {kind.about}" in told
        for model in kind.models:
            assert model.about, f"{model.name} says nothing of itself"
            assert f'model = "{model.name}"' in told
            for setting in model.settings:
                assert setting.name in told
    assert "port    a text; needed" in told
    assert '"5K" or "6K"; needed' in told


def test_the_list_of_one_model_names_no_other(capsys):
    assert main(["onbon"]) == 0
    told = capsys.readouterr().out
    assert "led_panel" in told
    assert "keypad" not in told
    with pytest.raises(SystemExit):
        main(["obnon"])


def test_a_kind_is_where_the_settings_are_defined():
    assert (kind_of(KEYS), kind_of(LAMPS)) == ("keypad", "lamps")


def test_a_report_says_so_when_it_was_broken_off():
    parts = (PartTried("led", "{}", (Verdict("it answers and is well", passed=True),)),)
    whole = report({"hall": "A"}, parts, finished=True)
    assert "result: 1 of 1 steps passed" in whole
    assert "NOT FINISHED" not in whole
    assert "NOT FINISHED" in report({"hall": "A"}, parts, finished=False)
