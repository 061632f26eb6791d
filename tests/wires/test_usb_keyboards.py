"""Pads and scanners that act as USB keyboards keep the promises of their kinds, on a pipe with the kernel's own events."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.buses.input_device import open_input
from firmware.hal.buses.input_places import InputModel, InputPath
from firmware.hal.buses.line import Lines
from firmware.hal.keypad import KeypadSettings, UsbKeypadSettings, open_keypad
from firmware.hal.keypad.usb import UsbKeypad
from firmware.hal.scanner import UsbScannerSettings, open_scanner
from firmware.hal.scanner.usb import UsbScanner
from hal_mocks.wires.keyboard import KeyboardMachine
from hal_mocks.wires.pipe_line import PipeLine
from hal_mocks.wires.wired import Wired
from tests.hal.keypads import Inbox
from tests.hal.test_keypad import KeypadPromises
from tests.hal.test_keypad import Setup as KeypadSetup
from tests.hal.test_scanner import APPOINTMENT, TICKET, ScannerPromises
from tests.hal.test_scanner import Setup as ScannerSetup
from tests.wires.patience import until

KEYS = {"next": "KEY_KPENTER", "recall": "KEY_KPPLUS", "no_show": "KEY_KPMINUS", "5": "KEY_KP5"}
CODES = {"next": 96, "recall": 78, "no_show": 74, "5": 76}
AGAIN = 0.1


def keypad_at(wired: Wired, size: Any = 24, **changed: Any) -> UsbKeypad:
    settings = UsbKeypadSettings(port=f"input:{wired.address}", keys=changed.get("keys", KEYS))
    return UsbKeypad(settings, size=size, again=AGAIN)


def listening(keypad: UsbKeypad) -> Inbox:
    """An inbox, once the pad is open: what is pressed before is nobody's."""
    inbox = Inbox()
    keypad.listen(inbox.post)
    until(lambda: keypad._line)
    time.sleep(0.05)
    return inbox


class OpenUsbKeypad(UsbKeypad):
    """Listens from the moment that `listen` returns, as the promises have it."""

    def listen(self, post) -> None:
        super().listen(post)
        until(lambda: self._line)
        time.sleep(0.05)


class OnAPipe(KeypadPromises):
    bits: Any = 64

    @pytest.fixture
    def setup(self) -> Iterator[KeypadSetup]:
        machine = KeyboardMachine(self.bits)
        with Wired(machine, PipeLine()) as wired:
            settings = UsbKeypadSettings(port=f"input:{wired.address}", keys=KEYS)
            keypad = OpenUsbKeypad(settings, size=24 if self.bits == 64 else 16, again=AGAIN)
            yield KeypadSetup(keypad, lambda key: machine.press(CODES[key]))
            keypad.close()


class TestUsbKeypadOf64Bits(OnAPipe):
    pass


class TestUsbKeypadOf32Bits(OnAPipe):
    bits = 32


@dataclass
class PipeWorld:
    machine: KeyboardMachine
    wired: Wired

    def hold(self, code: str) -> None:
        self.machine.type(code)

    def break_down(self) -> None:
        self.wired.unplug()

    def repair(self) -> None:
        self.wired.replug()

    def settle(self) -> None:
        time.sleep(0.3)

    def until(self, holds: Callable[[], bool]) -> None:
        until(holds, seconds=5)


class TestUsbScanner(ScannerPromises):
    @pytest.fixture
    def setup(self) -> Iterator[ScannerSetup]:
        machine = KeyboardMachine()
        with Wired(machine, PipeLine()) as wired:
            scanner = scanner_at(wired)
            yield ScannerSetup(scanner, PipeWorld(machine, wired))
            scanner.close()


def scanner_at(wired: Wired, **changed: Any) -> OpenUsbScanner:
    settings = UsbScannerSettings(port=f"input:{wired.address}")
    how: dict[str, Any] = {"away": 0.1, "again": AGAIN, "size": 24} | changed
    return OpenUsbScanner(settings, **how)


