"""The loop of a board: one inbox that any thread posts to, one thread that thinks, one worker thread per output part."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from firmware.device import Done, Effect, Failed, LightLamp, PartHealth, Print, Say
from firmware.hal import HardwareFault, Health, Trouble

__all__ = ["Inbox", "Timers", "Worker"]

log = logging.getLogger(__name__)

Item = TypeVar("Item")

RETRY_S = (0.5, 1.0, 2.0, 5.0, 10.0)
LOOK_S = 2.0


class Inbox(Generic[Item]):
    """The only seam between threads."""

    def __init__(self) -> None:
        self._items: queue.SimpleQueue[Item] = queue.SimpleQueue()

    def post(self, item: Item) -> None:
        self._items.put(item)

    def take(self, timeout_s: float) -> Item | None:
        """The next item, or None after the time-out."""
        try:
            return self._items.get(timeout=max(0.0, timeout_s))
        except queue.Empty:
            return None


class Timers:
    """Named deadlines of one board, by the monotonic clock."""

    def __init__(self) -> None:
        self._due: dict[tuple[str, str], float] = {}

    def start(self, device: str, name: str, seconds: float, now: float) -> None:
        if seconds <= 0:
            self._due.pop((device, name), None)
        else:
            self._due[device, name] = now + seconds

    def next(self) -> float | None:
        return min(self._due.values(), default=None)

    def fired(self, now: float) -> list[tuple[str, str]]:
        """The (device, name) of every timer that is due, soonest first; each fires once."""
        due = sorted((at, key) for key, at in self._due.items() if at <= now)
        for _, key in due:
            del self._due[key]
        return [key for _, key in due]


@dataclass(frozen=True, slots=True)
class _Job:
    """`key` is None for what must be done each time; of jobs with one key only the newest counts."""

    effect: Effect
    key: object


class Worker:
    """One part and its thread: opens it, does its effects in order, opens it again when it broke, reports its health.

    What is shown is a state: a newer text supersedes an older one, and the newest is shown again after a fault.
    What is printed or said is done once and its outcome reported.
    """

    def __init__(
        self,
        name: str,
        opened: Callable[[], Any],
        does: Mapping[type, Callable[[Any, Any], object]],
        post: Callable[[Done | Failed | PartHealth], None],
        listen: Callable[[Any], None] | None = None,
    ) -> None:
        self.name = name
        self._opened, self._does, self._post, self._listen = opened, does, post, listen
        self._part: Any = None
        self._jobs: deque[_Job] = deque()
        self._wake = threading.Condition()
        self._running = True
        self._failures = 0
        self._health: Health | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def does(self, effect: Effect) -> bool:
        return type(effect) in self._does

    def do(self, effect: Effect) -> None:
        job = _Job(effect, _key(effect))
        with self._wake:
            if job.key is not None:
                self._jobs = deque(other for other in self._jobs if other.key != job.key)
            self._jobs.append(job)
            self._wake.notify()

    def stop(self) -> None:
        with self._wake:
            self._running = False
            self._wake.notify()
        self._thread.join(timeout=3)

    def _run(self) -> None:
        while self._running:
            job = self._next()
            if not self._open():
                self._give_up(job)
            elif job is not None:
                self._work(job)
            else:
                self._look()
        if self._part is not None:
            self._part.close()

    def _next(self) -> _Job | None:
        """The next job; None when it is time to look at the part's health, or to try again."""
        with self._wake:
            wait = (
                RETRY_S[min(self._failures, len(RETRY_S)) - 1]
                if self._failures
                else 0.0
                if self._part is None
                else LOOK_S
            )
            if not self._jobs or self._failures:
                self._wake.wait_for(self._something_to_do, timeout=wait)
            return self._jobs.popleft() if self._jobs else None

    def _something_to_do(self) -> bool:
        """After a fault only what must be answered at once is worth waking for."""
        urgent = self._jobs and (not self._failures or self._jobs[0].key is None)
        return bool(urgent) or not self._running

    def _open(self) -> bool:
        if self._part is not None:
            return True
        try:
            self._part = self._opened()
            if self._listen:
                self._listen(self._part)
        except (HardwareFault, OSError) as fault:
            self._broke(fault)
            return False
        return True

    def _work(self, job: _Job) -> None:
        try:
            self._does[type(job.effect)](self._part, job.effect)
        except OSError as fault:
            self._broke(fault)
            self._again_or_report(job, fault)
        else:
            self._failures = 0
            if job.key is None:
                self._post(Done(job.effect))
            self._seen(Health())

    def _give_up(self, job: _Job | None) -> None:
        if job is not None:
            self._again_or_report(
                job, HardwareFault(f"{self.name} cannot be opened", Trouble.NO_ANSWER)
            )

    def _again_or_report(self, job: _Job, fault: OSError) -> None:
        if job.key is None:
            trouble = getattr(fault, "trouble", Trouble.BROKEN)
            self._post(
                Failed(job.effect, str(fault), trouble, started=getattr(fault, "started", True))
            )
            return
        with self._wake:
            if all(other.key != job.key for other in self._jobs):
                self._jobs.appendleft(job)

    def _broke(self, fault: OSError) -> None:
        self._failures += 1
        if self._failures == 1:
            log.warning("%s: %s", self.name, fault)
        self._seen(Health(usable=False, troubles=(getattr(fault, "trouble", Trouble.BROKEN),)))

    def _look(self) -> None:
        look = getattr(self._part, "health", None)
        if look is None:
            return
        try:
            health = look()
        except OSError as fault:
            self._broke(fault)
        else:
            self._failures = 0
            self._seen(health)

    def _seen(self, health: Health) -> None:
        if health != self._health:
            self._health = health
            self._post(PartHealth(self.name, health))


def _key(effect: Effect) -> object:
    if isinstance(effect, Print | Say):
        return None
    if isinstance(effect, LightLamp):
        return (LightLamp, effect.lamp)
    return type(effect)
