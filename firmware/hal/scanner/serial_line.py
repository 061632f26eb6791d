"""A scanner on a serial line that ends each code with CR: it reads by itself, or whenever it is triggered."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.buses.line import Line, StandingLine
from firmware.hal.ear import AGAIN_SECONDS, Ear
from firmware.hal.scanner import SerialScannerSettings
from firmware.hal.scanner.codes import AWAY_SECONDS, Codes
from firmware.hal.scanner.serial_frames import TRIGGER, Answer, Code, Garbage, SerialFrames

__all__ = ["Pace", "SerialScanner"]

_LOOK_SECONDS = 0.2
_NEXT_READING_SECONDS = 0.3  # after a code was read


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds to wait for the answer to a trigger, after which a half code is given up, after which a code that comes
    back is shown anew, and after which a lost scanner is tried again.
    """

    answer: float = 1.0
    half: float = 0.3
    away: float = AWAY_SECONDS
    again: float = AGAIN_SECONDS


class SerialScanner:
    """Posts each code once per showing."""

    def __init__(
        self, settings: SerialScannerSettings, standing: StandingLine, *, pace: Pace | None = None
    ) -> None:
        self._name = f"The scanner at {settings.port}"
        self._triggered, self._reading_seconds = settings.triggered, settings.reading_s
        self._standing = standing
        self._line: Line | None = None
        self._pace = pace or Pace()
        self._codes = Codes(
            f"{self._name} sends what is no code; check its baud rate, and set it to end codes with CR",
            self._pace.away,
        )
        self._frames = SerialFrames()
        self._came_at = 0.0
        self._next_reading = 0.0
        self._answer_by: float | None = None
        self._silence: HardwareFault | None = None  # until it has answered again
        self._ear = Ear(self._name, self._turn, self._lost, again=self._pace.again)
        self.pulses = (self._ear.pulse,)

    def listen(self, post: Callable[[str], None]) -> None:
        self._codes.post = post
        self._ear.start()

    def health(self) -> Health:
        return self._ear.health()

    def close(self) -> None:
        self._ear.close()
        self._standing.drop()

    def _lost(self) -> None:
        self._standing.drop()
        self._line = None

    def _turn(self) -> HardwareFault | None:
        line = self._line or self._open()
        if self._triggered:
            self._trigger(line)
        came = line.read(_LOOK_SECONDS)
        now = time.monotonic()
        if came:
            self._came_at = now
            self._take(self._frames.feed(came))
        elif now - self._came_at >= self._pace.half:
            self._take(self._frames.pause())
        return self._silence or self._codes.fault()

    def _open(self) -> Line:
        self._line = self._standing.fresh()
        self._frames = SerialFrames()
        self._codes.opened()
        self._next_reading, self._answer_by = 0.0, None
        return self._line

    def _trigger(self, line: Line) -> None:
        now = time.monotonic()
        if self._answer_by is not None:
            if now >= self._answer_by:
                self._silence = HardwareFault(
                    f"{self._name} does not answer; check its power and its cable, and whether it knows GM65 commands",
                    Trouble.NO_ANSWER,
                )
                raise self._silence
        elif now >= self._next_reading:
            line.send(TRIGGER, self._pace.answer)
            self._answer_by = now + self._pace.answer
            self._next_reading = now + self._reading_seconds

    def _take(self, found: list[Code | Answer | Garbage]) -> None:
        for one in found:
            match one:
                case Code(text):
                    self._codes.take(text)
                    self._next_reading = time.monotonic() + _NEXT_READING_SECONDS
                case Answer():
                    self._answer_by = self._silence = None
                case Garbage():
                    self._codes.take(None)
