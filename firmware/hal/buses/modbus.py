"""One unit on a Modbus-RTU line, RS-485 or a TCP gateway that hands RTU on; minimalmodbus does the protocol."""

from __future__ import annotations

import time
from collections.abc import Callable
from operator import methodcaller
from typing import Literal, TypeVar

from minimalmodbus import Instrument, ModbusException, SlaveReportedException

from firmware.hal import HardwareFault, Trouble
from firmware.hal.buses.line import Line, StandingLine

__all__ = ["Unit"]

_ANSWER_SECONDS = 0.2
_TCP_BAUD = (
    115_200  # nobody knows what the gateway's own line runs at; this asks for the shortest pause
)

Found = TypeVar("Found")


class Unit:
    """Coils and inputs by their numbers, from 0. Every call returns within two seconds, or raises HardwareFault by then.

    Noise on RS-485 is daily business: what was not answered well is asked once more, but not of a unit that gave no
    answer the last time either, so that a dead one takes little of the line from the others. `what` calls the unit
    by name in faults.
    """

    def __init__(
        self,
        line: StandingLine,
        port: str,
        number: int,
        what: str,
        *,
        answer_seconds: float = _ANSWER_SECONDS,
    ) -> None:
        self._line, self._port, self._number, self._what = line, port, number, what
        self._answer_seconds = answer_seconds
        self._well = False

    def switch(self, coil: int, on: bool) -> None:
        self._ask(lambda unit: unit.write_bit(coil, int(on)))

    def coils(self, first: int, count: int) -> list[bool]:
        return self._bits(first, count, 1)

    def inputs(self, first: int, count: int) -> list[bool]:
        return self._bits(first, count, 2)

    def holding(self, register: int) -> int:
        """What a register holds."""
        return int(self._ask(lambda unit: unit.read_register(register)))

    def write(self, register: int, values: list[int], *, one_by_one: bool) -> None:
        """Registers in a row, with function 06 each, or all at once with 10h."""
        if one_by_one:
            for number, value in enumerate(values, register):
                self._ask(methodcaller("write_register", number, value, functioncode=6))
        else:
            self._ask(lambda unit: unit.write_registers(register, values))

    def close(self) -> None:
        """Let the line go; who shares it opens it anew."""
        with self._line.lock:
            self._line.close()

    def _bits(self, first: int, count: int, function: Literal[1, 2]) -> list[bool]:
        bits = self._ask(lambda unit: unit.read_bits(first, count, function))
        return [bool(bit) for bit in bits]

    def _ask(self, question: Callable[[Instrument], Found]) -> Found:
        again, self._well = self._well, False
        try:
            found = self._exchange(question)
        except HardwareFault:
            if not again:
                raise
            found = self._exchange(question)
        self._well = True
        return found

    def _exchange(self, question: Callable[[Instrument], Found]) -> Found:
        with self._line.lock:
            try:
                port = _Port(self._line.fresh(), self._port, self._answer_seconds)
                return question(Instrument(port, self._number))
            except SlaveReportedException as fault:
                raise HardwareFault(
                    f"{self._at} refuses: {fault}; check that it has so many channels"
                ) from fault
            except ModbusException as fault:
                # A gateway that has gone, too, only stays silent; a serial line is opened anew in no time.
                self._line.drop()
                raise HardwareFault(
                    f"{self._at} gives no right answer: {fault}; check its power, its wires A and B, "
                    f"its number and its speed",
                    Trouble.NO_ANSWER,
                ) from fault
            except OSError as fault:
                self._line.drop()
                raise HardwareFault(
                    f"{self._at} cannot be reached: {fault}; check the adapter's cable and the port in the settings",
                    Trouble.OFFLINE,
                ) from fault

    @property
    def _at(self) -> str:
        return f"{self._what} at {self._port}, unit {self._number},"


class _Port:
    """An open line as minimalmodbus wants a serial port to be."""

    is_open = True

    def __init__(self, line: Line, name: str, answer_seconds: float) -> None:
        self._line, self._asked = line, 0
        self.port, self.timeout = name, answer_seconds
        per_byte = line.seconds_per_byte
        self.baudrate = round(10 / per_byte) if per_byte else _TCP_BAUD

    def open(self) -> None:
        """It is open."""

    def close(self) -> None:
        """Not by minimalmodbus."""

    def reset_input_buffer(self) -> None:
        self._line.drain()

    def reset_output_buffer(self) -> None:
        """What others sent is theirs."""

    def write(self, request: bytes) -> None:
        self._asked = len(request)
        self._line.send(request, self.timeout)

    def read(self, size: int) -> bytes:
        """So many bytes, or what came in time."""
        under_way = (self._asked + size) * self._line.seconds_per_byte
        deadline = time.monotonic() + self.timeout + under_way
        came = b""
        while len(came) < size and (left := deadline - time.monotonic()) > 0:
            came += self._line.read(left)
        return came[:size]
