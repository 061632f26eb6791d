"""A cable in virtual time: a driver's line to an emulated printer, without thread or waiting, so that a fault falls on a byte."""

from __future__ import annotations

from collections.abc import Callable

from firmware.hal.buses.line import Line
from firmware.hal.buses.places import Place
from hal_mocks.wires.escpos_machine import EscposMachine

__all__ = ["Cable", "Clock"]

_KERNEL_BYTES = 4096
_SIP = 256
_LOOK_SECONDS = 0.05
_FAST_BYTE = 1e-6  # seconds


class Clock:
    """Passes when somebody waits, and does what was to be done then."""

    def __init__(self) -> None:
        self._now = 1000.0
        self._later: list[tuple[float, Callable[[], None]]] = []

    def __call__(self) -> float:
        return self._now

    def after(self, seconds: float, deed: Callable[[], None]) -> None:
        self._later.append((self._now + seconds, deed))
        self._later.sort(key=lambda one: one[0])

    def pass_(self, seconds: float) -> None:
        end = self._now + seconds
        while self._later and self._later[0][0] <= end:
            self._now, deed = self._later.pop(0)
            deed()
        self._now = end


class Cable:
    """`open` is what a driver opens lines with; `spoken` are bytes on their way back."""

    def __init__(self, machine: EscposMachine, clock: Clock, *, baud: int = 0) -> None:
        self._machine, self._clock = machine, clock
        self.seconds_per_byte = 10 / baud if baud else 0.0
        self._plugged = True
        self._opened = 0
        self.on_the_way = bytearray()
        self.spoken = bytearray()

    def open(self, _place: Place) -> Line:
        if not self._plugged:
            raise OSError("there is nothing plugged in")
        self._opened += 1
        self.spoken.clear()
        return _VirtualLine(self, self._opened)

    def unplug(self) -> None:
        self._plugged = False
        self._opened += 1
        self.on_the_way.clear()
        self.spoken.clear()
        self._machine.forget_answers()

    def replug(self) -> None:
        self._plugged = True

    def blurt(self, junk: bytes) -> None:
        self.spoken += junk

    def carries(self, line: int) -> bool:
        return self._plugged and line == self._opened

    def live(self, seconds: float, until: Callable[[], bool] = lambda: False) -> None:
        """Let time pass, and bytes go where they are going."""
        end = self._clock() + seconds
        while True:
            self._carry()
            left = end - self._clock()
            if until() or left <= 0:
                return
            if not self.on_the_way or not self._machine.room:
                self._clock.pass_(min(left, _LOOK_SECONDS))

    def _carry(self) -> None:
        size = min(_SIP, len(self.on_the_way), self._machine.room)
        chunk = bytes(self.on_the_way[:size])
        del self.on_the_way[:size]
        self._clock.pass_(size * (self.seconds_per_byte or _FAST_BYTE))
        said = self._machine.eat(chunk)
        if self._plugged:
            self.spoken += said


class _VirtualLine(Line):
    def __init__(self, cable: Cable, number: int) -> None:
        self._cable, self._number = cable, number
        self.answers = True
        self.seconds_per_byte = cable.seconds_per_byte

    def write(self, chunk: bytes, timeout: float) -> int:
        way = self._cable.on_the_way
        if len(way) >= _KERNEL_BYTES:
            self._cable.live(timeout, until=lambda: len(way) < _KERNEL_BYTES)
        self._check()
        taken = chunk[: _KERNEL_BYTES - len(way)]
        way += taken
        return len(taken)

    def read(self, timeout: float) -> bytes:
        spoken = self._cable.spoken
        self._cable.live(timeout, until=lambda: bool(spoken) or not self._is_alive())
        self._check()
        said = bytes(spoken)
        spoken.clear()
        return said

    def abandon(self) -> None:
        if self._is_alive():
            self._cable.on_the_way.clear()

    def close(self) -> None:
        pass

    def _is_alive(self) -> bool:
        return self._cable.carries(self._number)

    def _check(self) -> None:
        if not self._is_alive():
            raise OSError("the line is unplugged or its other end is gone")
