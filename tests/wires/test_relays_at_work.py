"""Relays behind a board's own worker: whatever breaks, they come back by themselves and show the present state."""

from __future__ import annotations

import queue
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from firmware.daemon import LOOK_S, RETRY_S, Worker
from firmware.device import Effect, LightLamp, PartHealth
from firmware.hal import Health, Trouble
from firmware.hal.buses.line import Lines
from firmware.hal.lamps import Lamps, Light, open_lamps
from hal_mocks.wires.modbus import ModbusBoard, ModbusLine
from hal_mocks.wires.wired import Wired
from tests.wires.patience import until
from tests.wires.test_modbus_lamps import LAMPS, settings_for

ON, OFF = Light.ON, Light.OFF


def light(lamps: Lamps, effect: LightLamp) -> None:
    lamps.light(effect.lamp, effect.light)


@contextmanager
def at_work(wired: Wired, told: list[Health]) -> Iterator[Worker]:
    heard: queue.SimpleQueue[object] = queue.SimpleQueue()

    def post(event: object) -> None:
        heard.put(event)
        if isinstance(event, PartHealth):
            told.append(event.health)

    lines = Lines()
    worker = Worker(
        "lamps", lambda: open_lamps(settings_for(wired), lines), {LightLamp: light}, post
    )
    worker.start()
    yield worker
    worker.stop()


def lit(board: ModbusBoard) -> dict[str, bool]:
    return {lamp: board.coils[channel - 1] for lamp, channel in LAMPS.items()}


@pytest.mark.parametrize("asked_meanwhile", [True, False])
def test_unplugged_and_plugged_in_again_they_show_the_present_state_within_five_seconds(
    asked_meanwhile: bool,
):
    board, told = ModbusBoard(), list[Health]()
    with Wired(ModbusLine(board)) as wired, at_work(wired, told) as worker:
        present: dict[str, Light] = {"next": ON, "reminder": ON}
        for effect in lights(present):
            worker.do(effect)
        until(lambda: lit(board) == {"next": True, "reminder": True})
        wired.unplug()
        if asked_meanwhile:
            worker.do(LightLamp("next", OFF))
        until(lambda: told[-1:] == [Health(usable=False, troubles=(Trouble.OFFLINE,))])
        board.lose_power()
        wired.replug()
        began = time.monotonic()
        wanted = {"next": not asked_meanwhile, "reminder": True}
        until(lambda: lit(board) == wanted and told[-1] == Health(), seconds=10)
        assert time.monotonic() - began < 5
    assert lit(board) == {"next": False, "reminder": False}


def lights(present: dict[str, Light]) -> list[Effect]:
    return [LightLamp(lamp, one) for lamp, one in present.items()]


def test_however_long_it_was_away_a_part_is_tried_again_within_five_seconds():
    assert max(RETRY_S) < 5
    assert LOOK_S < 5


def test_a_board_that_forgot_its_relays_is_told_again_when_one_looks():
    board, told = ModbusBoard(), list[Health]()
    with Wired(ModbusLine(board)) as wired, at_work(wired, told) as worker:
        worker.do(LightLamp("next", ON))
        until(lambda: board.coils[1])
        board.lose_power()
        until(lambda: board.coils[1])
    assert all(health == Health() for health in told)
