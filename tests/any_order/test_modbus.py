"""The frames of Modbus-RTU boards as their makers give them: minimalmodbus asks so, and the emulated board answers so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from minimalmodbus import Instrument

from firmware.hal.lamps.lcus import order
from hal_mocks.wires.lcus import LcusBoard
from hal_mocks.wires.modbus import ModbusBoard, ModbusLine, crc

LATER = 9.0


class Heard:
    """A serial port that remembers what was written, and at whose end a line of boards hangs."""

    is_open = True
    port = ""
    baudrate = 115_200
    timeout = 0.0

    def __init__(self, line: ModbusLine) -> None:
        self.asked = b""
        self.answered = b""
        self._line = line

    def open(self) -> None: ...

    def close(self) -> None: ...

    def reset_input_buffer(self) -> None: ...

    def reset_output_buffer(self) -> None: ...

    def write(self, request: bytes) -> None:
        self.asked = request
        self._line.heard(request, 0.0)

    def read(self, size: int) -> bytes:
        self.answered = self._line.passed(LATER)
        return self.answered[:size]


VECTORS: dict[str, tuple[str, Callable[[Any], object]]] = {
    "on": ("01 05 00 00 FF 00 8C 3A", lambda unit: unit.write_bit(0, 1)),
    "off": ("01 05 00 00 00 00 CD CA", lambda unit: unit.write_bit(0, 0)),
    "coils": ("01 01 00 00 00 08 3D CC", lambda unit: unit.read_bits(0, 8, 1)),
    "inputs": ("01 02 00 00 00 08 79 CC", lambda unit: unit.read_bits(0, 8, 2)),
}


@pytest.mark.parametrize("name", VECTORS)
def test_what_is_asked_is_the_vector_byte_for_byte(name: str):
    vector, question = VECTORS[name]
    port = Heard(ModbusLine(ModbusBoard()))
    question(Instrument(port, 1))
    assert port.asked == bytes.fromhex(vector)


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("01 05 00 00 FF 00 8C 3A", "01 05 00 00 FF 00 8C 3A"),
        ("01 05 00 00 00 00 CD CA", "01 05 00 00 00 00 CD CA"),
        ("01 01 00 00 00 08 3D CC", "01 01 01 A5 91 F3"),
        ("01 02 00 00 00 08 79 CC", "01 02 01 12 21 85"),
        ("01 05 00 08 FF 00 0D F8", "01 85 02 C3 51"),
        ("01 03 00 00 00 01 84 0A", "01 83 01 80 F0"),
        ("01 05 00 00 12 34 C0 BD", "01 85 03 02 91"),
    ],
)
def test_what_the_board_answers(asked: str, answered: str):
    board = ModbusBoard()
    board.coils = [True, False, True, False, False, True, False, True]
    board.inputs = [False, True, False, False, True, False, False, False]
    line = ModbusLine(board)
    line.heard(bytes.fromhex(asked), 0.0)
    assert line.passed(LATER).hex(" ").upper() == answered


def test_all_relays_go_on_and_off_together():
    board = ModbusBoard()
    line = ModbusLine(board)
    for value, on in ((b"\xff\x00", True), (b"\x00\x00", False)):
        frame = b"\x01\x05\x00\xff" + value
        line.heard(frame + crc(frame), 0.0)
        line.passed(LATER)
        assert board.coils == [on] * 8


def test_several_relays_are_written_at_once():
    board = ModbusBoard()
    port = Heard(ModbusLine(board))
    Instrument(port, 1).write_bits(1, [1, 0, 1])
    assert port.asked[:8] == bytes.fromhex("01 0F 00 01 00 03 01 05")
    assert board.coils == [False, True, False, True, False, False, False, False]


@pytest.mark.parametrize(
    ("frame", "obeyed"),
    [
        ("01 05 00 00 FF 00 8C 3A", True),
        ("01 05 00 00 FF 00 8C 3B", False),
        ("02 05 00 00 FF 00 8C 09", False),
        ("00 05 00 00 FF 00 8D EB", True),
        ("00 01 05 00 00 FF 00 8C 3A", False),
    ],
)
def test_what_is_damaged_or_anothers_is_not_answered_and_what_is_everybodys_is_obeyed(
    frame: str, obeyed: bool
):
    board = ModbusBoard()
    line = ModbusLine(board)
    line.heard(bytes.fromhex(frame), 0.0)
    answer = line.passed(LATER)
    assert board.coils[0] is obeyed
    assert bool(answer) is (obeyed and frame.startswith("01"))


@given(st.lists(st.booleans(), min_size=1, max_size=64))
def test_inputs_arrive_as_they_are(inputs: list[bool]):
    board = ModbusBoard(inputs=len(inputs))
    board.inputs = inputs
    assert Instrument(Heard(ModbusLine(board)), 1).read_bits(0, len(inputs), 2) == inputs


def test_the_relay_board_on_usb_obeys_its_vectors():
    assert [order(1, on=True), order(1, on=False)] == [
        bytes.fromhex("A0 01 01 A2"),
        bytes.fromhex("A0 01 00 A1"),
    ]
    board = LcusBoard()
    board.heard(bytes.fromhex("A0 01 01 A2"), 0.0)
    assert board.on[1]
    board.heard(bytes.fromhex("A0 01 00 A1"), 0.0)
    assert not board.on[1]


@given(st.binary(max_size=20), st.integers(1, 4))
def test_after_noise_it_is_in_step_again_within_an_order(noise: bytes, relay: int):
    board = LcusBoard()
    for _ in range(2):
        board.heard(noise, 0.0)
        noise = b""
        board.heard(order(relay, on=True), 0.0)
    assert board.on[relay]
