"""A line tapped: a stand-in for the device's port, which hands every byte on, both ways, and lets it be seen."""

from __future__ import annotations

import os
import select
import socket
import threading
import time
import tty
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from firmware.hal.buses.line import Line, open_line
from firmware.hal.buses.places import FilePlace, Place, SerialPlace, TcpPlace

__all__ = ["Tap"]

_LOOK_S = 0.1
_AGAIN_S = 0.5
_MOUTHFUL = 4096


class _Near(Protocol):
    """Where the driver comes to; `port` is how its settings name it."""

    port: str

    def read(self, timeout: float) -> bytes: ...

    def write(self, chunk: bytes) -> None: ...

    def close(self) -> None: ...


class Tap:
    """`saw` gets each chunk after it was handed on, from two threads: (True, chunk) is what the driver sent.

    The far line is opened at once, and anew whenever it broke: `lost` gets the reason once. What is sent meanwhile is gone,
    as it would be.
    """

    def __init__(
        self,
        place: Place,
        saw: Callable[[bool, bytes], None],
        lost: Callable[[str], None],
    ) -> None:
        self._place, self._saw, self._lost = place, saw, lost
        self._near = _near(place)
        self.port = self._near.port
        self._opening = threading.Lock()
        self._far: Line | None = None
        self._broken = ""
        self._running = True
        self._threads = [
            threading.Thread(target=pump, name="tap", daemon=True)
            for pump in (self._outward, self._inward)
        ]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        self._running = False
        for thread in self._threads:
            thread.join()
        self._near.close()
        if self._far is not None:
            self._far.close()

    def _outward(self) -> None:
        while self._running:
            chunk = self._near.read(_LOOK_S)
            far = self._opened()
            rest = chunk
            while rest and far is not None and self._running:
                try:
                    rest = rest[far.write(rest, _LOOK_S) :]
                except OSError as fault:
                    self._drop(far, fault)
                    far = None
            if chunk:
                self._saw(True, chunk)

    def _inward(self) -> None:
        while self._running:
            far = self._opened()
            if far is None or not far.answers:
                time.sleep(_LOOK_S)
                continue
            try:
                chunk = far.read(_LOOK_S)
            except OSError as fault:
                self._drop(far, fault)
                continue
            if chunk:
                self._near.write(chunk)
                self._saw(False, chunk)

    def _opened(self) -> Line | None:
        with self._opening:
            if self._far is None:
                try:
                    self._far = open_line(self._place)
                except OSError as fault:
                    self._tell(str(fault))
                    time.sleep(_AGAIN_S)
                else:
                    self._broken = ""
            return self._far

    def _drop(self, far: Line, fault: OSError) -> None:
        with self._opening:
            if self._far is far:
                self._far = None
                far.abandon()
        self._tell(str(fault))

    def _tell(self, why: str) -> None:
        if why != self._broken:
            self._broken = why
            self._lost(why)


def _near(place: Place) -> _Near:
    match place:
        case SerialPlace(baud=baud):
            return _Terminal("serial:{}" + f"?baud={baud}")
        case FilePlace():
            return _Terminal("file:{}")
        case TcpPlace():
            return _Ear()


class _Terminal:
    """A pseudo terminal; both its ends stay open, so that it outlives a driver that opens its port anew."""

    def __init__(self, port: str) -> None:
        self._ours, self._theirs = os.openpty()
        tty.setraw(self._theirs)
        os.set_blocking(self._ours, False)
        self.port = port.format(os.ttyname(self._theirs))

    def read(self, timeout: float) -> bytes:
        if not select.select([self._ours], [], [], timeout)[0]:
            return b""
        with suppress(OSError):
            return os.read(self._ours, _MOUTHFUL)
        return b""

    def write(self, chunk: bytes) -> None:
        with suppress(OSError):  # a driver that does not read loses it, as on a real port
            os.write(self._ours, chunk)

    def close(self) -> None:
        os.close(self._ours)
        os.close(self._theirs)


class _Ear:
    """A TCP port of this machine, for one driver at a time."""

    def __init__(self) -> None:
        self._ear = socket.create_server(("127.0.0.1", 0))
        self._peer: socket.socket | None = None
        self.port = f"tcp:127.0.0.1:{self._ear.getsockname()[1]}"

    def read(self, timeout: float) -> bytes:
        peer = self._peer
        heard = select.select([peer or self._ear], [], [], timeout)[0]
        if not heard:
            return b""
        if peer is None:
            self._peer, _ = self._ear.accept()
            self._peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return b""
        chunk = b""
        with suppress(OSError):
            chunk = peer.recv(_MOUTHFUL)
        if not chunk:
            self._peer = None
            peer.close()
        return chunk

    def write(self, chunk: bytes) -> None:
        peer = self._peer
        if peer is not None:
            with suppress(OSError):
                peer.sendall(chunk)

    def close(self) -> None:
        self._ear.close()
        if self._peer is not None:
            self._peer.close()
