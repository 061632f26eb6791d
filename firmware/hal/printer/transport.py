"""The line to a printer: serial, USB printer device or TCP, with bounded reads and writes; knows no ESC/POS."""

from __future__ import annotations

import os
import select
import socket
import stat
import struct
import termios
import time
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import serial

from firmware.hal.printer.ports import DevicePort, Port, SerialPort, TcpPort

__all__ = ["Transport", "open_transport"]

_DEAD = select.POLLERR | select.POLLHUP | select.POLLNVAL
_BITS_PER_BYTE = 10  # 8N1
_CONNECT_SECONDS = 0.4
_EMPTY_READ_PAUSE = 0.01


class _Opened(Protocol):
    def fileno(self) -> int: ...

    def close(self) -> None: ...


class Transport:
    """An open line. Every call returns within its timeout; OSError means the line is dead: open a new one.

    `answers` is False for a plain file, `seconds_per_byte` is the speed of a serial line, else 0.
    """

    def __init__(
        self,
        opened: _Opened,
        *,
        answers: bool = True,
        seconds_per_byte: float = 0.0,
        empty_is_end: bool = True,
    ) -> None:
        self._opened = opened
        self._fd = opened.fileno()
        self._empty_is_end = empty_is_end
        self.answers = answers
        self.seconds_per_byte = seconds_per_byte

    def write(self, chunk: bytes, timeout: float) -> int:
        """Give what the line takes now; how many bytes it took, 0 when none within `timeout` seconds."""
        # Not pyserial's write(): when that runs into its timeout, it does not say how much has left.
        if not self._ready(select.POLLOUT, timeout):
            return 0
        try:
            return os.write(self._fd, chunk)
        except BlockingIOError:
            return 0

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

    def abandon(self) -> None:
        """Close, and drop what the kernel still holds: it must not come out on a later ticket."""
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
            if happened & _DEAD:
                raise OSError("the line is unplugged or its other end is gone")
        return False


def open_transport(port: Port) -> Transport:
    """Open a line anew. Raises OSError."""
    match port:
        case SerialPort():
            return _open_serial(port)
        case DevicePort():
            return _open_device(port)
        case TcpPort():
            line = socket.create_connection((port.host, port.port), timeout=_CONNECT_SECONDS)
            line.setblocking(False)
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return Transport(line)


def _open_serial(port: SerialPort) -> Transport:
    try:
        line = serial.Serial(
            port.path,
            port.baud,
            exclusive=True,
            timeout=0,
            rtscts=port.flow == "rtscts",
            xonxoff=port.flow == "xonxoff",
        )
    except (termios.error, ValueError) as fault:  # neither is an OSError
        raise OSError(f"{port.path} cannot be set up as a serial line: {fault}") from fault
    return Transport(line, seconds_per_byte=_BITS_PER_BYTE / port.baud)


def _open_device(port: DevicePort) -> Transport:
    # Never O_CREAT: an unplugged /dev/usb/lp0 must not come to life as a file that swallows tickets.
    if stat.S_ISREG(Path(port.path).stat().st_mode):
        return Transport(Path(port.path).open("ab", buffering=0), answers=False)
    fd = os.open(port.path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    return Transport(os.fdopen(fd, "wb", buffering=0), empty_is_end=False)
