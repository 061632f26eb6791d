"""Keypads, pads and displays that share one FF 68 line: every press is posted once and echoed, whatever the line does."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.buses.line import Lines
from firmware.hal.keypad import Keypad, KeypadSettings, open_keypad
from firmware.hal.lamps import Lamps, LampsSettings, Light, open_lamps
from firmware.hal.led_panel import LedPanel, LedPanelSettings, open_led_panel
from hal_mocks.wires.ff68 import Ff68Line, Ff68Station
from hal_mocks.wires.line import TcpLine
from hal_mocks.wires.wired import Wired
from tests.hal.keypads import Inbox
from tests.hal.test_keypad import KeypadPromises, Setup
from tests.wires.patience import until

CALLER = {"next": "呼叫", "recall": "重呼", "no_show": "6 确认", "close": "评价", "pause": "暂停", "1": "1"}  # fmt: skip
PAD = {"very_satisfied": "非常满意", "satisfied": "满意", "dissatisfied": "不满意"}
CODES = {"next": (0x0C,), "recall": (0x0D,), "no_show": (0x06, 0x0F)}


def show_often(display: LedPanel) -> None:
    for _ in range(5000):
        display.show("等候1人")


@dataclass(frozen=True)
class Bus:
    """Two addresses on one line, and one board's end of it."""

    far: Ff68Line
    wired: Wired
    lines: Lines

    @property
    def three(self) -> Ff68Station:
        return self.far.stations[3]

    def table(self, **more) -> dict[str, Any]:
        return {"model": "ff68", "port": f"serial:{self.wired.address}", "address": 3, **more}

    def keypad(self, **more) -> Keypad:
        table = self.table(**{"keys": CALLER, **more})
        return open_keypad(msgspec.convert(table, KeypadSettings), self.lines)

    def display(self, **more) -> LedPanel:
        return open_led_panel(msgspec.convert(self.table(**more), LedPanelSettings), self.lines)

    def lamps(self, **lamps: str) -> Lamps:
        return open_lamps(msgspec.convert(self.table(lamps=lamps), LampsSettings), self.lines)


@pytest.fixture
def bus() -> Iterator[Bus]:
    far = Ff68Line([Ff68Station(3), Ff68Station(4)])
    with Wired(far) as wired:
        yield Bus(far, wired, Lines())


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def keypad(bus: Bus, inbox: Inbox) -> Iterator[Keypad]:
    keypad = bus.keypad()
    keypad.listen(inbox.post)
    yield keypad
    keypad.close()


class TestFf68Keypad(KeypadPromises):
    @pytest.fixture
    def setup(self, bus: Bus) -> Iterator[Setup]:
        keypad = bus.keypad()
        yield Setup(keypad, lambda key: bus.three.press(*CODES[key]))
        keypad.close()


def test_a_press_is_echoed_and_its_digits_come_before_the_key(bus, inbox, keypad):
    bus.three.press(1, 1, 0x0C)
    assert [inbox.take() for _ in range(3)] == ["1", "1", "next"]
    until(lambda: bus.three.echoed == [b"\x01\x01\x0c"])


def test_a_key_without_a_name_is_echoed_and_means_nothing(bus, inbox, keypad):
    bus.three.press(0x13)
    bus.three.press(0x0D)
    assert inbox.take() == "recall"
    until(lambda: bus.three.echoed == [b"\x13", b"\x0d"])


def test_a_frame_whose_sum_is_its_own_end_byte_is_a_press_like_any_other(bus, inbox, keypad):
    bus.three.press(0x12)
    assert inbox.take() == "pause"


def test_the_parts_of_one_address_and_its_neighbour_share_the_line(bus, inbox, keypad):
    stars, others = Inbox(), Inbox()
    pad = bus.keypad(keys=PAD, role="pad")
    pad.listen(stars.post)
    neighbour = bus.keypad(address=4)
    neighbour.listen(others.post)
    display, lamps = bus.display(), bus.lamps(remind="rate")
    display.show("已呼叫A017 按序 等候3人")
    lamps.light("remind", Light.BLINK)
    bus.three.rate(3)
    bus.far.stations[4].press(0x0C)
    bus.three.press(0x0D)
    assert (stars.take(), others.take(), inbox.take()) == ("very_satisfied", "next", "recall")
    until(lambda: bus.three.digits == "003017")
    until(lambda: bus.three.asked == 1)
    until(lambda: bus.three.echoed == [b"\x03", b"\x0d"])
    assert bus.far.stations[4].digits == " " * 6
    # Each leaves; the last keeps the line.
    for part in (pad, neighbour, display, lamps):
        part.close()
    bus.three.press(0x0C)
    assert inbox.take() == "next"
    assert (stars.rest(), others.rest()) == ([], [])


def test_the_echo_comes_before_the_device_would_send_again_also_while_displays_are_written(
    bus, inbox, keypad
):
    neighbour, display = bus.keypad(address=4), bus.display()
    neighbour.listen(inbox.post)
    stations = list(bus.far.stations.values())
    for number in range(1, 26):
        for station in stations:
            station.press(0x0C if number % 2 else 0x0D)
        display.show(f"等候{number}人")
        until(lambda: all(len(station.echoed) == number for station in stations))  # noqa: B023
        time.sleep(0.06)  # nobody presses quicker
    assert len(inbox.rest()) == 50
    # Ten of a hundred for a machine that stalls.
    assert sum(station.resent for station in stations) <= 5
    assert bus.three.history == [f"{number:03d}   " for number in range(1, 26)]
    neighbour.close()
    display.close()


