"""A line to one device - serial, a device file, TCP - with every call bounded in time; knows no device's language."""

from __future__ import annotations

import os
import select
import socket
import stat
import struct
import termios
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol, TypeVar

import serial

from firmware.hal.buses.places import BITS_PER_BYTE, FilePlace, Place, SerialPlace, TcpPlace

__all__ = ["Line", "Lines", "StandingLine", "open_line"]

Bus = TypeVar("Bus")

_CONNECT_SECONDS = 0.4
_EMPTY_READ_PAUSE = 0.01
_MOST_READS_TO_DRAIN = 64


class _Opened(Protocol):
    def fileno(self) -> int: ...

    def close(self) -> None: ...


class Line:
    """An open line. Every call returns within its timeout; OSError means the line is dead: open a new one.

    `answers` is False for a plain file; `seconds_per_byte` is how long a byte is under way on a serial line, else 0.
    """

    def __init__(
        self,
        opened: _Opened,
        *,
        seconds_per_byte: float = 0.0,
        answers: bool = True,
        empty_is_end: bool = True,
    ) -> None:
        self._opened = opened
        self._fd = opened.fileno()
        self._empty_is_end = empty_is_end
        self.answers = answers
        self.seconds_per_byte = seconds_per_byte

    def fileno(self) -> int:
        return self._fd

    def write(self, chunk: bytes, timeout: float) -> int:
        """Give what the line takes now; how many bytes it took, 0 when none within `timeout` seconds."""
        # Not pyserial's write(): when that runs into its timeout, it does not say how much has left.
        # And asked first: a line that is nearly full would take half a frame, and keep it.
        if self._ready(select.POLLOUT, timeout):
            with suppress(BlockingIOError):
                return os.write(self._fd, chunk)
        return 0

    def send(self, frame: bytes, timeout: float) -> None:
        """Hand the whole frame to the kernel within `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while frame:
            if (left := deadline - time.monotonic()) <= 0:
                raise OSError("the line takes no more bytes")
            frame = frame[self.write(frame, left) :]

    def read(self, timeout: float) -> bytes:
        """Return what has come, b"" when nothing did within `timeout` seconds."""
        if not self.answers or not self._ready(select.POLLIN, timeout):
            return b""
        try:
            came = os.read(self._fd, 4096)
        except BlockingIOError:
            return b""
        if not came:
            if self._empty_is_end:
                raise OSError("the other end hung up")
            # usblp calls an idle printer readable; without a pause the caller's loop would spin.
            time.sleep(min(timeout, _EMPTY_READ_PAUSE))
        return came

    def drain(self) -> None:
        """Forget what came before now: it answers nothing that is asked next."""
        for _ in range(_MOST_READS_TO_DRAIN):
            if not self.read(0):
                return

    def abandon(self) -> None:
        """Close, and drop what the kernel still holds: it must not come out before what is sent later."""
        with suppress(OSError, termios.error):
            if os.isatty(self._fd):
                termios.tcflush(self._fd, termios.TCIOFLUSH)
            elif isinstance(self._opened, socket.socket):
                no_linger = struct.pack("ii", 1, 0)
                self._opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_linger)
        self.close()

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
    """Open a line anew, alone on its serial port. Raises OSError."""
    match place:
        case SerialPlace():
            return _open_serial(place)
        case FilePlace(path):
            return _open_file(path)
        case TcpPlace(host, port):
            connection = socket.create_connection((host, port), timeout=_CONNECT_SECONDS)
            connection.setblocking(False)
            # Without it a frame may wait 40 ms for the acknowledgement of the one before.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return Line(connection)


def _open_serial(place: SerialPlace) -> Line:
    try:
        opened = serial.Serial(
            place.path,
            place.baud,
            exclusive=True,
            timeout=0,
            rtscts=place.flow == "rtscts",
            xonxoff=place.flow == "xonxoff",
        )
    except (termios.error, ValueError) as fault:  # neither is an OSError
        raise OSError(f"{place.path} cannot be set up as a serial line: {fault}") from fault
    return Line(opened, seconds_per_byte=BITS_PER_BYTE / place.baud)


def _open_file(path: str) -> Line:
    # Never O_CREAT: an unplugged /dev/usb/lp0 must not come to life as a file that swallows tickets.
    if stat.S_ISREG(Path(path).stat().st_mode):
        return Line(Path(path).open("ab", buffering=0), answers=False)
    fd = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    return Line(os.fdopen(fd, "wb", buffering=0), empty_is_end=False)


class StandingLine:
    """A line that is kept open between frames, so that the first byte leaves at once, and opened anew when it broke.

    Whoever shares it holds `lock` from its question to the answer, and when it calls any method.
    """

    def __init__(self, place: Place) -> None:
        self.lock = threading.Lock()
        self.sent_at = float("-inf")  # monotonic; for devices that want a pause between two frames
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
        """Give the line up after a fault, with all that is still under way; the next use opens it anew."""
        if self._line is not None:
            self._line.abandon()
            self._line = None

    def close(self) -> None:
        """Close the line in order; the next use opens it anew."""
        if self._line is not None:
            self._line.close()
            self._line = None


class Lines:
    """The lines of one board: each is opened once, for all parts that share it. Parts open in threads of their own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._standing: dict[Place, StandingLine] = {}
        self._buses: dict[Place, Any] = {}

    def at(self, place: Place) -> StandingLine:
        with self._lock:
            if place not in self._standing:
                self._standing[place] = StandingLine(place)
            return self._standing[place]

    def bus(self, place: Place, make: Callable[[Place], Bus]) -> Bus:
        """The bus that reads this line by itself; made for who asks first. Settings that want two kinds are refused."""
        with self._lock:
            if place not in self._buses:
                self._buses[place] = make(place)
            bus: Bus = self._buses[place]
            return bus
