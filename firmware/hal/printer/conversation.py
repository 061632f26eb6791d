"""One opened line to an ESC/POS printer: what was sent, what it said; it ends with the line, and no ticket is known here."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.buses.line import Line
from firmware.hal.printer.commands import ASK_FULL_STATUS, ASK_NAME, ask
from firmware.hal.printer.status import (
    Finished,
    FullStatus,
    InOrder,
    Named,
    RealTime,
    Report,
    StatusReader,
    health_of,
    troubles_of,
)

__all__ = ["Conversation"]

_CHUNK = 512  # bytes; a question waits behind what is already on its way, so little is
_QUESTIONS = (1, 2, 3, 4)
_GLANCE = 0.1  # seconds between looks at what it says while it takes nothing
_STILL = 0.02  # seconds in which a late answer to an earlier question would show itself
_SILENCE = Health(usable=False, troubles=(Trouble.NO_ANSWER,))


class Conversation:
    """Talks over a line that it owns. OSError from any call means that it is over.

    `sent` counts the bytes that left, `in_order` the answers to GS r; `finished` holds the jobs that the
    printer said are printed.
    """

    def __init__(
        self,
        line: Line,
        *,
        near_end_sensor: bool,
        full_status: bool = False,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._line = line
        self._near_end_sensor = near_end_sensor
        self._full_status = full_status
        self._now = now
        self._reader = StatusReader(full_status=full_status)
        self._full: deque[FullStatus] = deque()
        self._names: deque[str] = deque()
        self._answers: deque[int] = deque()
        self.answers = line.answers
        self.seconds_per_byte = line.seconds_per_byte
        self.sent = 0
        self.in_order = 0
        self.finished: set[bytes] = set()
        self._reported = Health()

    def begin(self) -> None:
        """Forget what was said about earlier jobs."""
        self.in_order = 0
        self.finished.clear()
        self._reported = Health()

    def health(self, deadline: float) -> Health:
        """Ask DLE EOT 1 to 4, one at a time, and 20; silence or an answer too many is NO_ANSWER."""
        if not self.answers:
            return Health()
        while self.hear(0.0) and self._now() < deadline:
            pass
        self._answers.clear()
        troubles: list[Trouble] = []
        still = _STILL
        for question in _QUESTIONS:
            asked = self._now()
            answer = self._ask(question, deadline)
            if answer is None:
                return _SILENCE
            still = max(still, self._now() - asked)
            troubles += troubles_of(question, answer)
        # One left over means that an answer came twice or late, and each one after it was read as another's.
        until = self._now() + still
        while (left := until - self._now()) > 0 and not self._answers:
            self.hear(left)
        if self._answers:
            return _SILENCE
        if self._full_status:
            full = self._ask_full(deadline)
            if full is None:
                return _SILENCE
            troubles += full.troubles
        return health_of(troubles, near_end_sensor=self._near_end_sensor)

    def name(self, deadline: float) -> str:
        """GS I 67, answered in order; empty where it does not say."""
        self._names.clear()
        self._put_all(ASK_NAME, deadline)
        while not self._names and (left := deadline - self._now()) > 0:
            self.hear(left)
        return self._names.popleft() if self._names else ""

    def send(self, job: bytes, deadline: float) -> None:
        """Send all of it, piece by piece, and stop as soon as the printer reports that it cannot go on."""
        while job:
            job = job[self._put(job[:_CHUNK], deadline) :]
            self.hear(0.0)
            self.refuse_reported_troubles()

    def refuse_reported_troubles(self) -> None:
        """Raise HardwareFault if the printer has said by itself, since `begin`, that it cannot go on."""
        if not self._reported.usable:
            raise HardwareFault("it reported in the middle", self._reported.troubles[0])

    def hear(self, timeout: float) -> bool:
        """Take in what came within `timeout` seconds; whether anything did."""
        came = self._line.read(timeout)
        for said in self._reader.read(came):
            match said:
                case RealTime(byte):
                    self._answers.append(byte)
                case InOrder():
                    self.in_order += 1
                case Finished(job):
                    self.finished.add(job)
                case FullStatus(troubles):
                    self._full.append(said)
                    self._report(troubles)
                case Named(name):
                    self._names.append(name)
                case Report(troubles):
                    self._report(troubles)
        return bool(came)

    def _report(self, troubles: tuple[Trouble, ...]) -> None:
        self._reported = health_of(list(troubles), near_end_sensor=self._near_end_sensor)

    def abandon(self) -> None:
        self._line.abandon()

    def close(self) -> None:
        self._line.close()

    def _ask(self, question: int, deadline: float) -> int | None:
        self._put_all(ask(question), deadline)
        while not self._answers:
            left = deadline - self._now()
            if left <= 0:
                return None
            self.hear(left)
        return self._answers.popleft()

    def _ask_full(self, deadline: float) -> FullStatus | None:
        self._full.clear()
        self._put_all(ASK_FULL_STATUS, deadline)
        while not self._full and (left := deadline - self._now()) > 0:
            self.hear(left)
        return self._full.popleft() if self._full else None

    def _put_all(self, rest: bytes, deadline: float) -> None:
        while rest:
            rest = rest[self._put(rest, deadline) :]

    def _put(self, piece: bytes, deadline: float) -> int:
        left = deadline - self._now()
        if left <= 0:
            raise HardwareFault("it stopped taking data", Trouble.NO_ANSWER)
        taken = self._line.write(piece, min(left, _GLANCE))
        self.sent += taken
        return taken
