"""Every model of every kind can be tried without the device: its driver works by the table that the emulator prints."""

from __future__ import annotations

import os
import shutil
import time
import tomllib
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import gpiozero
import msgspec
import pytest

from broker.phrases import Phrases
from firmware.bench.catalogue import kinds
from firmware.hal.buses.line import Lines
from firmware.hal.lamps import Light
from firmware.ticket_kiosk.paper import test_strip as a_strip
from hal_mocks.wires.emulate import Running, running
from hal_mocks.wires.models import MODELS
from hal_mocks.wires.models.emulated import Fault
from tests.wires.patience import until

CATALOGUE = [(kind.name, model.name) for kind in kinds() for model in kind.models]
ON_A_PORT = [(kind, model) for kind, model in CATALOGUE if MODELS[model].port]
PROGRAMS = {
    "espeak": pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="needs espeak-ng")
}
BESIDE = [
    pytest.param(model, marks=PROGRAMS.get(model, ()))
    for model in sorted({model for _, model in CATALOGUE if not MODELS[model].port})
]
WITHOUT_LINES = ("printer", "screen", "voice")  # whose `open_` asks for no lines of the board
# What is typed at the emulator, so that people do what the driver waits for.
TYPED = {
    ("keypad", "ff68"): "n",
    ("keypad", "modbus"): "1",
    ("keypad", "usb"): "e",
    ("scanner", "serial"): "s",
    ("scanner", "usb"): "s",
    ("card_reader", "sdt"): "l",
}
# What is typed so that a driver beside it does something, and what one sees then.
SEEN = {
    "clips": ("t", "for 0.8 s it was heard"),
    "espeak": ("t", "s it was heard"),
    "gpio": ("2l", "the press of 'recall'"),
    "matrix": ("3", "the press of 'close'"),
    "max7219": ("t", "....########....##......"),
    "pygame": ("2", "the touch of 'card'"),
    "tm1637": ("t", "it reads 'A012'"),
}


@pytest.fixture(autouse=True)
def _untouched(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An emulator has a process of its own, and does with its environment and its pins what it likes."""
    monkeypatch.setattr(gpiozero.Device, "pin_factory", gpiozero.Device.pin_factory)
    before = dict(os.environ)
    monkeypatch.setenv("SDL_DISKAUDIODELAY", "1")  # a card that plays as fast as it can
    yield
    os.environ.clear()
    os.environ.update(before)


def opened(kind: str, table: str) -> Any:
    """The real driver for what stands in hall.toml."""
    room = import_module(f"firmware.hal.{kind}")
    union = getattr(room, kind.title().replace("_", "") + "Settings")
    settings = msgspec.convert(tomllib.loads(f"part = {table}")["part"], union)
    lines = () if kind in WITHOUT_LINES else (Lines(),)
    return getattr(room, f"open_{kind}")(settings, *lines)


def typed(here: Running, keys: str) -> None:
    for key in keys:
        here.faults[key].hurt()


def does(fault: Fault, posted: list[object]) -> bool:
    """And undoes it; whether anything came of it."""
    fault.hurt()
    time.sleep(0.2)
    if fault.mend:
        fault.mend()
        time.sleep(0.1)
    return bool(posted)


USED: dict[str, Callable[[Any], object]] = {
    "lamps": lambda lamps: [lamps.light(name, Light.BLINK) for name in ("ready", "remind")],
    "led_panel": lambda panel: panel.show("请A012号到3号窗口"),
    "printer": lambda printer: printer.print(
        a_strip("示范大厅", "2026-10-12 09:00", Phrases().kiosk.paper)
    ),
    "voice": lambda voice: voice.say("请到"),
}


def test_every_model_of_the_catalogue_has_an_emulator_for_each_of_its_kinds() -> None:
    told = {(kind, model) for model, emulated in MODELS.items() for kind in emulated.tables}
    assert told == set(CATALOGUE)


@pytest.mark.parametrize(("kind", "model"), CATALOGUE)
def test_the_table_that_is_printed_is_one_that_hall_toml_takes(kind: str, model: str) -> None:
    emulated = MODELS[model]
    table = emulated.tables[kind](emulated.port.format("/dev/here"), emulated.options)
    room = import_module(f"firmware.hal.{kind}")
    part = tomllib.loads(f"part = {table}")["part"]
    settings = msgspec.convert(part, getattr(room, kind.title().replace("_", "") + "Settings"))
    assert type(settings).__struct_config__.tag == model


@pytest.mark.parametrize(("kind", "model"), ON_A_PORT)
def test_a_driver_and_its_emulator_understand_each_other(kind: str, model: str) -> None:
    emulated = MODELS[model]
    with running(emulated, emulated.options) as here:
        driver = opened(kind, here.tables[kind])
        try:
            if kind in USED:
                USED[kind](driver)
                until(here.emulator.words)
            else:
                posted: list[object] = []
                driver.listen(posted.append)
                # What comes before the driver has found its line is nobody's, so it comes again.
                until(lambda: does(here.faults[TYPED[kind, model]], posted))
        finally:
            driver.close()


@pytest.mark.parametrize("model", BESIDE)
def test_a_driver_beside_its_emulator_does_what_is_typed(model: str) -> None:
    emulated = MODELS[model]
    keys, seen = SEEN[model]
    with running(emulated, emulated.options) as here:
        assert not here.port
        typed(here, keys)
        until(lambda: any(seen in word for word in here.emulator.words()))
        if model == "gpio":
            assert "the lamp 'next' shines" in here.emulator.words()


@pytest.mark.parametrize("model", ["max7219", "tm1637"])
def test_a_panel_beside_its_driver_comes_back_from_a_power_cut(model: str) -> None:
    emulated = MODELS[model]
    with running(emulated, emulated.options) as here:
        typed(here, "txht")
        shown, _, again, _ = here.emulator.words()
        assert (shown, here.emulator.words()[1]) == (again, "its driver says: well")
