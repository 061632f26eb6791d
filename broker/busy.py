"""Says to the updater that somebody is being served: a shared lock, which the kernel lets go with who holds it."""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Mapping
from pathlib import Path

__all__ = ["Busy"]

log = logging.getLogger(__name__)


class Busy:
    """Whoever starts everything anew waits until nobody holds the lock, and then holds it alone.

    Without a `path` there is no updater here, and nobody to tell.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._file: int | None = None

    @staticmethod
    def of_this_service(environment: Mapping[str, str] = os.environ) -> Busy:
        """As the program that started this service says."""
        run = environment.get("JIAOHAO_RUN")
        return Busy(Path(run) / "busy" if run else None)

    def be(self, serving: bool) -> None:
        """Hold the lock, or let it go. While all is about to start anew it cannot be had: then this one ends soon, too."""
        if serving and self._file is None:
            self._file = self._hold()
        elif not serving and self._file is not None:
            os.close(self._file)
            self._file = None

    def _hold(self) -> int | None:
        if self._path is None:
            return None
        try:
            file = os.open(self._path, os.O_RDONLY | os.O_CREAT | os.O_NOFOLLOW, 0o644)
        except OSError as fault:
            # Serving goes on; only an update might come in between.
            log.warning("the updater cannot be told that somebody is served: %s", fault)
            self._path = None
            return None
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return None
        return file