class OpenUsbScanner(UsbScanner):
    """As `OpenUsbKeypad`."""

    def listen(self, post) -> None:
        super().listen(post)
        until(lambda: self._line)
        time.sleep(0.05)


@pytest.fixture
def machine() -> KeyboardMachine:
    return KeyboardMachine()


@pytest.fixture
def wired(machine: KeyboardMachine) -> Iterator[Wired]:
    with Wired(machine, PipeLine()) as wired:
        yield wired


def test_a_held_key_that_repeats_is_one_press(machine, wired):
    keypad = keypad_at(wired)
    inbox = listening(keypad)
    machine.press(CODES["next"], repeats=20)
    machine.press(CODES["recall"])
    assert [inbox.take(), inbox.take()] == ["next", "recall"]
    keypad.close()
    assert inbox.rest() == []


def test_numlock_around_each_key_and_keys_without_a_name_are_nothing(wired, machine):
    machine.numlock = True
    keypad = keypad_at(wired)
    inbox = listening(keypad)
    for code in (30, CODES["5"], 59, 96):
        machine.press(code)
    assert [inbox.take(), inbox.take()] == ["5", "next"]
    keypad.close()
    assert inbox.rest() == []


def test_a_pad_that_sends_the_digits_above_the_letters_will_do(machine, wired):
    keypad = keypad_at(wired)
    inbox = listening(keypad)
    for code in (6, 28, 12):
        machine.press(code)
    assert [inbox.take() for _ in range(3)] == ["5", "next", "no_show"]
    keypad.close()


def test_a_rating_pad_that_types_a_digit_and_enter_rates_once(machine, wired):
    levels = {name: f"KEY_{number}" for number, name in enumerate(("bad", "fair", "good"), 1)}
    keypad = keypad_at(wired, keys=levels)
    inbox = listening(keypad)
    machine.type("3")
    assert inbox.take() == "good"
    keypad.close()
    assert inbox.rest() == []


def test_a_pad_that_is_pulled_out_and_put_back_is_heard_again_by_itself(machine, wired, caplog):
    keypad = UsbKeypad(UsbKeypadSettings(port=f"input:{wired.address}", keys=KEYS), size=24)
    inbox = listening(keypad)
    for _ in range(2):
        wired.unplug()
        until(lambda: not keypad.health().usable)
        assert keypad.health().troubles == (Trouble.OFFLINE,)
        wired.replug()
        until(lambda: keypad.health() == Health(), seconds=5)
        machine.press(CODES["next"])
        assert inbox.take() == "next"
    keypad.close()
    assert "cannot be reached" in caplog.text
    assert inbox.rest() == []


def test_noise_costs_no_more_than_the_key_that_it_hits(machine, wired):
    keypad = keypad_at(wired)
    inbox = listening(keypad)
    machine.send(b"\x13\x37" * 40 + b"\x00")
    machine.press(CODES["5"])
    machine.press(CODES["next"])
    until(lambda: inbox.take() == "next")
    assert keypad.health() == Health()
    keypad.close()


def test_a_file_that_is_no_input_device_is_a_fault_that_says_which_to_take():
    with pytest.raises(HardwareFault, match="/dev/null is no input device: take the one in"):
        open_input(InputPath("/dev/null"))


def test_a_file_that_may_not_be_read_is_a_fault_that_names_the_group(monkeypatch, wired):
    # The tests may run as root, whom no file is closed to.
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as closed:
        closed.setattr("firmware.hal.buses.input_device.os.open", refuse)
        with pytest.raises(HardwareFault, match="into the group `input`"):
            open_input(InputPath(wired.address))


def plug(sysfs: Path, event: str, model: str, keys: str) -> None:
    device = sysfs / event / "device"
    (device / "id").mkdir(parents=True)
    (device / "capabilities").mkdir()
    for name, digits in zip(("vendor", "product"), model.split(":"), strict=True):
        (device / "id" / name).write_text(digits + "\n")
    (device / "capabilities/key").write_text(keys + "\n")


