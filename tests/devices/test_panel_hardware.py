"""A panel's table in hall.toml: every key and lamp of its thinking has a name there, and nothing else has."""

from __future__ import annotations

import msgspec
import pytest

from broker.settings import Device, Hall, Kind
from firmware.caller_panel.hardware import Hardware, can_type, problems

LED = {"model": "onbon", "card": "6K", "port": "tcp:192.168.1.60", "width": 192, "height": 16}
REASONS = ("pause:lunch", "pause:paper")


def told(hall: Hall, keys: tuple[str, ...] = (), lamps: tuple[str, ...] = ()) -> list[str]:
    table = {
        "led": LED,
        "keys": {
            "model": "gpio",
            "keys": {name: pin for pin, name in enumerate(("serve", *keys), 2)},
        },
        "lamps": {
            "model": "gpio",
            "lamps": {name: pin for pin, name in enumerate(("next", *lamps), 20)},
        },
    }
    hardware = msgspec.convert(table, Hardware)
    return [problem.sentence for problem in problems(hall, hall.device["panel-1"], hardware)]


def test_every_key_and_lamp_of_a_panel_is_known(hall: Hall):
    keys = ("next", "recall", "close", "no_show", "undo", "hold", "hold:any", "pause", *REASONS)
    assert told(hall, (*keys, "transfer:card", "transfer:2")) == []
    assert told(hall, lamps=("close", "undo", "hold", "pause", *REASONS)) == []


def test_to_call_by_hand_a_panel_has_all_digits_and_a_key_for_the_letter(hall: Hall):
    digits = tuple("0123456789")
    assert told(hall, (*digits, "prefix")) == []
    (sentence,) = told(hall, (*digits[:8], "prefix"))
    assert "there is no 8, 9" in sentence
    (sentence,) = told(hall, ("prefix",))
    assert "needs all keys 0 to 9" in sentence
    (sentence,) = told(hall, digits)
    assert "numbers with A and B and C and K" in sentence
    assert "a key 'prefix' too" in sentence


def test_a_panel_with_all_digits_can_type(hall: Hall):
    keys = {name: pin for pin, name in enumerate("0123456789", 2)}
    typing = Device(id="p", kind=Kind.CALLER_PANEL, counter=1, hardware={"keys": {"keys": keys}})
    assert can_type(typing)
    del keys["7"]
    assert not can_type(typing)
    assert not can_type(Device(id="p", kind=Kind.CALLER_PANEL, counter=1))


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("pause:lnch", "'pause:lnch' is no key of a panel; did you mean 'pause:lunch'?"),
        ("hold:all", "'hold:all' is no key of a panel; did you mean 'hold:any'?"),
        ("undoo", "'undoo' is no key of a panel; did you mean 'undo'?"),
    ],
)
def test_a_misspelt_key_is_told_with_its_likely_meaning(hall: Hall, key: str, sentence: str):
    assert told(hall, (key,)) == [sentence]


def test_a_reason_that_the_hall_does_not_have_is_told(hall: Hall):
    without = msgspec.convert(msgspec.to_builtins(hall) | {"pauses": []}, Hall)
    (sentence,) = told(without, ("pause:lunch",))
    assert sentence.startswith("'pause:lunch' is no key of a panel")


def test_a_misspelt_lamp_is_told(hall: Hall):
    assert told(hall, lamps=("hld",)) == ["'hld' is no lamp of a panel; did you mean 'hold'?"]
