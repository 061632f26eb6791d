"""A keypad's settings, and where its pins come from: lgpio on a Pi, or what the environment names."""

from __future__ import annotations

import os
import subprocess
import sys

import msgspec
import pytest
from gpiozero import Device

from firmware.hal import HardwareFault
from firmware.hal.buses.line import Lines
from firmware.hal.keypad import GpioKeypadSettings, KeypadSettings, open_keypad
from tests.hal.keypads import KEYS, Inbox, tap


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"model": "gpio", "keys": {"next": 17, "recall": 17}}', "two keys share a pin"),
        ('{"model": "gpio", "keys": {"next": 40}}', "<= 27"),
        ('{"model": "gpio", "keys": {}}', "length >= 1"),
        ('{"model": "gpio", "keys": {"next": 17}, "debounce": 30}', "unknown field"),
        ('{"model": "gpio", "keys": {"next": 17}, "normally_closed": ["nxt"]}', "names nxt"),
        ('{"model": "gpio", "keys": {"next": 17}, "hold_ms": {"help": 2000}}', "names help"),
        ('{"model": "gpio", "keys": {"next": 17}, "hold_ms": {"next": 20000}}', "<= 10000"),
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


def test_the_pin_factory_that_the_environment_names_is_taken(environment):
    inbox = Inbox()
    environment.setenv("GPIOZERO_PIN_FACTORY", "mock")
    keypad = open_keypad(GpioKeypadSettings(keys=KEYS), Lines())
    keypad.listen(inbox.post)
    tap(Device.pin_factory, "recall")
    assert inbox.take() == "recall"
    keypad.close()


def test_without_lgpio_opening_fails_and_says_what_to_install(environment):
    environment.setitem(sys.modules, "lgpio", None)
    with pytest.raises(HardwareFault, match="apt install python3-lgpio"):
        open_keypad(GpioKeypadSettings(keys=KEYS), Lines())


def test_lgpio_is_to_put_its_fifo_into_the_services_runtime_directory(environment, tmp_path):
    environment.setitem(sys.modules, "lgpio", None)
    environment.setenv("RUNTIME_DIRECTORY", str(tmp_path))
    with pytest.raises(HardwareFault):
        open_keypad(GpioKeypadSettings(keys=KEYS), Lines())
    assert os.environ["LG_WD"] == str(tmp_path)


def test_settings_are_read_where_no_hardware_library_is_installed():
    program = (
        "import sys, firmware.hal.keypad, firmware.hal.lamps, firmware.hal.led_panel, firmware.hal.voice\n"
        "import firmware.hal.card_reader, firmware.hal.scanner\n"
        "sys.exit(', '.join({'gpiozero', 'lgpio', 'serial'} & set(sys.modules)) or 0)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
