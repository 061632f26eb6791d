"""Inputs of Modbus boards keep the promises of all keypads, on boards that speak the real bytes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import msgspec
import pytest

from firmware.hal import Health, Trouble
from firmware.hal.buses.line import Lines
from firmware.hal.keypad import KeypadSettings, ModbusKeypadSettings, open_keypad
from firmware.hal.keypad.modbus import ModbusKeypad
from firmware.hal.lamps import Light, ModbusLampsSettings, open_lamps
from hal_mocks.wires.line import PtyLine, TcpLine
from hal_mocks.wires.modbus import ModbusBoard, ModbusLine
from hal_mocks.wires.wired import Wired
from tests.hal.keypads import Inbox
from tests.hal.test_keypad import KeypadPromises, Setup
from tests.wires.patience import until
from tests.wires.test_modbus_lamps import port_of

KEYS = {"next": 1, "recall": 2, "no_show": 5}
ASKED_AGAIN = Health(usable=False, troubles=(Trouble.NO_ANSWER,))


def settings_for(wired: Wired, *, tcp: bool = False, **changed) -> ModbusKeypadSettings:
    table = {"model": "modbus", "port": port_of(wired, tcp=tcp), "keys": KEYS, "debounce_ms": 0}
    settings: KeypadSettings = msgspec.convert(table | changed, KeypadSettings)
    assert isinstance(settings, ModbusKeypadSettings)
    return settings


def opened(settings: ModbusKeypadSettings, lines: Lines | None = None) -> ModbusKeypad:
    """One that does not wait long for a board that was silent."""
    line = (lines or Lines()).at(settings.place)
    return ModbusKeypad(settings, line, look_seconds=0.002, look_seconds_while_silent=0.05)


def wait(holds: Callable[[], bool]) -> None:
    """For what need not come: a closed keypad asks nothing."""
    deadline = time.monotonic() + 1
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.005)


def seen(board: ModbusBoard) -> None:
    """Wait until what the inputs are now was read, if anybody reads them."""
    asked = board.asked
    wait(lambda: board.asked >= asked + 2)


def tap(board: ModbusBoard, key: str) -> None:
    for closed in (True, False):
        board.inputs[KEYS[key] - 1] = closed
        seen(board)


class TestInputsOnASerialLine(KeypadPromises):
    @pytest.fixture
    def setup(self) -> Iterator[Setup]:
        board = ModbusBoard()
        with Wired(ModbusLine(board), PtyLine()) as wired:
            keypad = open_keypad(settings_for(wired), Lines())
            yield Setup(keypad, after_the_first_look(board))
            keypad.close()


class TestInputsBehindATcpGateway(KeypadPromises):
    @pytest.fixture
    def setup(self) -> Iterator[Setup]:
        board = ModbusBoard(unit=3)
        with Wired(ModbusLine(board), TcpLine()) as wired:
            keypad = opened(settings_for(wired, tcp=True, unit=3))
            yield Setup(keypad, after_the_first_look(board))
            keypad.close()


def after_the_first_look(board: ModbusBoard):
    def press(key: str) -> None:
        wait(lambda: board.asked > 0)
        tap(board, key)

    return press


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
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def keypad(board: ModbusBoard, wired: Wired, inbox: Inbox) -> Iterator[ModbusKeypad]:
    keypad = opened(settings_for(wired))
    keypad.listen(inbox.post)
    seen(board)
    yield keypad
    keypad.close()


def test_a_cut_cable_of_a_contact_that_rests_closed_posts_its_key_and_is_told(board, wired, inbox):
    board.inputs[4] = True
    settings = settings_for(wired, keys={"help": 5}, normally_closed=["help"], hold_ms={"help": 60})
    keypad = opened(settings)
    keypad.listen(inbox.post)
    seen(board)
    assert keypad.health() == Health()
    board.inputs[4] = False
    assert inbox.take() == "help"
    keypad.close()
    assert inbox.rest() == []


def test_a_cable_that_is_cut_from_the_start_is_told_until_it_is_whole(board, wired, inbox):
    keypad = opened(settings_for(wired, normally_closed=["no_show"]))
    keypad.listen(inbox.post)
    cut = Health(usable=True, troubles=(Trouble.CONTACT_OPEN,))
    until(lambda: keypad.health() == cut)
    tap(board, "next")
    assert inbox.take() == "next"
    board.inputs[4] = True
    until(lambda: keypad.health() == Health())
    keypad.close()
    assert inbox.rest() == []


@pytest.mark.parametrize("fault", ["mute", "garble", "half", "stranger", "noise"])
def test_a_board_without_a_right_answer_is_told_once_and_heals(board, keypad, inbox, caplog, fault):
    well = getattr(board, fault)
    setattr(board, fault, {"stranger": 9, "noise": b"\x00\xff\x37"}.get(fault, 999))
    until(lambda: keypad.health() == ASKED_AGAIN)
    seen(board)
    setattr(board, fault, well)
    until(lambda: keypad.health() == Health())
    tap(board, "recall")
    assert inbox.take() == "recall"
    told = [one for one in caplog.messages if "gives no right answer" in one]
    assert len(set(told)) == len(told) >= 1


def test_unplugged_it_is_told_and_plugged_in_again_it_hears_keys_again(board, wired, keypad, inbox):
    wired.unplug()
    offline = Health(usable=False, troubles=(Trouble.OFFLINE,))
    until(lambda: keypad.health() == offline)
    wired.replug()
    until(lambda: keypad.health() == Health())
    tap(board, "next")
    assert inbox.take() == "next"


def test_a_contact_that_opened_while_the_line_was_cut_still_counts(board, wired, inbox):
    board.inputs[4] = True
    keypad = opened(settings_for(wired, normally_closed=["no_show"]))
    keypad.listen(inbox.post)
    seen(board)
    wired.unplug()
    until(lambda: not keypad.health().usable)
    board.inputs[4] = False
    wired.replug()
    assert inbox.take() == "no_show"
    keypad.close()


def test_a_line_that_is_not_there_at_the_start_is_found_when_it_comes(board, wired, inbox):
    wired.unplug()
    keypad = opened(settings_for(wired))
    keypad.listen(inbox.post)
    until(lambda: not keypad.health().usable)
    wired.replug()
    until(lambda: keypad.health() == Health())
    tap(board, "next")
    assert inbox.take() == "next"
    keypad.close()


def test_as_it_is_opened_a_replugged_board_is_heard_again_within_five_seconds(board, wired, inbox):
    keypad = open_keypad(settings_for(wired), Lines())
    keypad.listen(inbox.post)
    seen(board)
    wired.unplug()
    until(lambda: not keypad.health().usable)
    began = time.monotonic()
    wired.replug()
    until(lambda: keypad.health() == Health(), seconds=5)
    assert time.monotonic() - began < 5
    keypad.close()


def test_keys_and_lamps_of_several_boards_share_one_line(board, other, wired, inbox):
    lines = Lines()
    keypad = opened(settings_for(wired), lines)
    lamps = open_lamps(ModbusLampsSettings(port=port_of(wired), unit=2, lamps={"next": 1}), lines)
    keypad.listen(inbox.post)
    seen(board)
    for light in (Light.ON, Light.OFF) * 5:
        lamps.light("next", light)
        tap(board, "next")
    assert [inbox.take() for _ in range(10)] == ["next"] * 10
    assert other.switched == [(1, True), (1, False)] * 5
    lamps.close()
    tap(board, "recall")
    assert inbox.take() == "recall"
    keypad.close()


def test_a_silent_input_board_holds_up_no_relays_on_its_line(board, other, wired, inbox):
    lines = Lines()
    board.mute = True
    settings = settings_for(wired)
    keypad = open_keypad(settings, lines)
    keypad.listen(inbox.post)
    until(lambda: keypad.health() == ASKED_AGAIN)
    lamps = open_lamps(ModbusLampsSettings(port=port_of(wired), unit=2, lamps={"next": 1}), lines)
    asked = board.asked
    for light in (Light.ON, Light.OFF) * 20:
        lamps.light("next", light)
    assert len(other.switched) == 40
    assert board.asked - asked <= 5
    lamps.close()
    keypad.close()


def test_a_post_that_fails_ends_neither_thread_nor_later_presses(board, wired, caplog):
    inbox = Inbox()

    def post(key: str) -> None:
        inbox.post(key)
        if key == "next":
            raise ValueError("full")

    keypad = opened(settings_for(wired))
    keypad.listen(post)
    seen(board)
    tap(board, "next")
    tap(board, "recall")
    assert [inbox.take(), inbox.take()] == ["next", "recall"]
    assert keypad.health().usable
    keypad.close()
    assert "Nobody took the press of key 'next'" in caplog.text
