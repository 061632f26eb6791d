"""Relays of Modbus boards keep the promises of all lamps, on boards that speak the real bytes."""

from __future__ import annotations

import time
from collections.abc import Iterator

import msgspec
import pytest

from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.buses.line import Lines
from firmware.hal.lamps import LampsSettings, Light, ModbusLampsSettings, open_lamps
from firmware.hal.lamps.modbus import ModbusRelays
from firmware.hal.lamps.relays import RelayLamps
from hal_mocks.wires.line import PtyLine, TcpLine
from hal_mocks.wires.modbus import ModbusBoard, ModbusLine
from hal_mocks.wires.wired import Wired
from tests.hal.test_lamps import LampsPromises, Setup
from tests.wires.patience import until

LAMPS = {"next": 2, "reminder": 5}
SOON = 5.0


def port_of(wired: Wired, *, tcp: bool = False) -> str:
    return f"tcp:{wired.address}" if tcp else f"serial:{wired.address}?baud=115200"


def settings_for(wired: Wired, *, tcp: bool = False, **changed) -> ModbusLampsSettings:
    table = {"model": "modbus", "port": port_of(wired, tcp=tcp), "lamps": LAMPS}
    settings: LampsSettings = msgspec.convert(table | changed, LampsSettings)
    assert isinstance(settings, ModbusLampsSettings)
    return settings


def opened(settings: LampsSettings, lines: Lines | None = None) -> RelayLamps:
    lamps = open_lamps(settings, lines or Lines())
    assert isinstance(lamps, RelayLamps)
    return lamps


def does(board: ModbusBoard, lamp: str, light: Light, *, blinks: bool) -> bool:
    channel = LAMPS[lamp]
    if light is Light.BLINK and blinks:
        board.switched.clear()

        def moved() -> list[bool]:
            return [on for one, on in board.switched if one == channel][:4]

        until(lambda: moved() in ([True, False] * 2, [False, True] * 2), SOON)
        return True
    return board.coils[channel - 1] is (light is not Light.OFF)


class TestSteadyRelaysOnASerialLine(LampsPromises):
    @pytest.fixture
    def setup(self) -> Iterator[Setup]:
        board = ModbusBoard()
        with Wired(ModbusLine(board), PtyLine()) as wired:
            lamps = opened(settings_for(wired))
            yield Setup(lamps, lambda lamp, light: does(board, lamp, light, blinks=False))
            lamps.close()


class TestBlinkingRelaysBehindATcpGateway(LampsPromises):
    @pytest.fixture
    def setup(self) -> Iterator[Setup]:
        board = ModbusBoard(unit=7)
        with Wired(ModbusLine(board), TcpLine()) as wired:
            settings = settings_for(wired, tcp=True, unit=7)
            relays = ModbusRelays(settings, Lines().at(settings.place))
            lamps = RelayLamps(LAMPS, relays, blink_seconds=0.04)
            yield Setup(lamps, lambda lamp, light: does(board, lamp, light, blinks=True))
            lamps.close()


@pytest.fixture
def board() -> ModbusBoard:
    return ModbusBoard()


@pytest.fixture
def other() -> ModbusBoard:
    return ModbusBoard(unit=2)


@pytest.fixture
def wired(board: ModbusBoard, other: ModbusBoard) -> Iterator[Wired]:
    with Wired(ModbusLine(board, other)) as wired:
        yield wired


@pytest.fixture
def lamps(wired: Wired):
    lamps = opened(settings_for(wired))
    yield lamps
    lamps.close()


def test_other_relays_of_the_board_are_left_alone(board, wired):
    board.coils = [True] * 8
    lamps = opened(settings_for(wired))
    lamps.light("next", Light.ON)
    lamps.close()
    # Its own two were left on by somebody who was killed.
    assert board.coils == [True, False, True, True, False, True, True, True]


