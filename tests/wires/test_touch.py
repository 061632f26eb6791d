"""A screen with a touch screen of its own: what a finger on the page means, on a pipe with the kernel's own events."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.buses.input_device import KEYBOARD, TOUCH, axis_of, open_input
from firmware.hal.buses.input_events import NATIVE_SIZE
from firmware.hal.buses.input_places import InputModel, InputPath
from firmware.hal.screen import (
    KioskKey,
    KioskPage,
    PygameScreenSettings,
    TouchSettings,
    open_screen,
)
from hal_mocks.wires.pipe_line import PipeLine
from hal_mocks.wires.touch import TouchMachine
from hal_mocks.wires.wired import Wired
from tests.fingers import finger_on
from tests.hal.keypads import Inbox
from tests.wires.patience import until

HOME = KioskPage("请选择业务", keys=(KioskKey("tax", "税务申报"), KioskKey("land", "不动产登记")))
OTHER = KioskPage("请选择业务", keys=(KioskKey("home", "返回"),))
EXTENT = 4096


@dataclass
class Rig:
    machine: TouchMachine
    wired: Wired
    settings: PygameScreenSettings
    screen: Any
    inbox: Inbox

    def finger_on(self, key: str) -> tuple[int, int]:
        """The touch screen's numbers under the middle of a key."""
        return finger_on(self.screen, self.settings, key, EXTENT)


def rig_of(machine: TouchMachine, wired: Wired, rotate: Any, touch: Any) -> Rig:
    port = f"input:{wired.address}"
    settings = PygameScreenSettings(
        width=480,
        height=800,
        fullscreen=False,
        rotate=rotate,
        touch=TouchSettings(port=port, width=EXTENT, height=EXTENT, rotate=touch),
    )
    screen: Any = open_screen(settings)
    inbox = Inbox()
    screen.listen(inbox.post)
    screen.show(HOME)
    until(lambda: screen._touch._line)
    return Rig(machine, wired, settings, screen, inbox)


@pytest.fixture(params=[(0, 0), (90, 0), (270, 0), (90, 90), (0, 180), (180, 270)])
def turned(request: pytest.FixtureRequest, panel: None) -> Iterator[Rig]:
    yield from _rig(*request.param)


@pytest.fixture
def rig(panel: None) -> Iterator[Rig]:
    yield from _rig(0, 0)


@pytest.fixture
def panel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")


def _rig(rotate: Any, touch: Any) -> Iterator[Rig]:
    machine = TouchMachine(64 if NATIVE_SIZE == 24 else 32)
    with Wired(machine, PipeLine()) as wired:
        rig = rig_of(machine, wired, rotate, touch)
        yield rig
        rig.screen.close()


def test_a_touch_posts_the_key_that_the_finger_saw_however_panel_and_glass_are_turned(turned):
    for key in ("land", "tax"):
        turned.machine.tap(*turned.finger_on(key))
        assert turned.inbox.take() == key


def test_a_touch_means_the_page_that_is_on_the_glass_when_the_finger_comes_down(rig):
    at = rig.finger_on("tax")
    rig.machine.down(*at)
    assert rig.inbox.take() == "tax"
    rig.screen.show(OTHER)
    rig.machine.lift()
    rig.machine.tap(*rig.finger_on("home"))
    assert rig.inbox.take() == "home"
    rig.screen.close()
    assert rig.inbox.rest() == []


def test_a_touch_beside_keys_and_a_second_finger_post_nothing(rig):
    rig.machine.tap(5, 5)
    rig.machine.down(8, 8)
    rig.machine.down(*rig.finger_on("tax"), finger=1)
    rig.machine.lift(1)
    rig.machine.lift()
    rig.machine.tap(*rig.finger_on("land"))
    assert rig.inbox.take() == "land"
    rig.screen.close()
    assert rig.inbox.rest() == []


def test_with_a_touch_screen_of_its_own_the_mouse_of_a_desktop_is_nobody(rig):
    import pygame

    glass = rig.screen._window.glass
    box = next(area.box for area in glass._page.keys if area.key == "tax")
    pygame.event.post(
        pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=(box.x + 5, box.y + 5), button=1)
    )
    rig.screen.show(OTHER)
    rig.machine.tap(*rig.finger_on("home"))
    assert rig.inbox.take() == "home"
    assert rig.inbox.rest() == []


