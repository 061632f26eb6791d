"""Keys on the Pi's own pins by gpiozero: edges go to one thread, which alone debounces and posts."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from gpiozero import InputDevice
from gpiozero.pins import Factory

from firmware.hal import Health, Trouble
from firmware.hal.buses.gpio import named_faults
from firmware.hal.debounce import Debouncer
from firmware.hal.keypad import GpioKeypadSettings

__all__ = ["GpioKeypad"]

_log = logging.getLogger(__name__)

# Waking up is what costs, not reading: four times a second while all keys are up, and often while one is down,
# so that a lost release has healed before the next press.
_SAMPLE_SECONDS = 0.25
_SAMPLE_SECONDS_WHILE_DOWN = 0.05


@dataclass(frozen=True, slots=True)
class _Edge:
    key: _Key
    at: float
    down: bool


class _Key:
    """One key: its name, its pin, its debouncer, and the way that its edges take."""

    def __init__(
        self, name: str, contact: InputDevice, quiet: float, edges: queue.SimpleQueue[_Edge | None]
    ) -> None:
        self.name = name
        self.contact = contact
        self.debouncer = Debouncer(quiet, down=bool(contact.value))
        self._edges = edges
        self._level_when_down = not contact.pull_up

    def changed(self, _ticks: float, level: int) -> None:
        """Run by lgpio's one callback thread, in which an exception would end every key: only hand on."""
        # Our clock, not lgpio's ticks: samples must be comparable.
        self._edges.put(_Edge(self, time.monotonic(), bool(level) is self._level_when_down))


class GpioKeypad:
    """Posts a key's name at its first contact; every level is sampled, so that a lost edge heals."""

    def __init__(
        self,
        settings: GpioKeypadSettings,
        pins: Factory,
        *,
        sample_seconds: float = _SAMPLE_SECONDS,
    ) -> None:
        self._sample_seconds = sample_seconds
        self._edges: queue.SimpleQueue[_Edge | None] = queue.SimpleQueue()  # None ends the thread
        self._thread: threading.Thread | None = None
        self._unreadable = False
        self._keys: list[_Key] = []
        try:
            for name, pin in settings.keys.items():
                with named_faults(f"The key {name!r}", pin):
                    # Not Button: its memory of the level would swallow the press after a lost release.
                    contact = InputDevice(pin, pull_up=settings.pull_up, pin_factory=pins)
                    key = _Key(name, contact, settings.debounce_ms / 1000, self._edges)
                    self._keys.append(key)
                    contact.pin.bounce = None
                    contact.pin.edges = "both"
        except OSError:
            self.close()
            raise

    def listen(self, post: Callable[[str], None]) -> None:
        self._thread = threading.Thread(target=self._run, args=(post,), name="keypad", daemon=True)
        self._thread.start()
        for key in self._keys:
            key.contact.pin.when_changed = (
                key.changed
            )  # gpiozero holds it weakly; the key stays here

    def health(self) -> Health:
        deaf = self._thread is not None and not self._thread.is_alive()
        if deaf or self._unreadable:
            return Health(usable=False, troubles=(Trouble.BROKEN,))
        return Health()

    def close(self) -> None:
        for key in self._keys:
            key.contact.pin.when_changed = None
        if self._thread:
            self._edges.put(None)
            self._thread.join()
            self._thread = None
        for key in self._keys:
            key.contact.close()
        self._keys.clear()

    def _run(self, post: Callable[[str], None]) -> None:
        next_sample = time.monotonic()
        while True:
            try:
                edge = self._edges.get(timeout=max(0.0, next_sample - time.monotonic()))
            except queue.Empty:
                self._sample(post)
                next_sample = time.monotonic() + self._pause()
                continue
            if edge is None:
                return
            _feed(edge, post)
            next_sample = min(next_sample, edge.at + self._pause())

    def _pause(self) -> float:
        if any(key.debouncer.down for key in self._keys):
            return min(self._sample_seconds, _SAMPLE_SECONDS_WHILE_DOWN)
        return self._sample_seconds

    def _sample(self, post: Callable[[str], None]) -> None:
        try:
            for key in self._keys:
                # The time before the level: an edge between the two must come after this sample.
                at = time.monotonic()
                _feed(_Edge(key, at, bool(key.contact.value)), post)
        except Exception:  # noqa: BLE001 - lgpio's own errors share no base class but this
            if not self._unreadable:
                _log.exception("The levels of the keys cannot be read; restart this board")
            self._unreadable = True
        else:
            self._unreadable = False


def _feed(edge: _Edge, post: Callable[[str], None]) -> None:
    if not edge.key.debouncer.feed(edge.at, edge.down):
        return
    try:
        post(edge.key.name)
    except Exception:  # noqa: BLE001 - one press that nobody takes must not end all others
        _log.exception("Nobody took the press of key %r", edge.key.name)
