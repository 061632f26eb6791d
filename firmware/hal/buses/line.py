"""A serial or TCP line to one device, bounded in time, opened anew when it broke; knows no device's language."""

from __future__ import annotations

import os
import select
import socket
import termios
import time
from contextlib import suppress
from typing import Protocol

import serial

from firmware.hal.buses.places import Place, SerialPlace, TcpPlace

__all__ = ["Line", "StandingLine", "open_line"]

_BITS_PER_BYTE = 10  # 8N1
_CONNECT_SECONDS = 0.5
_MOST_READS_TO_DRAIN = 64


class _Opened(Protocol):
    def fileno(self) -> int: ...

    def close(self) -> None: ...


class Line:
    """An open line. Every call returns within its timeout; OSError means the line is dead.

    `seconds_per_byte` is how long a byte is under way on a serial line, 0 on TCP.
    """

    def __init__(self, opened: _Opened, seconds_per_byte: float) -> None:
        self._opened = opened
        self._fd = opened.fileno()
        self.seconds_per_byte = seconds_per_byte

    def write(self, frame: bytes, timeout: float) -> None:
        """Hand the whole frame to the kernel within `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while frame:
            if not self._ready(select.POLLOUT, deadline - time.monotonic()):
                raise OSError("the line takes no more bytes")
            with suppress(BlockingIOError):
                frame = frame[os.write(self._fd, frame) :]

    def read(self, timeout: float) -> bytes:
        """Return what has come, b"" when nothing did within `timeout` seconds."""
        if not self._ready(select.POLLIN, timeout):
            return b""
        try:
            came = os.read(self._fd, 4096)
        except BlockingIOError:
            return b""
        if not came:
            raise OSError("the other end hung up")
        return came

    def drain(self) -> None:
        """Forget what came before now: it answers nothing that is asked next."""
        for _ in range(_MOST_READS_TO_DRAIN):
            if not self.read(0):
                return

    def close(self) -> None:
        # An unplugged line cannot be closed properly, and need not.
        with suppress(OSError, termios.error):
            self._opened.close()

    def _ready(self, event: int, timeout: float) -> bool:
        poll = select.poll()
        poll.register(self._fd, event)
        for _, happened in poll.poll(max(0.0, timeout) * 1000):
            if happened & event:
                return True
            raise OSError("the line is unplugged or its other end is gone")
        return False


def open_line(place: Place) -> Line:
    """Open a line, alone on its serial port. Raises OSError."""
    match place:
        case SerialPlace(path, baud):
            try:
                opened = serial.Serial(path, baud, exclusive=True, timeout=0)
            except (termios.error, ValueError) as fault:  # neither is an OSError
                raise OSError(f"{path} cannot be set up as a serial line: {fault}") from fault
            return Line(opened, _BITS_PER_BYTE / baud)
        case TcpPlace(host, port):
            connection = socket.create_connection((host, port), timeout=_CONNECT_SECONDS)
            connection.setblocking(False)
            # Without it a frame may wait 40 ms for the acknowledgement of the one before.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return Line(connection, 0.0)


class StandingLine:
    """A line that is kept open between frames, so that the first byte leaves at once, and opened anew when it broke."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._line: Line | None = None
        # A device that is not there yet is no reason not to start: the first use says so, or finds it.
        with suppress(OSError):
            self._line = open_line(place)

    def fresh(self) -> Line:
        """Return the open line with nothing left to read. Raises OSError."""
        if self._line is not None:
            try:
                self._line.drain()
            except OSError:
                self.drop()  # it broke while nobody used it; perhaps it is back already
        if self._line is None:
            self._line = open_line(self._place)
        return self._line

    def drop(self) -> None:
        """Close the line; the next use opens it anew."""
        if self._line is not None:
            self._line.close()
            self._line = None
