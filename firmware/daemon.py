"""The loop of a board: one inbox that any thread posts to, one thread that thinks, one worker thread per output part."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from broker.pulse import Pulse
from firmware.device import (
    CheckPrinter,
    Done,
    Effect,
    Failed,
    Hush,
    LightLamp,
    PartHealth,
    Print,
    PrintTest,
    Prompt,
    Say,
    SayEnglish,
    Warn,
)
from firmware.hal import Health, Trouble

__all__ = ["Inbox", "Timers", "Worker"]

log = logging.getLogger(__name__)

Item = TypeVar("Item")

# How long a driver may take before its thread counts as dead; each has limits of its own far below. Opening, looking
# and showing are over in seconds. Paper at 9600 baud and an audio guide's page take minutes.
CALL_S = 60.0
ONCE_S = 300.0
SLACK_S = 10.0  # a busy Zero 2 W lets a thread wait for its turn

RETRY_S = (0.5, 1.0, 2.0, 4.0)  # what is plugged in again works within 5 s
LOOK_S = 2.0
LOOKS_PER_REFRESH = (
    30  # a display that lost its power comes back blank, and answers as if nothing had been
)


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


SPOKEN = Prompt | Say | SayEnglish | Warn
BROKEN_OFF = "it was broken off: an emergency is on, or has just ended"


@dataclass(frozen=True, slots=True)
class _Job:
    """`key` is None for what must be done each time; of jobs with one key only the newest counts.

    `cut` breaks off what is spoken. A prompt is of the moment: a newer one does so, and it is not done again after a fault.
    """

    effect: Effect
    key: object
    cut: threading.Event | None = field(default=None, compare=False)

    @property
    def is_state(self) -> bool:
        return self.key is not None and self.cut is None


class Worker:
    """One part and its thread: opens it, does its effects in order, tries again when it broke, reports its health.

    What is shown is a state: a newer text supersedes an older one, and after a fault the part is opened anew and
    shown the newest. What is printed or said is done once and its outcome reported; its driver stays, for it alone
    knows what a half-done print left behind. A `Hush` breaks off what is said, also before it has come. A prompt is said
    now or never, and a newer one cuts it off; nobody waits for its outcome. `retry_s` are the waits after the first,
    second, … fault. Its pulse beats once it has tried to open the part, and from then on before whatever may last; the
    part may have threads, and so `pulses`, of its own.
    """

    def __init__(
        self,
        name: str,
        opened: Callable[[], Any],
        does: Mapping[type, Callable[..., object]],
        post: Callable[[Done | Failed | PartHealth], None],
        *,
        listen: Callable[[Any], None] | None = None,
        retry_s: tuple[float, ...] = RETRY_S,
        look_s: float = LOOK_S,
        pulse: Pulse | None = None,
    ) -> None:
        self.name = name
        self._pulse = pulse or Pulse(name)
        self._opened, self._does, self._post, self._listen = opened, does, post, listen
        self._retry_s, self._look_s = retry_s, look_s
        self._part: Any = None
        self._jobs: deque[_Job] = deque()
        self._newest: dict[object, _Job] = {}
        self._doing: _Job | None = None
        self._unsaid: Effect | None = None
        self._wake = threading.Condition()
        self._running = True
        self._failures = 0
        self._looks = 0
        self._said = ""
        self._health: Health | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def pulses(self) -> tuple[Pulse, ...]:
        """Its own, and those of the part that is open now."""
        return (self._pulse, *getattr(self._part, "pulses", ()))

    def does(self, effect: Effect) -> bool:
        return type(effect.effect if isinstance(effect, Hush) else effect) in self._does

    def do(self, effect: Effect) -> None:
        if isinstance(effect, Hush):
            self._hush(effect.effect)
            return
        if effect == self._unsaid:
            self._unsaid = None
            self._post(Failed(effect, BROKEN_OFF, Trouble.BROKEN))
            return
        cut = threading.Event() if isinstance(effect, SPOKEN) else None
        job = _Job(effect, _key(effect), cut)
        # Only the thread that thinks writes it down, so it may look without the lock.
        if job.is_state and self._newest.get(job.key) == job:
            return  # it is shown already, or on its way, and again after a fault
        with self._wake:
            if job.key is not None:
                self._jobs = deque(other for other in self._jobs if other.key != job.key)
            if job.is_state:
                self._newest[job.key] = job
            elif isinstance(effect, Prompt):
                self._cut_prompt()
            self._jobs.append(job)
            self._wake.notify()

    def stop(self) -> None:
        with self._wake:
            self._running = False
            if self._doing is not None and self._doing.cut is not None:
                self._doing.cut.set()
            self._wake.notify()
        self._thread.join(timeout=3)

    def _cut_prompt(self) -> None:
        doing = self._doing
        if doing is not None and doing.cut is not None and isinstance(doing.effect, Prompt):
            doing.cut.set()

    def _hush(self, effect: Effect) -> None:
        with self._wake:
            waits = [job for job in self._jobs if job.effect == effect]
            self._jobs = deque(job for job in self._jobs if job.effect != effect)
            doing = self._doing
            if doing is not None and doing.effect == effect and doing.cut is not None:
                doing.cut.set()
            elif not waits and isinstance(effect, Say):
                # It is marked on the disk first, and comes only then.
                self._unsaid = effect
        for _ in waits:
            self._post(Failed(effect, BROKEN_OFF, Trouble.BROKEN))

    def _run(self) -> None:
        while self._running:
            job = self._next()
            if self._pulse.begun:
                self._pulse.beat(CALL_S)
            opened = self._open(job)
            self._pulse.beat(ONCE_S if job is not None and not job.is_state else CALL_S)
            if not opened:
                self._give_up(job)
            elif job is not None:
                self._work(job)
            else:
                self._look()
            self._pulse.beat(self._patience() + SLACK_S)
        self._close()

    def _close(self) -> None:
        part, self._part = self._part, None
        if part is not None:
            with contextlib.suppress(OSError):
                part.close()

    def _next(self) -> _Job | None:
        """The next job; None when it is time to look at the part's health, or to try again."""
        with self._wake:
            if not self._jobs or self._failures:
                self._wake.wait_for(self._something_to_do, timeout=self._patience())
            self._doing = self._jobs.popleft() if self._jobs else None
            return self._doing

    def _patience(self) -> float:
        retry = self._retry_s[min(self._failures, len(self._retry_s)) - 1] if self._failures else 0
        if self._part is None:
            return retry
        return min(retry, self._look_s) if self._failures else self._look_s

    def _something_to_do(self) -> bool:
        """After a fault only what must be answered at once is worth waking for."""
        urgent = self._jobs and (not self._failures or not self._jobs[0].is_state)
        return bool(urgent) or not self._running

    def _open(self, job: _Job | None) -> bool:
        if self._part is not None:
            return True
        try:
            self._part = self._opened()
            if self._listen:
                self._listen(self._part)
        except Exception as fault:  # noqa: BLE001 - whatever a driver raises, its thread goes on
            self._close()
            self._broke(fault)
            return False
        self._show_again(job)
        return True

    def _show_again(self, under_way: _Job | None = None) -> None:
        """A part that was away has forgotten all that it was shown."""
        with self._wake:
            known = {job.key for job in (*self._jobs, *([under_way] if under_way else []))}
            self._jobs.extend(job for key, job in self._newest.items() if key not in known)

    def _work(self, job: _Job) -> None:
        try:
            does = self._does[type(job.effect)]
            if job.cut is None:
                does(self._part, job.effect)
            else:
                does(self._part, job.effect, job.cut)
        except Exception as fault:  # noqa: BLE001 - whatever a driver raises, its thread goes on
            self._broke(fault)
            if job.key is None:
                self._post(Failed(job.effect, str(fault), _trouble(fault)))
            elif job.is_state:
                self._close()
        else:
            self._failures, self._said = 0, ""
            if job.key is None:
                cut = job.cut is not None and job.cut.is_set()
                off = Failed(job.effect, BROKEN_OFF, Trouble.BROKEN)
                self._post(off if cut else Done(job.effect))
            if self._health is None or not self._health.usable:
                self._seen(Health())

    def _give_up(self, job: _Job | None) -> None:
        if job is not None and job.key is None:
            why = f"{self.name} cannot be opened"
            self._post(Failed(job.effect, why, Trouble.NO_ANSWER))

    def _broke(self, fault: Exception) -> None:
        self._failures += 1
        if str(fault) != self._said:
            self._said = str(fault)
            trace = None if isinstance(fault, OSError) else fault  # a driver's own mistake
            log.warning("%s: %s", self.name, fault, exc_info=trace)
        self._seen(Health(usable=False, troubles=(_trouble(fault),)))

    def _look(self) -> None:
        look = getattr(self._part, "health", None)
        if look is None:
            return
        try:
            health = look()
        except Exception as fault:  # noqa: BLE001 - as above
            self._broke(fault)
        else:
            if not health.usable:
                self._failures += 1
            else:
                self._failures, self._said = 0, ""
                self._looks += 1
                was_ill = self._health is not None and not self._health.usable
                if was_ill or self._looks % LOOKS_PER_REFRESH == 0:
                    self._show_again()
            self._seen(health)

    def _seen(self, health: Health) -> None:
        if health != self._health:
            self._health = health
            self._post(PartHealth(self.name, health))


def _trouble(fault: Exception) -> Trouble:
    trouble = getattr(fault, "trouble", Trouble.BROKEN)
    return trouble if isinstance(trouble, Trouble) else Trouble.BROKEN


def _key(effect: Effect) -> object:
    if isinstance(effect, Print | PrintTest | Say | SayEnglish | Warn | CheckPrinter):
        return None
    if isinstance(effect, LightLamp):
        return (LightLamp, effect.lamp)
    return type(effect)
