"""What a device may rely on of any keypad, and what the GPIO keypad adds; the pins are gpiozero's mock pins."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec
import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPin

from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.keypad import GpioKeypadSettings, Keypad, KeypadSettings, open_keypad
from firmware.hal.keypad.gpio import GpioKeypad
from hal_mocks.keypad import MockKeypad

KEYS = {"next": 17, "recall": 27, "no_show": 22}


class Inbox:
    """Where presses go, from whatever thread."""

    def __init__(self) -> None:
        self._came: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.post = self._came.put

    def take(self) -> str:
        return self._came.get(timeout=5)

    def rest(self) -> list[str]:
        rest = []
        while not self._came.empty():
            rest.append(self._came.get())
        return rest


@dataclass(frozen=True)
class Setup:
    keypad: Keypad
    press: Callable[[str], None]


class KeypadPromises:
    """Collected through its heirs, each with a fixture `setup`."""

    def test_each_press_is_posted_once_under_its_name_and_in_order(self, setup: Setup):
        inbox = Inbox()
        setup.keypad.listen(inbox.post)
        for key in ("next", "recall", "next", "no_show"):
            setup.press(key)
        assert [inbox.take() for _ in range(4)] == ["next", "recall", "next", "no_show"]
        setup.keypad.close()
        assert inbox.rest() == []

    def test_after_close_nothing_is_posted(self, setup: Setup):
        inbox = Inbox()
        setup.keypad.listen(inbox.post)
        setup.keypad.close()
        setup.press("next")
        assert inbox.rest() == []

    def test_a_well_keypad_is_usable_before_and_while_it_listens(self, setup: Setup):
        assert setup.keypad.health() == Health()
        setup.keypad.listen(Inbox().post)
        assert setup.keypad.health() == Health()

    def test_closing_twice_does_no_harm(self, setup: Setup):
        setup.keypad.listen(Inbox().post)
        setup.keypad.close()
        setup.keypad.close()


class TestMockKeypad(KeypadPromises):
    @pytest.fixture
    def setup(self) -> Setup:
        mock = MockKeypad()
        return Setup(mock, mock.press)

    def test_a_broken_mock_keypad_says_so_and_posts_nothing(self):
        mock, inbox = MockKeypad(), Inbox()
        mock.listen(inbox.post)
        mock.break_down()
        mock.press("next")
        assert not mock.health().usable
        mock.repair()
        mock.press("recall")
        assert inbox.rest() == mock.pressed == ["recall"]

    def test_the_watcher_hears_of_each_press_after_it_is_remembered(self):
        memory: list[list[str]] = []
        mock = MockKeypad(watcher=lambda: memory.append(list(mock.pressed)))
        mock.listen(Inbox().post)
        mock.press("next")
        assert memory == [["next"]]


class TestGpioKeypad(KeypadPromises):
    @pytest.fixture
    def setup(self) -> Iterator[Setup]:
        pins = MockFactory()
        keypad = GpioKeypad(GpioKeypadSettings(keys=KEYS, debounce_ms=0), pins)
        yield Setup(keypad, lambda key: tap(pins, key))
        keypad.close()


def tap(pins: MockFactory, key: str) -> None:
    pin = pins.pin(KEYS[key])
    pin.drive_low()
    pin.drive_high()


class LivePin(MockPin):  # type: ignore[misc] # gpiozero has no types
    """A pin whose readings can be waited for, and which can fail or be held down from the start."""

    held = False

    def __init__(self, *arguments) -> None:
        self.reads: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self.fails = False
        super().__init__(*arguments)

    def _get_state(self):
        self.reads.put(True)
        if self.fails:
            raise RuntimeError("GPIO not readable")
        return super()._get_state()

    def _set_pull(self, value):
        super()._set_pull(value)
        if self.held:
            self._change_state(False)

    def wait_until_sampled(self) -> None:
        """What was read first is surely thought about when it is read again."""
        while not self.reads.empty():
            self.reads.get()
        for _ in range(3):
            self.reads.get(timeout=5)

    def change_unseen(self, level: bool) -> None:
        self._change_state(level)


class HeldPin(LivePin):
    held = True


@pytest.fixture
def pins() -> MockFactory:
    return MockFactory(pin_class=LivePin)


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


def keypad_on(
    pins: MockFactory,
    *,
    debounce_ms: int = 0,
    pull_up: bool = True,
    sample_seconds: float = 0.002,
) -> GpioKeypad:
    settings = GpioKeypadSettings(keys=KEYS, debounce_ms=debounce_ms, pull_up=pull_up)
    return GpioKeypad(settings, pins, sample_seconds=sample_seconds)


@pytest.fixture
def keypad(pins: MockFactory, inbox: Inbox) -> Iterator[GpioKeypad]:
    keypad = keypad_on(pins)
    keypad.listen(inbox.post)
    yield keypad
    keypad.close()


def test_a_bouncing_contact_is_posted_once(pins, inbox):
    keypad = keypad_on(pins, debounce_ms=500)
    keypad.listen(inbox.post)
    for _ in range(20):
        tap(pins, "next")
    tap(pins, "recall")
    assert [inbox.take(), inbox.take()] == ["next", "recall"]
    pins.pin(KEYS["next"]).wait_until_sampled()
    keypad.close()
    assert inbox.rest() == []


def test_a_held_key_is_posted_once(pins, inbox, keypad):
    pins.pin(KEYS["next"]).drive_low()
    pins.pin(KEYS["next"]).wait_until_sampled()
    keypad.close()
    assert inbox.rest() == ["next"]


def test_a_key_that_is_held_at_the_start_posts_nothing_until_pressed_anew(inbox):
    pins = MockFactory(pin_class=HeldPin)
    keypad = keypad_on(pins)
    keypad.listen(inbox.post)
    pins.pin(KEYS["next"]).wait_until_sampled()
    pins.pin(KEYS["next"]).drive_high()
    pins.pin(KEYS["next"]).wait_until_sampled()
    pins.pin(KEYS["next"]).drive_low()
    assert inbox.take() == "next"
    keypad.close()
    assert inbox.rest() == []


def test_a_press_whose_edge_is_lost_is_found_by_sampling(pins, inbox, keypad):
    pins.pin(KEYS["next"]).change_unseen(False)
    assert inbox.take() == "next"
    keypad.close()
    assert inbox.rest() == []


def test_after_a_lost_release_the_next_press_counts(pins, inbox, keypad):
    pin = pins.pin(KEYS["next"])
    pin.drive_low()
    assert inbox.take() == "next"
    pin.change_unseen(True)
    pin.wait_until_sampled()
    pin.drive_low()
    assert inbox.take() == "next"


def test_keys_that_join_their_pin_to_3_volts_count_when_high(pins, inbox):
    keypad = keypad_on(pins, pull_up=False, sample_seconds=3600)
    keypad.listen(inbox.post)
    pin = pins.pin(KEYS["next"])
    for _ in ("when it was claimed", "when listening began"):
        pin.reads.get(timeout=5)
    for _ in range(2):
        pin.drive_high()
        assert inbox.take() == "next"
        pin.drive_low()
    keypad.close()
    assert inbox.rest() == []


def test_while_a_key_is_down_a_lost_release_is_found_soon(pins, inbox):
    keypad = keypad_on(pins, sample_seconds=3600)
    keypad.listen(inbox.post)
    pin = pins.pin(KEYS["next"])
    pin.drive_low()
    assert inbox.take() == "next"
    pin.wait_until_sampled()
    keypad.close()


def test_a_post_that_fails_ends_neither_thread_nor_later_presses(pins, caplog):
    inbox = Inbox()

    def post(key: str) -> None:
        inbox.post(key)
        if key == "next":
            raise ValueError("full")

    keypad = keypad_on(pins)
    keypad.listen(post)
    tap(pins, "next")
    tap(pins, "recall")
    assert [inbox.take(), inbox.take()] == ["next", "recall"]
    assert keypad.health().usable
    keypad.close()
    assert "Nobody took the press of key 'next'" in caplog.text


def test_pins_that_cannot_be_read_show_in_its_health_until_they_can_be_again(pins, keypad, caplog):
    pin = pins.pin(KEYS["no_show"])
    pin.fails = True
    pin.wait_until_sampled()
    assert keypad.health() == Health(usable=False, troubles=(Trouble.BROKEN,))
    pin.fails = False
    pin.wait_until_sampled()
    assert keypad.health() == Health()
    assert caplog.text.count("cannot be read") == 1


def test_a_closed_keypad_gives_its_pins_back(pins):
    keypad_on(pins).close()
    keypad_on(pins).close()


def test_a_pin_that_another_device_has_is_a_fault_that_names_key_and_pin(pins):
    first = keypad_on(pins)
    settings = GpioKeypadSettings(keys={"help": 5, "open": 17})
    with pytest.raises(HardwareFault, match=r"key 'open' cannot have GPIO17"):
        GpioKeypad(settings, pins)
    # The one that failed keeps none of the pins that it had claimed.
    GpioKeypad(GpioKeypadSettings(keys={"help": 5}), pins).close()
    first.close()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"model": "gpio", "keys": {"next": 17, "recall": 17}}', "two keys share a pin"),
        ('{"model": "gpio", "keys": {"next": 40}}', "<= 27"),
        ('{"model": "gpio", "keys": {}}', "length >= 1"),
        ('{"model": "gpio", "keys": {"next": 17}, "debounce": 30}', "unknown field"),
        ('{"model": "gpoi", "keys": {"next": 17}}', "Invalid value 'gpoi'"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(text, why):
    with pytest.raises(msgspec.ValidationError, match=why):
        msgspec.json.decode(text, type=KeypadSettings)


@pytest.fixture
def environment(monkeypatch):
    """No pin factory yet, and whatever opening one leaves in the environment is taken back."""
    monkeypatch.setattr(Device, "pin_factory", None)
    for name in ("GPIOZERO_PIN_FACTORY", "LG_WD", "RUNTIME_DIRECTORY"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    return monkeypatch


def test_the_pin_factory_that_the_environment_names_is_taken(environment, inbox):
    environment.setenv("GPIOZERO_PIN_FACTORY", "mock")
    keypad = open_keypad(GpioKeypadSettings(keys=KEYS))
    keypad.listen(inbox.post)
    tap(Device.pin_factory, "recall")
    assert inbox.take() == "recall"
    keypad.close()


def test_without_lgpio_opening_fails_and_says_what_to_install(environment):
    environment.setitem(sys.modules, "lgpio", None)
    with pytest.raises(HardwareFault, match="apt install python3-lgpio"):
        open_keypad(GpioKeypadSettings(keys=KEYS))


def test_lgpio_is_to_put_its_fifo_into_the_services_runtime_directory(environment, tmp_path):
    environment.setitem(sys.modules, "lgpio", None)
    environment.setenv("RUNTIME_DIRECTORY", str(tmp_path))
    with pytest.raises(HardwareFault):
        open_keypad(GpioKeypadSettings(keys=KEYS))
    assert os.environ["LG_WD"] == str(tmp_path)


def test_settings_are_read_where_no_hardware_library_is_installed():
    program = (
        "import sys, firmware.hal.keypad, firmware.hal.lamps, firmware.hal.led_panel, firmware.hal.voice\n"
        "sys.exit(', '.join({'gpiozero', 'lgpio', 'serial'} & set(sys.modules)) or 0)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
