"""What a part's worker tells its board, for tests that wait for it."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable

from firmware.device import Done, Failed, PartHealth
from firmware.hal import Health, Trouble

__all__ = ["RECOVERS_SECONDS", "Posted", "Report", "ill", "well"]

RECOVERS_SECONDS = 5.0  # from plugging in to working again, with nothing for the technician to do

Report = Done | Failed | PartHealth


class Posted:
    def __init__(self) -> None:
        self._came: queue.SimpleQueue[Report] = queue.SimpleQueue()
        self.post = self._came.put

    def until(self, wanted: Callable[[Report], bool], seconds: float = 10.0) -> list[Report]:
        """All that came up to the first that is wanted; queue.Empty if none came in time."""
        deadline = time.monotonic() + seconds
        came: list[Report] = []
        while not came or not wanted(came[-1]):
            came.append(self._came.get(timeout=max(0.0, deadline - time.monotonic())))
        return came


def well(report: Report) -> bool:
    return isinstance(report, PartHealth) and report.health == Health()


def ill(trouble: Trouble) -> Callable[[Report], bool]:
    wanted = Health(usable=False, troubles=(trouble,))
    return lambda report: isinstance(report, PartHealth) and report.health == wanted
