"""What holds for every LED panel on a board, whatever its model and its wire: it shows the present, and says when it cannot."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator

import pytest

from firmware.device import PartHealth, Show
from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.led_panel import open_led_panel
from tests.devices.workers import Posted
from tests.hal.test_led_panel import LedPanelPromises, Setup
from tests.wires.led_worlds import WITHIN, WORLDS, LedWorld
from tests.wires.patience import until

ANSWERING = [name for name in WORLDS if name.startswith(("onbon", "modbus"))]
SEND_ONLY = [name for name in WORLDS if name not in ANSWERING]
DIGITS_ALONE = ["modbus", "xunpeng", "ff68 display"]
WELL = PartHealth("led", Health())


@pytest.fixture
def world(request: pytest.FixtureRequest) -> Iterator[LedWorld]:
    with WORLDS[request.param]() as world:
        yield world


on_each = pytest.mark.parametrize("world", WORLDS, indirect=True)
on_each_that_answers = pytest.mark.parametrize("world", ANSWERING, indirect=True)


class _World:
    """As the promises of all panels see it."""

    def __init__(self, world: LedWorld) -> None:
        self._world = world

    @property
    def shown(self) -> list[str]:
        # A send-only panel's `show` returns before its screen has read the text.
        settled, since = len(self._world.shown()), time.monotonic()
        while time.monotonic() - since < 0.15:
            time.sleep(0.005)
            if len(self._world.shown()) != settled:
                settled, since = len(self._world.shown()), time.monotonic()
        return list(self._world.shown())

    def unplug(self) -> None:
        self._world.wired.unplug()

    def replug(self) -> None:
        self._world.wired.replug()


class TestPanelsThatShowWords(LedPanelPromises):
    @pytest.fixture(params=[name for name in WORLDS if name not in DIGITS_ALONE])
    def setup(self, request: pytest.FixtureRequest) -> Iterator[Setup]:
        with WORLDS[request.param]() as world:
            panel = open_led_panel(world.settings, world.lines)
            yield Setup(panel, _World(world))
            panel.close()


def ill(posted: Posted) -> Health:
    """Wait until the worker reports that the panel is not usable."""
    while True:
        report = posted.take()
        if isinstance(report, PartHealth) and not report.health.usable:
            return report.health


def shows(world: LedWorld, text: str) -> None:
    until(lambda: world.shown()[-1:] == [world.reads(text)], WITHIN)


@on_each
def test_what_is_shown_is_what_was_asked(world: LedWorld):
    texts = [f"已呼叫A{number:03d} 等候{number + 1}人" for number in (1, 16, 5, 90, 22)]
    panel = open_led_panel(world.settings, world.lines)
    for text in texts:
        panel.show(text)
    until(lambda: world.shown() == [world.reads(text) for text in texts], WITHIN)
    assert panel.health() == Health()
    panel.close()


@on_each
def test_what_was_unplugged_shows_the_present_5_seconds_after_it_is_plugged_in_and_nothing_of_the_past(
    world: LedWorld,
):
    with world.worker() as (worker, posted):
        worker.do(Show("A001"))
        shows(world, "A001")
        world.wired.unplug()
        worker.do(Show("A002"))
        assert ill(posted).troubles == (Trouble.OFFLINE,)
        worker.do(Show("A003"))
        world.wired.replug()
        shows(world, "A003")
        posted.until(WELL)
    assert world.reads("A002") not in world.shown()


@pytest.mark.parametrize("world", ["onbon, shared", "ff68 display"], indirect=True)
def test_a_long_outage_is_over_as_soon(world: LedWorld):
    with world.worker() as (worker, _):
        worker.do(Show("A001"))
        shows(world, "A001")
        world.wired.unplug()
        worker.do(Show("A002"))
        time.sleep(9.0)  # the waits between two tries have grown to their longest
        world.wired.replug()
        shows(world, "A002")


@on_each
def test_the_boards_loop_never_waits_for_a_panel(world: LedWorld):
    with world.worker() as (worker, _):
        worker.do(Show("A000"))
        shows(world, "A000")
        world.eats[0] = 0
        began = time.monotonic()
        for number in range(1000):
            worker.do(Show(f"A{number:03d}"))
        assert time.monotonic() - began < 1.0
        world.eats[0] = 4096
        shows(world, "A999")


@on_each
def test_a_line_that_takes_nothing_is_one_fault_and_then_the_present(world: LedWorld):
    panel = open_led_panel(world.settings, world.lines)
    world.eats[0] = 0
    world.fill()
    began = time.monotonic()
    with pytest.raises(HardwareFault, match=r"takes no more bytes|does not answer"):
        panel.show("A001")
    assert time.monotonic() - began < WITHIN
    panel.close()
    world.eats[0] = 4096
    with world.worker() as (worker, _):
        worker.do(Show("A002"))
        shows(world, "A002")


FAULTS: dict[str, Callable[[bytes], bytes]] = {
    "silence": lambda _: b"",
    "garbage": lambda _: bytes(range(256)) * 2,
    "half a frame": lambda sent: sent[: len(sent) // 2],
    "a wrong checksum": lambda sent: sent[:-3] + bytes([sent[-3] ^ 0x11]) + sent[-2:],
}


@on_each_that_answers
@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_answer_is_one_clear_fault_in_its_health_and_heals(
    world: LedWorld, fault: str, caplog: pytest.LogCaptureFixture
):
    assert world.bend is not None
    with world.worker() as (worker, posted):
        worker.do(Show("A001"))
        shows(world, "A001")
        world.bend(FAULTS[fault])
        worker.do(Show("A002"))
        assert ill(posted).troubles == (Trouble.NO_ANSWER,)
        world.bend(bytes)
        worker.do(Show("A003"))
        shows(world, "A003")
        posted.until(WELL)
    said = [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING]
    assert len(said) == 1
    assert "check its power" in said[0]


@on_each_that_answers
def test_a_refusal_is_one_clear_fault_in_its_health_and_heals(
    world: LedWorld, caplog: pytest.LogCaptureFixture
):
    assert world.refuse is not None
    with world.worker() as (worker, posted):
        worker.do(Show("A001"))
        shows(world, "A001")
        world.refuse(3)
        worker.do(Show("A002"))
        assert ill(posted).troubles == (Trouble.BROKEN,)
        world.refuse(0)
        shows(world, "A002")
        posted.until(WELL)
    assert caplog.text.count(" refuses") == 1


@pytest.mark.parametrize("world", [name for name in ANSWERING if "onbon" in name], indirect=True)
def test_glued_answers_are_no_fault(world: LedWorld):
    assert world.bend is not None
    world.bend(lambda sent: b"\x5a\xa5" + sent * 3)
    panel = open_led_panel(world.settings, world.lines)
    for text in ("A001", "A002", "A003"):
        panel.show(text)
    assert world.shown() == ["A001", "A002", "A003"]
    assert panel.health() == Health()
    panel.close()


@pytest.mark.parametrize("world", SEND_ONLY, indirect=True)
def test_a_panel_that_never_answers_is_shown_blindly_and_says_no_more_than_how_its_line_is(
    world: LedWorld,
):
    assert not world.answers
    panel = open_led_panel(world.settings, world.lines)
    world.wired.inject(bytes(range(0x20, 0x30)))  # nor does it mind what it hears
    panel.show("A001")
    assert panel.health() == Health()
    shows(world, "A001")
    panel.close()
