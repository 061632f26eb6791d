"""An LCUS board keeps the promises of all lamps; what it cannot tell, nobody knows."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.buses.line import Lines
from firmware.hal.lamps import LampsSettings, Light
from hal_mocks.wires.lcus import LcusBoard
from hal_mocks.wires.wired import Wired
from tests.hal.test_lamps import LampsPromises, Setup
from tests.wires.patience import until
from tests.wires.test_modbus_lamps import opened

LAMPS = {"next": 1, "reminder": 3}


def settings_for(wired: Wired, **changed) -> LampsSettings:
    table = {"model": "lcus", "port": f"serial:{wired.address}", "lamps": LAMPS}
    settings: LampsSettings = msgspec.convert(table | changed, LampsSettings)
    return settings


class TestLcus(LampsPromises):
    @pytest.fixture
    def setup(self) -> Iterator[Setup]:
        board = LcusBoard()
        with Wired(board) as wired:
            lamps = opened(settings_for(wired))

            def does(lamp: str, light: Light) -> bool:
                # It is told, and nobody knows when it has heard.
                until(lambda: board.on[LAMPS[lamp]] is (light is not Light.OFF))
                return True

            yield Setup(lamps, does)
            lamps.close()
            assert board.junk == b""


@pytest.fixture
def board() -> LcusBoard:
    return LcusBoard()


@pytest.fixture
def wired(board: LcusBoard) -> Iterator[Wired]:
    with Wired(board) as wired:
        yield wired


def test_what_is_unplugged_is_told_and_plugged_in_again_shows_the_present_state(board, wired):
    lamps = opened(settings_for(wired))
    lamps.light("reminder", Light.ON)
    until(lambda: board.on[3])
    wired.unplug()
    with pytest.raises(HardwareFault, match="cannot be reached") as got:
        lamps.light("next", Light.ON)
    assert got.value.trouble is Trouble.OFFLINE
    assert lamps.health() == Health(usable=False, troubles=(Trouble.OFFLINE,))
    wired.replug()
    assert not board.on[3]
    assert lamps.health() == Health()
    until(lambda: board.on[3])
    lamps.close()


def test_an_order_that_it_missed_is_made_good_when_one_looks(board, wired):
    lamps = opened(settings_for(wired))
    until(lambda: len(board.orders) == len(LAMPS))
    board.deaf = True
    lamps.light("next", Light.ON)
    until(lambda: board.missed == 1)
    board.deaf = False
    assert lamps.health() == Health()
    until(lambda: board.on[1])
    lamps.close()


def test_two_parts_share_one_board(board, wired):
    lines = Lines()
    first, second = (
        opened(settings_for(wired, lamps=lamps), lines) for lamps in ({"a": 1}, {"b": 2})
    )
    first.light("a", Light.ON)
    second.light("b", Light.ON)
    first.close()
    second.light("b", Light.OFF)
    second.light("b", Light.ON)
    until(lambda: board.on == {1: False, 2: True, 3: False, 4: False})
    second.close()
