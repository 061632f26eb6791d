"""A scanner that types as a USB keyboard: its keys become codes, ended by Enter or by a pause."""

from __future__ import annotations

from collections.abc import Callable

from firmware.hal import HardwareFault, Health
from firmware.hal.buses.input_device import LOST_SECONDS, open_input
from firmware.hal.buses.input_events import NATIVE_SIZE, EventSize, InputEvents
from firmware.hal.buses.line import Line
from firmware.hal.ear import Ear
from firmware.hal.scanner import UsbScannerSettings
from firmware.hal.scanner.codes import AWAY_SECONDS, Codes
from firmware.hal.scanner.typewriter import Typewriter

__all__ = ["UsbScanner"]

_LOOK_SECONDS = 0.25


class UsbScanner:
    """Posts each code once per showing, which ends when it was out of sight for `away` seconds."""

    def __init__(
        self,
        settings: UsbScannerSettings,
        *,
        size: EventSize = NATIVE_SIZE,
        away: float = AWAY_SECONDS,
        again: float = LOST_SECONDS,
    ) -> None:
        name = f"The scanner at {settings.port}"
        self._place, self._idle = settings.place, settings.idle_ms / 1000
        self._size = size
        self._line: Line | None = None
        self._events = InputEvents(size)
        self._typewriter = Typewriter()
        self._codes = Codes(
            f"{name} types what is no code; set it to a USB keyboard of American layout that ends codes with Enter",
            away,
        )
        self._ear = Ear(name, self._turn, self._lost, again=again)
        self.pulses = (self._ear.pulse,)

    def listen(self, post: Callable[[str], None]) -> None:
        self._codes.post = post
        self._ear.start()

    def health(self) -> Health:
        return self._ear.health()

    def close(self) -> None:
        self._ear.close()

    def _lost(self) -> None:
        if self._line:
            self._line.close()
            self._line = None

    def _turn(self) -> HardwareFault | None:
        line = self._line or self._open()
        came = line.read(self._idle if self._typewriter.waits else _LOOK_SECONDS)
        ended = self._typewriter.pause() if not came else []
        for event in self._events.feed(came):
            ended += self._typewriter.feed(event)
        for code in ended:
            self._codes.take(code)
        return self._codes.fault()

    def _open(self) -> Line:
        self._line = open_input(self._place)
        self._events, self._typewriter = InputEvents(self._size), Typewriter()
        self._codes.opened()
        return self._line
