"""Keys on the inputs of a Modbus-RTU board: one thread asks it again and again, and posts."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from broker.pulse import Pulse
from firmware.hal import STALL_S, HardwareFault, Health, Trouble
from firmware.hal.buses.line import StandingLine
from firmware.hal.buses.modbus import Unit
from firmware.hal.contact import Contact
from firmware.hal.keypad import ModbusKeypadSettings

__all__ = ["ModbusKeypad"]

_log = logging.getLogger(__name__)

_LOOK_SECONDS = 0.05
# A board that gives no answer holds up all others on its line while it is waited for.
_LOOK_SECONDS_WHILE_SILENT = 2.0
_LEAST_PAUSE_SECONDS = 0.01


class ModbusKeypad:
    """Posts a key's name when its contact presses; `health` tells a board that is silent, and a cable that is cut."""

    def __init__(
        self,
        settings: ModbusKeypadSettings,
        line: StandingLine,
        *,
        look_seconds: float = _LOOK_SECONDS,
        look_seconds_while_silent: float = _LOOK_SECONDS_WHILE_SILENT,
    ) -> None:
        self._inputs = settings.keys
        self._first = min(settings.keys.values())
        self._count = max(settings.keys.values()) - self._first + 1
        self._unit = Unit(line, settings.port, settings.unit, "The input board")
        self._pauses = (look_seconds, look_seconds_while_silent)
        self._contacts = {
            key: Contact(
                settings.debounce_ms / 1000,
                hold=settings.hold_ms.get(key, 0) / 1000,
                normally_closed=key in settings.normally_closed,
            )
            for key in settings.keys
        }
        self._fault: HardwareFault | None = None
        self._thread: threading.Thread | None = None
        self._pulse = Pulse("inputs")
        self.pulses = (self._pulse,)
        self._stop = threading.Event()

    def listen(self, post: Callable[[str], None]) -> None:
        self._thread = threading.Thread(target=self._run, args=(post,), name="inputs", daemon=True)
        self._thread.start()

    def health(self) -> Health:
        """As it was when the board was asked last."""
        if self._thread is not None and not self._thread.is_alive():
            return Health(usable=False, troubles=(Trouble.BROKEN,))
        if fault := self._fault:
            return Health(usable=False, troubles=(fault.trouble,))
        # The other keys work on.
        cut = any(contact.cut for contact in self._contacts.values())
        return Health(troubles=(Trouble.CONTACT_OPEN,)) if cut else Health()

    def close(self) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join()
            self._thread = None
        self._unit.close()

    def _run(self, post: Callable[[str], None]) -> None:
        while not self._stop.is_set():
            self._pulse.beat(STALL_S)
            began = time.monotonic()
            self._look(post)
            pause = self._pauses[self._fault is not None]
            self._stop.wait(max(_LEAST_PAUSE_SECONDS, began + pause - time.monotonic()))

    def _look(self, post: Callable[[str], None]) -> None:
        # The time before the levels: what one presses meanwhile comes after them.
        at = time.monotonic()
        try:
            closed = self._unit.inputs(self._first - 1, self._count)
        except HardwareFault as fault:
            if str(fault) != str(self._fault):
                _log.warning("%s", fault)
            self._fault = fault
            return
        self._fault = None
        for key, contact in self._contacts.items():
            was_cut = contact.cut
            if contact.feed(at, closed[self._inputs[key] - self._first]):
                _hand_on(key, post)
            if contact.cut and not was_cut:
                _log.warning("The contact of key %r stays open; is its cable cut?", key)


def _hand_on(key: str, post: Callable[[str], None]) -> None:
    try:
        post(key)
    except Exception:  # noqa: BLE001 - one press that nobody takes must not end all others
        _log.exception("Nobody took the press of key %r", key)