def test_presses_that_nobody_is_there_for_are_not_acknowledged(bus, inbox, keypad):
    bus.far.stations[4].press(0x0C)
    until(lambda: bus.far.stations[4].given_up == [b"\x0c"])
    assert inbox.rest() == []


@pytest.mark.parametrize("fault", ["deaf", "spoil", "halve"])
@pytest.mark.parametrize("times", [1, 3])
def test_a_press_whose_frame_or_echo_is_lost_is_posted_once_and_echoed(
    bus, inbox, keypad, fault, times
):
    setattr(bus.far, fault, times)
    bus.three.press(0x0C)
    until(lambda: bus.three.echoed == [b"\x0c"])
    bus.three.press(0x0D)
    assert [inbox.take(), inbox.take()] == ["next", "recall"]
    assert inbox.rest() == []


def test_glued_frames_and_noise_lose_no_press(bus, inbox, keypad):
    bus.far.noise = b"\xff\x68\x20\x20\x68\x00\xff\xff\x68\x03"
    for station in bus.far.stations.values():
        station.press(0x0C)
    bus.three.press(0x06, 0x0F)
    until(lambda: bus.three.echoed == [b"\x0c", b"\x06\x0f"])
    assert [inbox.take(), inbox.take()] == ["next", "no_show"]


def test_an_adapter_that_hears_itself_makes_no_press_of_what_it_is_told(bus, inbox, keypad):
    bus.far.hears_itself = True
    lamps = bus.lamps(remind="rate")
    lamps.light("remind", Light.BLINK)  # the same bytes as a clerk's press of 评价
    bus.three.press(0x0C)
    until(lambda: bus.three.echoed == [b"\x0c"])
    assert inbox.take() == "next"
    assert inbox.rest() == []
    lamps.close()


def test_unplugged_it_says_so_once_and_heals_within_5_seconds(bus, inbox, keypad, caplog):
    display = bus.display()
    display.show("等候1人")
    bus.wired.unplug()
    until(lambda: keypad.health() == Health(usable=False, troubles=(Trouble.OFFLINE,)))
    for _ in range(2):
        with pytest.raises(HardwareFault, match="cannot be reached") as caught:
            display.show("等候2人")
        assert caught.value.trouble is Trouble.OFFLINE
    bus.wired.replug()
    until(lambda: keypad.health() == Health())
    display.show("等候3人")
    bus.three.press(0x0C)
    assert inbox.take() == "next"
    until(lambda: bus.three.history == ["001   ", "003   "])
    assert len([r for r in caplog.records if r.levelno == logging.WARNING]) == 1
    display.close()


def test_a_line_that_is_not_there_at_the_start_is_found_when_it_comes(bus, inbox):
    bus.wired.unplug()
    keypad = bus.keypad()
    keypad.listen(inbox.post)
    assert keypad.health() == Health(usable=False, troubles=(Trouble.OFFLINE,))
    bus.wired.replug()
    until(lambda: keypad.health() == Health())
    bus.three.press(0x0C)
    assert inbox.take() == "next"
    keypad.close()


def test_a_line_full_of_noise_is_ill_until_a_press_comes_through(bus, inbox, keypad, caplog):
    bus.wired.inject(bytes(range(0x20, 0x60)))
    until(lambda: keypad.health() == Health(usable=False, troubles=(Trouble.BROKEN,)))
    until(lambda: "noise" in caplog.text)
    bus.three.press(0x0C)
    assert inbox.take() == "next"
    until(lambda: keypad.health() == Health())


def test_a_press_that_nobody_takes_is_not_echoed_and_ends_no_other(bus, keypad, caplog):
    taken = Inbox()

    def post(name: str) -> None:
        if name == "next":
            raise RuntimeError("full")
        taken.post(name)

    keypad.listen(post)
    bus.three.press(0x0C)
    bus.three.press(0x0D)
    assert taken.take() == "recall"
    assert "Nobody took the press of address 3" in caplog.text


def test_a_slow_line_is_one_fault_and_the_present_comes_when_it_takes_bytes_again():
    far, eats = Ff68Line([Ff68Station(3)]), [4096]
    with Wired(far, appetite=lambda: eats[0]) as wired:
        bus = Bus(far, wired, Lines())
        display = bus.display()
        eats[0] = 0
        began = time.monotonic()
        with pytest.raises(HardwareFault, match="takes no more bytes"):
            show_often(display)
        assert time.monotonic() - began < 10
        eats[0] = 4096
        until(lambda: display.health() == Health())
        display.show("等候2人")
        until(lambda: far.stations[3].digits == "002   ")
        display.close()


def test_over_a_serial_server_it_is_the_same(inbox):
    far = Ff68Line([Ff68Station(3)])
    with Wired(far, TcpLine()) as wired:
        table = {"model": "ff68", "port": f"tcp:{wired.address}", "address": 3, "keys": CALLER}
        keypad = open_keypad(msgspec.convert(table, KeypadSettings), Lines())
        keypad.listen(inbox.post)
        far.stations[3].press(0x0C)
        assert inbox.take() == "next"
        until(lambda: far.stations[3].echoed == [b"\x0c"])
        keypad.close()


def test_lamps_send_their_command_when_they_begin_to_blink_alone(bus):
    lamps = bus.lamps(next="beep", remind="rate")
    for light in (Light.ON, Light.BLINK, Light.BLINK, Light.ON, Light.OFF, Light.BLINK):
        lamps.light("next", light)
    lamps.light("nothing", Light.BLINK)
    until(lambda: bus.three.beeps == 2)
    assert bus.three.asked == 0
    lamps.close()
    lamps.close()
