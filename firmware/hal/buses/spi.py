"""An SPI bus of this Raspberry Pi by the kernel's spidev: each write is one transfer, with its device selected all along."""

from __future__ import annotations

import fcntl
import os
import struct
from typing import Protocol

__all__ = ["MODE_0", "SPEED", "SpiBus", "SpiDevice"]

# linux/spi/spidev.h: _IOW('k', 1, __u8) and _IOW('k', 4, __u32)
MODE_0 = (0x40016B01, struct.pack("=B", 0))
SPEED = 0x40046B04


class SpiBus(Protocol):
    """Raises OSError when it is gone; whether anything listens at its end it cannot tell."""

    def write(self, transfer: bytes) -> None: ...

    def close(self) -> None: ...


class SpiDevice:
    """Opens /dev/spidev0.0 or another in mode 0. Raises OSError."""

    def __init__(self, path: str, *, speed_hz: int) -> None:
        self._fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            fcntl.ioctl(self._fd, *MODE_0)
            fcntl.ioctl(self._fd, SPEED, struct.pack("=I", speed_hz))
        except OSError:
            self.close()
            raise

    def write(self, transfer: bytes) -> None:
        # A transfer in two parts would be two, and the chips would take the first for the whole.
        if os.write(self._fd, transfer) != len(transfer):
            raise OSError("the SPI bus took half a transfer")

    def close(self) -> None:
        os.close(self._fd)
