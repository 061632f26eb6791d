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
from firmware.hal.contact import Contact
from firmware.hal.keypad import GpioKeypadSettings

__all__ = ["GpioKeypad"]

_log = logging.getLogger(__name__)

# Waking up is what costs, not reading: four times a second while all keys are up, and often while one is down,
# so that a lost release has healed before the next press.
_SAMPLE_SECONDS = 0.25
_SAMPLE_SECONDS_WHILE_DOWN = 0.05
# Two strokes of which not one edge came: lgpio's callback thread has ended, and with it every key's edges.
_CHANGES_WITHOUT_AN_EDGE = 4
_SAMPLE_SECONDS_WITHOUT_EDGES = 0.02


@dataclass(frozen=True, slots=True)
class _Edge:
    key: _Key
    at: float
    closed: bool


class _Key:
    """One key: its name, its pin, its contact, and the way that its edges take."""

    def __init__(
        self,
        name: str,
        pin: InputDevice,
        contact: Contact,
        edges: queue.SimpleQueue[_Edge | None],
    ) -> None:
        self.name = name
        self.pin = pin
        self.contact = contact
        self._edges = edges
        self._level_when_closed = not pin.pull_up
        contact.feed(time.monotonic(), closed=self.closed)

    @property
    def closed(self) -> bool:
        return bool(self.pin.value)

    def changed(self, _ticks: float, level: int) -> None:
        """Run by lgpio's one callback thread, in which an exception would end every key: only hand on."""
        # Our clock, not lgpio's ticks: samples must be comparable.
        self._edges.put(_Edge(self, time.monotonic(), bool(level) is self._level_when_closed))


class GpioKeypad:
    """Posts a key's name when its contact presses; every level is sampled, so that a lost edge heals.

    Where no edge comes any more, sampling alone goes on, quicker, and `health` says so: a very short tap is missed.
    """

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
        self._without_an_edge = 0  # changes that sampling found since the last edge
        self._keys: list[_Key] = []
        try:
            for name, pin in settings.keys.items():
                with named_faults(f"The key {name!r}", pin):
                    # Not Button: its memory of the level would swallow the press after a lost release.
                    wired = InputDevice(pin, pull_up=settings.pull_up, pin_factory=pins)
                    contact = Contact(
                        settings.debounce_ms / 1000,
                        hold=settings.hold_ms.get(name, 0) / 1000,
                        normally_closed=name in settings.normally_closed,
                    )
                    self._keys.append(_Key(name, wired, contact, self._edges))
                    wired.pin.bounce = None
                    wired.pin.edges = "both"
        except OSError:
            self.close()
            raise

    def listen(self, post: Callable[[str], None]) -> None:
        self._thread = threading.Thread(target=self._run, args=(post,), name="keypad", daemon=True)
        self._thread.start()
        for key in self._keys:
            # gpiozero holds it weakly; the key stays here.
            key.pin.pin.when_changed = key.changed

    def health(self) -> Health:
        deaf = self._thread is not None and not self._thread.is_alive()
        if deaf or self._unreadable:
            return Health(usable=False, troubles=(Trouble.BROKEN,))
        # All other keys work on.
        cut = any(key.contact.cut for key in self._keys)
        troubles = [(Trouble.BROKEN, self._no_edges()), (Trouble.CONTACT_OPEN, cut)]
        return Health(troubles=tuple(trouble for trouble, there in troubles if there))

    def close(self) -> None:
        for key in self._keys:
            key.pin.pin.when_changed = None
        if self._thread:
            self._edges.put(None)
            self._thread.join()
            self._thread = None
        for key in self._keys:
            key.pin.close()
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
            self._without_an_edge = 0
            _feed(edge, post)
            next_sample = min(next_sample, edge.at + self._pause())

    def _no_edges(self) -> bool:
        return self._without_an_edge >= _CHANGES_WITHOUT_AN_EDGE

    def _pause(self) -> float:
        if self._no_edges():
            return min(self._sample_seconds, _SAMPLE_SECONDS_WITHOUT_EDGES)
        if any(key.contact.down and not key.contact.cut for key in self._keys):
            return min(self._sample_seconds, _SAMPLE_SECONDS_WHILE_DOWN)
        return self._sample_seconds

    def _sample(self, post: Callable[[str], None]) -> None:
        try:
            for key in self._keys:
                # The time before the level: an edge between the two must come after this sample.
                at = time.monotonic()
                was_down = key.contact.down
                _feed(_Edge(key, at, key.closed), post)
                if key.contact.down is not was_down:
                    self._missed_an_edge()
        except Exception:  # noqa: BLE001 - lgpio's own errors share no base class but this
            if not self._unreadable:
                _log.exception("The levels of the keys cannot be read; restart this board")
            self._unreadable = True
        else:
            self._unreadable = False

    def _missed_an_edge(self) -> None:
        self._without_an_edge += 1
        if self._without_an_edge == _CHANGES_WITHOUT_AN_EDGE:
            _log.error("The keys' edges do not come any more, only levels; restart this board")


def _feed(edge: _Edge, post: Callable[[str], None]) -> None:
    was_cut = edge.key.contact.cut
    pressed = edge.key.contact.feed(edge.at, edge.closed)
    if edge.key.contact.cut and not was_cut:
        _log.warning("The contact of key %r stays open; is its cable cut?", edge.key.name)
    if not pressed:
        return
    try:
        post(edge.key.name)
    except Exception:  # noqa: BLE001 - one press that nobody takes must not end all others
        _log.exception("Nobody took the press of key %r", edge.key.name)
