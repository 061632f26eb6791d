"""What a service tells the system that started it: that it is ready, how it is, that it lives; the protocol of sd_notify(3)."""

from __future__ import annotations

import os
import socket
from collections.abc import MutableMapping
from contextlib import suppress

__all__ = ["System"]


class System:
    """systemd, if it is there; else nobody hears what is told, and `watchdog_s` is None.

    `watchdog_s` is the time after which who fed no watchdog is ended.
    """

    def __init__(self, environ: MutableMapping[str, str]) -> None:
        """The variables are taken out: a child that found them would speak in this service's name."""
        self._address = environ.pop("NOTIFY_SOCKET", "")
        limit, whose = environ.pop("WATCHDOG_USEC", ""), environ.pop("WATCHDOG_PID", "")
        mine = whose in {"", str(os.getpid())}
        self.watchdog_s = int(limit) / 1e6 if self._address and limit and mine else None

    @property
    def listens(self) -> bool:
        return bool(self._address)

    def tell(self, **words: str) -> None:
        """READY, STATUS, WATCHDOG, STOPPING, each with its value on one line.

        >>> System({}).tell(READY="1")
        """
        if not self._address:
            return
        # A name that begins with @ has no file.
        address = self._address.replace("@", "\0", 1) if self._address[0] == "@" else self._address
        text = "\n".join(f"{word}={' '.join(value.split())}" for word, value in words.items())
        # It never waits: a system that does not listen must not be what stops us.
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line, suppress(OSError):
            line.setblocking(False)
            line.sendto(text.encode(), address)
