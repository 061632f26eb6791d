"""Whatever comes back from a line, a Modbus unit tells what it was asked or is one clear fault, and is asked again at most once."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware.hal import HardwareFault, Trouble
from firmware.hal.buses.modbus import Unit
from hal_mocks.wires.modbus import ModbusBoard, ModbusLine, crc

INPUTS = [True, False, True, True, False, False, True, False]
QUICK = settings(max_examples=200, deadline=None)


class Standing:
    """A standing line, and the line that it keeps; `answers` come one for each frame that is sent, in order."""

    seconds_per_byte = 0.0

    def __init__(self, *answers: bytes | OSError) -> None:
        self.lock = threading.Lock()
        self.sent: list[bytes] = []
        self.drops = 0
        self._answers = list(answers)
        self._coming = b""

    def fresh(self) -> Standing:
        assert self.lock.locked(), "another part's question may be under way"
        return self

    def drop(self) -> None:
        assert self.lock.locked()
        self.drops += 1

    def drain(self) -> None:
        self._coming = b""

    def send(self, frame: bytes, _timeout: float) -> None:
        self.sent.append(frame)
        answer = self._answers.pop(0) if self._answers else b""
        if isinstance(answer, OSError):
            raise answer
        self._coming = answer

    def read(self, _timeout: float) -> bytes:
        came, self._coming = self._coming, b""
        return came


def unit_on(line: Standing) -> Unit:
    return Unit(line, "serial:/dev/ttyUSB0", 1, "The input board", answer_seconds=0.001)  # type: ignore[arg-type]  # a stand-in


def right_answer() -> bytes:
    board = ModbusBoard()
    board.inputs = INPUTS
    far = ModbusLine(board)
    question = b"\x01\x02\x00\x00\x00\x08"
    far.heard(question + crc(question), 0.0)
    return far.passed(1.0)


@QUICK
@given(st.one_of(st.binary(max_size=40), st.binary(max_size=6).map(lambda b: b + crc(b))))
def test_any_bytes_are_an_answer_or_a_fault(answer: bytes):
    with suppress(HardwareFault):
        assert len(unit_on(Standing(answer)).inputs(0, 8)) == 8


@QUICK
@given(st.data())
def test_one_bit_that_toppled_on_the_way_never_is_another_answer(data):
    right = bytearray(right_answer())
    at = data.draw(st.integers(0, len(right) - 1))
    right[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(HardwareFault, match="gives no right answer"):
        unit_on(Standing(bytes(right))).inputs(0, 8)


def test_a_unit_that_was_well_is_asked_once_more_and_one_that_was_not_is_not():
    line = Standing(right_answer(), b"", right_answer(), b"", b"", b"")
    unit = unit_on(line)
    assert unit.inputs(0, 8) == unit.inputs(0, 8) == INPUTS
    for asked in (5, 6):
        with pytest.raises(HardwareFault) as silent:
            unit.inputs(0, 8)
        assert silent.value.trouble is Trouble.NO_ANSWER
        assert len(line.sent) == asked
    assert line.drops == 4


def test_a_line_that_breaks_is_dropped_and_told_as_such():
    line = Standing(OSError("the line is unplugged"), right_answer())
    unit = unit_on(line)
    with pytest.raises(
        HardwareFault, match="unit 1, cannot be reached: the line is unplugged"
    ) as broken:
        unit.inputs(0, 8)
    assert broken.value.trouble is Trouble.OFFLINE
    assert line.drops == 1
    assert unit.inputs(0, 8) == INPUTS


def test_what_the_unit_refuses_is_told_and_the_line_stays():
    refusal = b"\x01\x82\x02"
    line = Standing(refusal + crc(refusal))
    with pytest.raises(HardwareFault, match="refuses: Slave reported illegal data address"):
        unit_on(line).inputs(0, 64)
    assert line.drops == 0
