"""The push buttons and LEDs of a Pi that is not there: the real drivers feel them as those on real pins."""

from __future__ import annotations

import pytest

from firmware.hal import Health
from firmware.hal.keypad import GpioKeypadSettings
from firmware.hal.keypad.gpio import GpioKeypad
from firmware.hal.lamps import GpioLampsSettings, Light
from firmware.hal.lamps.gpio import GpioLamps
from hal_mocks.wires.pins import Buttons, Leds, PiPins
from tests.hal.keypads import Inbox
from tests.wires.patience import until


@pytest.mark.parametrize("pull_up", [True, False])
def test_each_press_is_one_whichever_way_the_button_is_wired(pull_up: bool) -> None:
    pins, inbox = PiPins(), Inbox()
    settings = GpioKeypadSettings(
        keys={"next": 5, "help": 6, "pause": 13},
        pull_up=pull_up,
        normally_closed=("help",),
        hold_ms={"help": 100, "pause": 50},
    )
    buttons = Buttons(settings, pins)
    keypad = GpioKeypad(settings, pins)
    keypad.listen(inbox.post)
    for key in ("next", "help", "next", "pause"):
        buttons.press(key)
    assert [inbox.take() for _ in range(4)] == ["next", "help", "next", "pause"]
    assert keypad.health() == Health()
    keypad.close()
    assert inbox.rest() == []


def test_a_button_that_is_not_there_cannot_be_pressed() -> None:
    buttons = Buttons(GpioKeypadSettings(keys={"next": 5}), PiPins())
    with pytest.raises(ValueError, match="no key 'nxt'; there are: next"):
        buttons.press("nxt")


@pytest.mark.parametrize("active_high", [True, False])
def test_an_led_is_seen_whichever_way_it_is_wired_and_one_that_blinks_at_each_change(
    active_high: bool,
) -> None:
    pins = PiPins()
    settings = GpioLampsSettings(lamps={"next": 17, "close": 22}, active_high=active_high)
    leds = Leds(settings, pins)
    lamps = GpioLamps(settings, pins, blink_seconds=0.02)
    lamps.light("next", Light.ON)
    assert leds.lit == {"next": True, "close": False}
    lamps.light("close", Light.BLINK)
    until(lambda: leds.history.count(("close", True)) >= 3)
    lamps.close()
    assert leds.lit == {"next": False, "close": False}
