"""The device's end of a wire: a pseudo terminal or a TCP port that can be unplugged; speaks no protocol."""

from __future__ import annotations

import errno
import os
import secrets
import select
import socket
import struct
import tempfile
import time
import tty
from contextlib import suppress
from pathlib import Path
from typing import Protocol

__all__ = ["Line", "PtyLine", "TcpLine"]

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
# Below those that the kernel lends to whoever connects: it would give an unplugged one's away.
_OWN_PORTS = range(15_000, 32_000)


class Line(Protocol):
    """What one thread asks of its wire. `address` stays the same when it is unplugged and plugged in again."""

    @property
    def address(self) -> str: ...

    def read(self, most: int, timeout: float) -> bytes:
        """At most `most` bytes, b"" if none came; an unplugged wire is silent."""

    def write(self, answer: bytes) -> None: ...

    def unplug(self) -> None: ...

    def replug(self) -> None: ...

    def close(self) -> None: ...


class PtyLine:
    """A serial line. Its address is a link, as udev keeps one for a real adapter."""

    def __init__(self) -> None:
        self._room = tempfile.TemporaryDirectory(prefix="tty")
        self.address = str(Path(self._room.name) / "ttyUSB0")
        self._ends: tuple[int, int] | None = None
        self.replug()

    def read(self, most: int, timeout: float) -> bytes:
        if not self._ends:
            time.sleep(timeout)
            return b""
        if not select.select([self._ends[0]], [], [], timeout)[0]:
            return b""
        with suppress(OSError):
            return os.read(self._ends[0], most)
        return b""

    def write(self, answer: bytes) -> None:
        with suppress(OSError):
            if self._ends:
                os.write(self._ends[0], answer)

    def unplug(self) -> None:
        if self._ends:
            Path(self.address).unlink()
            for end in self._ends:
                os.close(end)
            self._ends = None

    def replug(self) -> None:
        # Both ends stay open, so that the line outlives each driver that opens and closes it.
        device, host = os.openpty()
        tty.setraw(host)
        os.set_blocking(device, False)
        Path(self.address).symlink_to(os.ttyname(host))
        self._ends = (device, host)

    def close(self) -> None:
        self.unplug()
        self._room.cleanup()


class TcpLine:
    """A TCP port on this machine that serves one peer at a time, as network printers do."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        self._host, self._port = host, port
        self._ear: socket.socket | None = None
        self._peer: socket.socket | None = None
        self.replug()
        self.address = f"{self._host}:{self._port}"

    def read(self, most: int, timeout: float) -> bytes:
        if self._ear:
            return self._read(self._ear, most, timeout)
        time.sleep(timeout)
        return b""

    def write(self, answer: bytes) -> None:
        with suppress(OSError):
            if self._peer:
                self._peer.send(answer)

    def unplug(self) -> None:
        if self._peer:
            self._peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            self._peer.close()
        if self._ear:
            self._ear.close()
        self._peer = self._ear = None

    def replug(self) -> None:
        while self._ear is None:
            port = self._port or secrets.choice(_OWN_PORTS)
            try:
                self._ear = socket.create_server((self._host, port))
            except OSError as fault:
                if self._port or fault.errno != errno.EADDRINUSE:
                    raise
        self._ear.setblocking(False)
        self._port = self._ear.getsockname()[1]

    def close(self) -> None:
        self.unplug()

    def _read(self, ear: socket.socket, most: int, timeout: float) -> bytes:
        if not self._peer:
            if select.select([ear], [], [], timeout)[0]:
                self._peer, _ = ear.accept()
                self._peer.setblocking(False)
                self._peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return b""
        if not select.select([self._peer], [], [], timeout)[0]:
            return b""
        came = b""
        with suppress(OSError):
            came = self._peer.recv(most)
        if not came:
            self._peer.close()
            self._peer = None
        return came
