"""The device's end of a file in /dev/input: a named pipe that comes and goes as the keyboard is plugged; only speaks."""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path

__all__ = ["PipeLine"]


class PipeLine:
    """A line whose other end can only listen, as a keyboard's."""

    def __init__(self) -> None:
        self._room = tempfile.TemporaryDirectory(prefix="input")
        self.address = str(Path(self._room.name) / "usb-Emulated-event-kbd")
        self._fd: int | None = None
        self.replug()

    def read(self, _most: int, timeout: float) -> bytes:
        time.sleep(timeout)
        return b""

    def write(self, answer: bytes) -> None:
        # A pipe that nobody empties is full at some time; then what is pressed is lost, as the kernel does it.
        with suppress(OSError):
            if self._fd is not None:
                os.write(self._fd, answer)

    def unplug(self) -> None:
        if self._fd is not None:
            Path(self.address).unlink()
            os.close(self._fd)
            self._fd = None

    def replug(self) -> None:
        os.mkfifo(self.address)
        # For both directions, so that it does not wait for somebody who listens.
        self._fd = os.open(self.address, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)

    def close(self) -> None:
        self.unplug()
        self._room.cleanup()
