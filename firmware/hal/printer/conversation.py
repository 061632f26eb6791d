"""One opened line to an ESC/POS printer: what was sent, what it said; it ends with the line, and no ticket is known here."""

from __future__ import annotations

import time
from collections import deque

from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.buses.line import Line
from firmware.hal.printer.commands import ask
from firmware.hal.printer.status import (
    Finished,
    InOrder,
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

    def __init__(self, line: Line, *, near_end_sensor: bool) -> None:
        self._line = line
        self._near_end_sensor = near_end_sensor
        self._reader = StatusReader()
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
        """Ask DLE EOT 1 to 4, one at a time; silence or an answer too many is NO_ANSWER."""
        if not self.answers:
            return Health()
        while self.hear(0.0) and time.monotonic() < deadline:
            pass
        self._answers.clear()
        troubles: list[Trouble] = []
        for question in _QUESTIONS:
            answer = self._ask(question, deadline)
            if answer is None:
                return _SILENCE
            troubles += troubles_of(question, answer)
        self.hear(_STILL)
        # One left over means that an answer came late, and each one after it was read as another's.
        return (
            _SILENCE
            if self._answers
            else health_of(troubles, near_end_sensor=self._near_end_sensor)
        )

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
                case Report(troubles):
                    self._reported = health_of(
                        list(troubles), near_end_sensor=self._near_end_sensor
                    )
        return bool(came)

    def abandon(self) -> None:
        self._line.abandon()

    def close(self) -> None:
        self._line.close()

    def _ask(self, question: int, deadline: float) -> int | None:
        rest = ask(question)
        while rest:
            rest = rest[self._put(rest, deadline) :]
        while not self._answers:
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            self.hear(left)
        return self._answers.popleft()

    def _put(self, piece: bytes, deadline: float) -> int:
        left = deadline - time.monotonic()
        if left <= 0:
            raise HardwareFault("it stopped taking data", Trouble.NO_ANSWER)
        taken = self._line.write(piece, min(left, _GLANCE))
        self.sent += taken
        return taken
