"""Workers on parts that remember, break and wait on command; never a law itself."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from firmware.daemon import Worker
from firmware.device import Done, Failed, LightLamp, PartHealth, Print, Say, Show
from firmware.hal import HardwareFault, Health, Trouble

__all__ = [
    "A001",
    "A002",
    "DOES",
    "NEVER",
    "SOON",
    "WELL",
    "Asked",
    "Part",
    "Posted",
    "Slow",
    "silent",
    "worker_of",
    "working",
]

SOON = 5.0  # seconds until a test is given up; nothing here takes a tenth of it
NEVER = 3600.0
WELL = Health()
A001, A002 = Print("A001", "pension", 0, 1), Print("A002", "pension", 0, 2)

Report = Done | Failed | PartHealth


class Part:
    """A part that remembers what it did; `breaks` are the faults of its next works, one each."""

    def __init__(self, *breaks: Exception | None) -> None:
        self.did: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.breaks = list(breaks)
        self.works = 0
        self.closed = threading.Event()

    def work(self, what: str) -> None:
        self.works += 1
        fault = self.breaks.pop(0) if self.breaks else None
        if fault:
            raise fault
        self.did.put(what)

    def close(self) -> None:
        self.closed.set()


class Slow(Part):
    """A part whose first work lasts until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.busy, self.let_go = threading.Event(), threading.Event()

    def work(self, what: str) -> None:
        self.busy.set()
        assert self.let_go.wait(SOON)
        super().work(what)


class Asked(Part):
    """A part that can be asked how it is: the next of `healths`, and the last of them from then on."""

    def __init__(self, *healths: Health | Exception) -> None:
        super().__init__()
        self.healths = list(healths)
        self.all_asked = threading.Event()

    def health(self) -> Health:
        if len(self.healths) == 1:
            self.all_asked.set()
            found = self.healths[0]
        else:
            found = self.healths.pop(0)
        if isinstance(found, Exception):
            raise found
        return found


DOES: dict[type, Callable[..., object]] = {
    Show: lambda part, effect: part.work(effect.text),
    LightLamp: lambda part, effect: part.work(f"{effect.lamp} {effect.light}"),
    Print: lambda part, effect: part.work(effect.ticket),
    Say: lambda part, effect, _cut: part.work(effect.text),
}


class Posted:
    """What a worker reported, in order."""

    def __init__(self) -> None:
        self._reports: queue.SimpleQueue[Report] = queue.SimpleQueue()
        self.post = self._reports.put

    def take(self) -> Report:
        return self._reports.get(timeout=SOON)

    def until(self, wanted: Report) -> list[Report]:
        """Everything up to the report that is wanted, and it."""
        found = [self.take()]
        while found[-1] != wanted:
            found.append(self.take())
        return found

    def rest(self) -> list[Report]:
        found = []
        while not self._reports.empty():
            found.append(self._reports.get())
        return found


@contextmanager
def working(worker: Worker) -> Iterator[Worker]:
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()


def worker_of(
    posted: Posted, *parts: Part | Exception, look_s: float = NEVER, retry_s: float = 0.001
) -> Worker:
    """A worker that opens one of `parts` after another, the last again and again; an exception is a failed opening."""
    left = list(parts)

    def opened() -> Part:
        part = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(part, Exception):
            raise part
        return part

    return Worker("part", opened, DOES, posted.post, retry_s=(retry_s,), look_s=look_s)


def silent(sentence: str = "It does not answer.") -> HardwareFault:
    return HardwareFault(sentence, Trouble.NO_ANSWER)
