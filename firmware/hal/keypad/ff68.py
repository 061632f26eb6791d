"""The keys of one address on an FF 68 bus, a caller's or its rating pad's."""

from __future__ import annotations

from collections.abc import Callable

from firmware.hal import Health
from firmware.hal.buses.ff68 import PRESS, RATE
from firmware.hal.buses.ff68_bus import Ff68Bus
from firmware.hal.buses.ff68_parts import named_presses
from firmware.hal.keypad import Ff68KeypadSettings

__all__ = ["Ff68Keypad"]


class Ff68Keypad:
    """Posts the names of what was pressed; a key that the settings do not name is acknowledged and means nothing.

    The digits that a clerk types come together with the key that ends them, and are posted before it. A keypad
    without power looks like one that nobody presses: `health` tells of the line.
    """

    def __init__(self, settings: Ff68KeypadSettings, bus: Ff68Bus) -> None:
        self._names = {code: name for name, code in settings.key_codes.items()}
        self._from = (settings.address, RATE if settings.role == "pad" else PRESS)
        self._bus = bus
        self.pulses = bus.pulses
        self._open = True
        bus.enter()

    def listen(self, post: Callable[[str], None]) -> None:
        def heard(data: bytes) -> None:
            for name in named_presses(data, self._names):
                post(name)

        self._bus.hear(*self._from, heard)

    def health(self) -> Health:
        return self._bus.health()

    def close(self) -> None:
        if self._open:
            self._open = False
            self._bus.hear(*self._from, None)
            self._bus.leave()
