"""What a device may rely on of any lamps; the pins are gpiozero's mock pins."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec
import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPin

from firmware.hal import HardwareFault
from firmware.hal.buses.line import Lines
from firmware.hal.lamps import GpioLampsSettings, Lamps, LampsSettings, Light, open_lamps
from firmware.hal.lamps.gpio import GpioLamps
from hal_mocks.lamps import MockLamps

LAMPS = {"next": 5, "reminder": 6}


@dataclass(frozen=True)
class Setup:
    """`does(lamp, light)`: whether one sees the lamp do that."""

    lamps: Lamps
    does: Callable[[str, Light], bool]


class LampsPromises:
    """Collected through its heirs, each with a fixture `setup`."""

    def test_every_lamp_is_dark_at_first(self, setup: Setup):
        assert all(setup.does(lamp, Light.OFF) for lamp in LAMPS)

    @pytest.mark.parametrize("before", Light)
    @pytest.mark.parametrize("light", Light)
    def test_a_lamp_does_what_it_was_told_last(self, setup: Setup, before, light):
        setup.lamps.light("next", before)
        setup.lamps.light("next", light)
        assert setup.does("next", light)

    def test_each_lamp_is_on_its_own(self, setup: Setup):
        setup.lamps.light("next", Light.ON)
        assert setup.does("reminder", Light.OFF)
        setup.lamps.light("reminder", Light.BLINK)
        setup.lamps.light("next", Light.OFF)
        assert setup.does("reminder", Light.BLINK)

    def test_a_lamp_that_settings_do_not_give_changes_nothing(self, setup: Setup):
        setup.lamps.light("heating", Light.ON)
        assert all(setup.does(lamp, Light.OFF) for lamp in LAMPS)

    def test_close_puts_every_lamp_out(self, setup: Setup):
        setup.lamps.light("next", Light.ON)
        setup.lamps.light("reminder", Light.BLINK)
        setup.lamps.close()
        assert all(setup.does(lamp, Light.OFF) for lamp in LAMPS)


class TestMockLamps(LampsPromises):
    @pytest.fixture
    def setup(self) -> Setup:
        lamps = MockLamps(LAMPS)
        return Setup(lamps, lambda lamp, light: lamps.lit[lamp] is light)

    def test_its_history_and_its_watcher_know_each_change_once(self):
        told: list[int] = []
        lamps = MockLamps(LAMPS, watcher=lambda: told.append(len(lamps.history)))
        for light in (Light.ON, Light.ON, Light.BLINK):
            lamps.light("next", light)
        assert lamps.history == [("next", Light.ON), ("next", Light.BLINK)]
        assert told == [1, 2]


class SeenPin(MockPin):  # type: ignore[misc] # gpiozero has no types
    """A pin whose changes can be waited for."""

    def __init__(self, *arguments) -> None:
        self.seen: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self.written: list[bool] = []
        super().__init__(*arguments)

    def _set_state(self, value):
        self.written.append(value)
        super()._set_state(value)

    def _change_state(self, value):
        changed = super()._change_state(value)
        if changed:
            self.seen.put(value)
        return changed


class TestGpioLamps(LampsPromises):
    @pytest.fixture
    def setup(self) -> Iterator[Setup]:
        pins = MockFactory(pin_class=SeenPin)
        lamps = GpioLamps(GpioLampsSettings(lamps=LAMPS), pins, blink_seconds=0.002)
        yield Setup(lamps, lambda lamp, light: pin_does(pins.pin(LAMPS[lamp]), light))
        lamps.close()


def pin_does(pin: SeenPin, light: Light) -> bool:
    match light:
        case Light.OFF:
            return not pin.state
        case Light.ON:
            return bool(pin.state)
        case Light.BLINK:
            changes = [pin.seen.get(timeout=5) for _ in range(6)]
            return changes in ([True, False] * 3, [False, True] * 3)


def test_a_lamp_that_blinks_already_keeps_its_rhythm():
    pins = MockFactory(pin_class=SeenPin)
    lamps = GpioLamps(GpioLampsSettings(lamps=LAMPS), pins, blink_seconds=3600)
    pin = pins.pin(LAMPS["next"])
    pin.written.clear()
    for _ in range(3):
        lamps.light("next", Light.BLINK)
    assert pin.seen.get(timeout=5) is True
    lamps.close()
    # Lit once, out at the end: it was never started anew.
    assert pin.written == [True, False]


def test_lamps_that_join_3_volts_and_their_pin_shine_when_it_is_low():
    pins = MockFactory()
    lamps = GpioLamps(GpioLampsSettings(lamps=LAMPS, active_high=False), pins)
    assert pins.pin(LAMPS["next"]).state is True
    lamps.light("next", Light.ON)
    assert pins.pin(LAMPS["next"]).state is False
    lamps.close()


def test_closed_lamps_give_their_pins_back_and_a_taken_pin_is_a_fault():
    pins = MockFactory()
    settings = GpioLampsSettings(lamps=LAMPS)
    first = GpioLamps(settings, pins)
    with pytest.raises(HardwareFault, match=r"lamp 'next' cannot have GPIO5"):
        GpioLamps(settings, pins)
    first.close()
    GpioLamps(settings, pins).close()


def test_settings_with_one_pin_for_two_lamps_are_refused():
    text = '{"model": "gpio", "lamps": {"next": 5, "reminder": 5}}'
    with pytest.raises(msgspec.ValidationError, match="two lamps share a pin"):
        msgspec.json.decode(text, type=LampsSettings)


def test_open_lamps_opens_what_the_settings_name(monkeypatch):
    monkeypatch.setattr(Device, "pin_factory", MockFactory())
    lamps = open_lamps(GpioLampsSettings(lamps=LAMPS), Lines())
    lamps.light("next", Light.ON)
    assert Device.pin_factory.pin(LAMPS["next"]).state
    lamps.close()