def test_a_touch_screen_that_is_lost_is_told_while_pages_go_on_and_comes_back_by_itself(
    rig, caplog
):
    rig.wired.unplug()
    until(lambda: rig.screen.health() == Health(troubles=(Trouble.NO_TOUCH,)))
    rig.screen.show(OTHER)
    rig.wired.replug()
    until(lambda: rig.screen.health() == Health(), seconds=6)
    rig.machine.tap(*rig.finger_on("home"))
    assert rig.inbox.take() == "home"
    assert "touch screen" in caplog.text


def test_noise_costs_no_more_than_the_touch_that_it_hits(rig):
    rig.machine.send(b"\x13\x37" * 40 + b"\x00")
    rig.machine.tap(*rig.finger_on("tax"))
    rig.machine.tap(*rig.finger_on("land"))
    until(lambda: rig.inbox.take() == "land")
    assert rig.screen.health() == Health()


def test_one_that_does_not_tell_its_extent_needs_it_in_its_settings(panel, caplog):
    with Wired(TouchMachine(), PipeLine()) as wired:
        touch = TouchSettings(port=f"input:{wired.address}")
        screen: Any = open_screen(
            PygameScreenSettings(width=480, height=800, fullscreen=False, touch=touch)
        )
        screen.listen(Inbox().post)
        screen.show(HOME)
        until(lambda: screen.health() == Health(troubles=(Trouble.NO_TOUCH,)))
        assert "write its width and height into `touch`" in caplog.text
        screen.close()


def test_the_kernel_tells_where_an_axis_is_and_how_far_it_goes(monkeypatch):
    asked = []

    def ioctl(fd: int, request: int, room: bytes) -> bytes:
        asked.append((request, len(room)))
        return struct.pack("=6i", 77, -5, 4095, 0, 0, 12)

    monkeypatch.setattr("firmware.hal.buses.input_device.fcntl.ioctl", ioctl)
    pipe = PipeLine()
    line = open_input(InputPath(pipe.address), TOUCH)
    axis = axis_of(line, 0x35)
    line.close()
    pipe.close()
    assert axis is not None
    assert (axis.now, axis.least, axis.most) == (77, -5, 4095)
    assert asked == [(0x80184575, 24)]  # EVIOCGABS(ABS_MT_POSITION_X) of <linux/input.h>


def test_by_its_model_the_file_that_is_touched_is_found_among_those_of_keys(tmp_path):
    sysfs, files = tmp_path / "class", tmp_path / "input"
    files.mkdir()
    for number, key in ((3, 2), (4, 0x14A)):
        device = sysfs / f"event{number}" / "device"
        (device / "id").mkdir(parents=True)
        (device / "capabilities").mkdir()
        (device / "id/vendor").write_text("0eef\n")
        (device / "id/product").write_text("0001\n")
        bits = struct.calcsize("@l") * 8
        words = [
            1 << key % bits if word == key // bits else 0 for word in range(key // bits, -1, -1)
        ]
        (device / "capabilities/key").write_text(" ".join(f"{word:x}" for word in words) + "\n")
    place = InputModel(0x0EEF, 1)
    for sort, number in ((TOUCH, 4), (KEYBOARD, 3)):
        pipe = PipeLine()
        (files / f"event{number}").symlink_to(pipe.address)
        open_input(place, sort, sysfs=sysfs, files=files).close()
        (files / f"event{number}").unlink()
        pipe.close()


def test_a_file_that_is_no_input_device_is_a_fault_that_says_which_to_take():
    with pytest.raises(HardwareFault, match=r"/dev/null is no input device.*by-path"):
        open_input(InputPath("/dev/null"), TOUCH)


def test_settings_refuse_what_no_touch_screen_has():
    for wrong in ({"port": "serial:/dev/ttyUSB0"}, {"port": "input:/dev/input/event0", "width": 9}):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(wrong, TouchSettings)
