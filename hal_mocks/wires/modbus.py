"""Modbus-RTU boards with relays and inputs as they behave on their line, several on one, with faults on demand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

__all__ = ["ModbusBoard", "ModbusLine", "crc"]

Bit = TypeVar("Bit", bool, int)

# Half of what 3.5 characters take at 9600 baud: a pseudo terminal hands a frame over at once.
_SILENCE_SECONDS = 0.002
_EVERYBODY = 0
_EVERY_COIL = 0x00FF
_ON = 0xFF00


def crc(frame: bytes) -> bytes:
    """CRC-16/MODBUS, the low byte first.

    >>> crc(bytes.fromhex("01 05 00 00 FF 00")).hex(" ")
    '8c 3a'
    """
    rest = 0xFFFF
    for byte in frame:
        rest ^= byte
        for _ in range(8):
            rest = rest >> 1 ^ (0xA001 if rest & 1 else 0)
    return rest.to_bytes(2, "little")


class ModbusBoard:
    """`coils` are its relays, `inputs` whether each is closed; `switched` is every relay that moved, from 1, in order.
    `registers` are what it holds, `written` every write of them: the first one's number and the values.

    Faults, each until it is taken back: `mute` does nothing and says nothing, `refuse` is the exception it answers
    with, `garble` is how many more answers it damages, `half` sends only the first half, `noise` comes before each answer,
    `stranger` answers as another unit, `bend` makes something else of each answer.
    """

    def __init__(
        self, unit: int = 1, *, relays: int = 8, inputs: int = 8, registers: int = 0
    ) -> None:
        self.unit = unit
        self.coils = [False] * relays
        self.inputs = [False] * inputs
        self.switched: list[tuple[int, bool]] = []
        self.registers = [0] * registers
        self.written: list[tuple[int, tuple[int, ...]]] = []
        self.asked = 0
        self.mute = self.half = False
        self.garble = 0
        self.refuse = 0
        self.noise = b""
        self.stranger = 0
        self.bend: Callable[[bytes], bytes] = bytes

    def lose_power(self) -> None:
        """For a moment: its relays fall off."""
        self.coils = [False] * len(self.coils)

    def answer(self, unit: int, request: bytes) -> bytes:
        """What it sends for a request that was addressed to it or to everybody, without address and checksum."""
        self.asked += 1
        if self.mute:
            return b""
        function = request[0]
        error = self.refuse
        reply = b""
        if not error:
            try:
                reply = bytes([function]) + self._obey(function, request[1:])
            except _Refused as refused:
                error = refused.code
        if error:
            reply = bytes([function | 0x80, error])
        return b"" if unit == _EVERYBODY else self._sent(reply)

    def _sent(self, reply: bytes) -> bytes:
        frame = bytes([self.stranger or self.unit]) + reply
        frame += crc(frame)
        if self.garble:
            self.garble -= 1
            frame = frame[:-1] + bytes([frame[-1] ^ 0x40])
        if self.half:
            frame = frame[: len(frame) // 2]
        return self.noise + self.bend(frame)

    def _obey(self, function: int, rest: bytes) -> bytes:
        if len(rest) < 4:
            raise _Refused(3)
        first, number = int.from_bytes(rest[:2]), int.from_bytes(rest[2:4])
        match function:
            case 0x01:
                return _packed(_some(self.coils, first, number))
            case 0x02:
                return _packed(_some(self.inputs, first, number))
            case 0x03 if self.registers:
                held = _some(self.registers, first, number)
                return bytes([2 * number]) + b"".join(one.to_bytes(2) for one in held)
            case 0x05:
                return self._one(first, number) + rest[:4]
            case 0x06 if self.registers:
                return self._write(first, (number,)) + rest[:4]
            case 0x10 if self.registers:
                if rest[4:5] != bytes([number * 2]) or len(rest) != 5 + number * 2:
                    raise _Refused(3)
                pairs = (rest[at : at + 2] for at in range(5, len(rest), 2))
                return self._write(first, tuple(map(int.from_bytes, pairs))) + rest[:4]
            case 0x0F:
                _some(self.coils, first, number)
                if rest[4:5] != bytes([(number + 7) // 8]) or len(rest) != 5 + rest[4]:
                    raise _Refused(3)
                for bit in range(number):
                    self._move(first + bit, bool(rest[5 + bit // 8] >> bit % 8 & 1))
                return rest[:4]
            case _:
                raise _Refused(1)

    def _one(self, coil: int, value: int) -> bytes:
        if value not in (0, _ON):
            raise _Refused(3)
        coils = range(len(self.coils)) if coil == _EVERY_COIL else [coil]
        for one in coils:
            if one >= len(self.coils):
                raise _Refused(2)
            self._move(one, value == _ON)
        return b""

    def _write(self, first: int, values: tuple[int, ...]) -> bytes:
        if not values or first + len(values) > len(self.registers):
            raise _Refused(2)
        self.registers[first : first + len(values)] = values
        self.written.append((first, values))
        return b""

    def _move(self, coil: int, on: bool) -> None:
        if self.coils[coil] is not on:
            self.coils[coil] = on
            self.switched.append((coil + 1, on))


class ModbusLine:
    """The far end of one line with these boards on it: a frame ends with silence; what is damaged nobody answers."""

    def __init__(self, *boards: ModbusBoard) -> None:
        self._boards = boards
        self._came = b""
        self._last = 0.0

    def powered(self, at: float) -> bytes:  # noqa: ARG002 - the adapter; the boards have power of their own
        self._came = b""
        return b""

    def heard(self, chunk: bytes, at: float) -> bytes:
        self._came, self._last = self._came + chunk, at
        return b""

    def passed(self, at: float) -> bytes:
        if not self._came or at - self._last < _SILENCE_SECONDS:
            return b""
        frame, self._came = self._came, b""
        if len(frame) < 4 or crc(frame[:-2]) != frame[-2:]:
            return b""
        asked = [board for board in self._boards if frame[0] in (board.unit, _EVERYBODY)]
        return b"".join(board.answer(frame[0], frame[1:-2]) for board in asked)


class _Refused(Exception):
    def __init__(self, code: int) -> None:
        self.code = code


def _some(bits: Sequence[Bit], first: int, count: int) -> Sequence[Bit]:
    if not count:
        raise _Refused(3)
    if first + count > len(bits):
        raise _Refused(2)
    return bits[first : first + count]


def _packed(bits: Sequence[bool]) -> bytes:
    whole = sum(bit << place for place, bit in enumerate(bits))
    size = (len(bits) + 7) // 8
    return bytes([size]) + whole.to_bytes(size, "little")