def test_a_keyboard_is_found_by_its_model_among_all_and_by_the_file_that_has_keys(tmp_path, wired):
    sysfs, files = tmp_path / "sys", tmp_path / "dev"
    files.mkdir()
    place = InputModel(0x1A2C, 0x0042)
    with pytest.raises(OSError, match="no such keyboard is plugged in"):
        open_input(place, sysfs=sysfs, files=files)
    plug(
        sysfs,
        "event0",
        "046d:c31c",
        "1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe",
    )
    plug(
        sysfs,
        "event1",
        "1a2c:0042",
        "3f000301ff 0 0 483ffff17aff32d bfd4444600000000 1 130ff38b17d000 677bfad9415fed 19ed68000004400 10000002",
    )
    plug(
        sysfs,
        "event2",
        "1a2c:0042",
        "1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe",
    )
    (files / "event2").symlink_to(wired.address)
    open_input(place, sysfs=sysfs, files=files).close()
    plug(sysfs, "event3", "1a2c:0042", "10000 0 fffffffffffffffe")
    with pytest.raises(HardwareFault, match="2 keyboards 1a2c:0042 are plugged in"):
        open_input(place, sysfs=sysfs, files=files)


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        ({"next": "KEY_KPENTR"}, "no key of a pad"),
        ({"next": "KEY_ENTER", "serve": "KEY_KPENTER"}, "two names share a key"),
        ({}, "length >= 1"),
    ],
)
def test_keys_that_cannot_be_meant_are_refused(keys, why):
    table = {"model": "usb", "port": "input:1a2c:0042", "keys": keys}
    with pytest.raises(msgspec.ValidationError, match=why):
        msgspec.convert(table, KeypadSettings)


def test_by_their_settings_alone_both_are_opened(machine, wired):
    keypad = open_keypad(UsbKeypadSettings(port=f"input:{wired.address}", keys=KEYS), Lines())
    inbox = Inbox()
    keypad.listen(inbox.post)
    time.sleep(0.5)
    machine.press(CODES["next"])
    assert inbox.take() == "next"
    keypad.close()
    scanner = open_scanner(UsbScannerSettings(port=f"input:{wired.address}"), Lines())
    scanner.listen(inbox.post)
    time.sleep(0.5)
    machine.type(TICKET)
    assert inbox.take() == TICKET
    scanner.close()


def test_a_code_that_is_typed_again_and_again_is_one_showing(machine, wired):
    scanner, inbox = scanner_at(wired, away=5.0), Inbox()
    scanner.listen(inbox.post)
    for _ in range(3):
        machine.type(TICKET)
        time.sleep(0.1)
    machine.type(APPOINTMENT)
    assert [inbox.take(), inbox.take()] == [TICKET, APPOINTMENT]
    scanner.close()
    assert inbox.rest() == []


def test_a_code_without_enter_ends_with_a_pause(machine, wired):
    scanner, inbox = scanner_at(wired), Inbox()
    scanner.listen(inbox.post)
    machine.type(TICKET, end="")
    assert inbox.take() == TICKET
    machine.type(APPOINTMENT)
    assert inbox.take() == APPOINTMENT
    scanner.close()
    assert inbox.rest() == []


def test_three_codes_that_are_none_are_one_fault_until_a_good_one_comes(machine, wired, caplog):
    scanner, inbox = scanner_at(wired), Inbox()
    scanner.listen(inbox.post)
    for _ in range(4):
        machine.send(machine.events([(30, 1), (30, 0), (59, 1), (59, 0), (28, 1), (28, 0)]))
    until(lambda: not scanner.health().usable)
    assert caplog.text.count("types what is no code; set it to a USB keyboard") == 1
    machine.type(TICKET)
    assert inbox.take() == TICKET
    until(lambda: scanner.health() == Health())
    assert "hall.example" not in caplog.text
    scanner.close()