def test_two_parts_share_one_board_and_one_line(board, wired):
    lines = Lines()
    first = opened(settings_for(wired), lines)
    second = opened(settings_for(wired, lamps={"help": 8}), lines)
    first.light("next", Light.ON)
    second.light("help", Light.ON)
    first.close()
    assert second.health() == Health()
    assert board.coils == [False] * 7 + [True]
    second.close()


def test_a_silent_board_is_one_clear_fault_and_heals(board, lamps):
    board.mute = True
    with pytest.raises(HardwareFault, match=r"unit 1, gives no right answer.*wires A and B") as got:
        lamps.light("next", Light.ON)
    assert got.value.trouble is Trouble.NO_ANSWER
    assert lamps.health() == Health(usable=False, troubles=(Trouble.NO_ANSWER,))
    board.mute = False
    lamps.light("next", Light.ON)
    assert board.coils[1]
    assert lamps.health() == Health()


@pytest.mark.parametrize("fault", ["garble", "half", "stranger", "noise"])
def test_an_answer_that_is_not_right_is_a_fault_and_heals(board, lamps, fault):
    well = getattr(board, fault)
    setattr(board, fault, {"stranger": 9, "noise": b"\x00\xff\x37"}.get(fault, 99))
    with pytest.raises(HardwareFault, match="gives no right answer"):
        lamps.light("next", Light.ON)
    setattr(board, fault, well)
    lamps.light("next", Light.ON)
    lamps.light("reminder", Light.ON)
    assert lamps.health() == Health()
    assert [board.coils[1], board.coils[4]] == [True, True]


def test_a_damaged_frame_now_and_then_is_no_fault(board, lamps):
    lamps.light("next", Light.ON)
    asked, board.garble = board.asked, 1
    lamps.light("next", Light.OFF)
    assert not board.coils[1]
    assert board.asked == asked + 2


def test_a_channel_that_the_board_does_not_have_is_told(wired):
    lamps = opened(settings_for(wired, lamps={"next": 9}))
    with pytest.raises(HardwareFault, match=r"refuses.*so many channels"):
        lamps.light("next", Light.ON)
    lamps.close()


def test_a_board_that_lost_its_power_is_shown_the_present_state_again(board, lamps):
    lamps.light("next", Light.ON)
    lamps.light("reminder", Light.ON)
    lamps.light("next", Light.OFF)
    board.lose_power()
    assert lamps.health() == Health()
    assert [board.coils[1], board.coils[4]] == [False, True]


def test_what_is_unplugged_is_told_and_what_is_plugged_in_again_shows_the_present_state(
    board, wired, lamps
):
    lamps.light("next", Light.ON)
    wired.unplug()
    with pytest.raises(HardwareFault, match="cannot be reached") as got:
        lamps.light("reminder", Light.ON)
    assert got.value.trouble is Trouble.OFFLINE
    assert not lamps.health().usable
    board.lose_power()
    wired.replug()
    assert lamps.health() == Health()
    assert board.coils[1]


def test_a_line_that_is_not_there_at_the_start_is_found_when_it_comes(board, wired):
    wired.unplug()
    lamps = opened(settings_for(wired))
    assert lamps.health() == Health(usable=False, troubles=(Trouble.OFFLINE,))
    wired.replug()
    board.coils[1] = True
    assert lamps.health() == Health()
    assert not board.coils[1]
    lamps.close()


def test_a_silent_board_holds_up_no_other_on_its_line(board, other, wired):
    lines = Lines()
    dead = opened(settings_for(wired), lines)
    lamps = opened(settings_for(wired, unit=2), lines)
    board.mute = True
    began = time.monotonic()
    for light in (Light.ON, Light.OFF) * 5:
        assert not dead.health().usable
        lamps.light("next", light)
    assert other.switched == [(2, True), (2, False)] * 5
    # Ten looks at the dead one, of which only the first is asked again.
    assert time.monotonic() - began < 10
    assert board.asked <= 12
    dead.close()
    lamps.close()


def test_closing_with_the_line_unplugged_is_soon_done(wired, lamps):
    lamps.light("next", Light.ON)
    wired.unplug()
    lamps.close()
    lamps.close()
