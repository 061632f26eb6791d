"""Keys on the Pi's own pins by gpiozero: an edge is judged where it comes, a thread samples the levels beside it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from gpiozero import InputDevice
from gpiozero.pins import Factory

from broker.pulse import Pulse
from firmware.hal import STALL_S, Health, Trouble
from firmware.hal.buses.gpio import edges_may_come, named_faults
from firmware.hal.contact import Contact
from firmware.hal.keypad import GpioKeypadSettings

__all__ = ["GpioKeypad"]

_log = logging.getLogger(__name__)

# Waking up is what costs, not reading: four times a second while all keys are up, and often once one is down,
# so that a lost release has healed before the next press.
_SAMPLE_SECONDS = 0.25
_SAMPLE_SECONDS_WHILE_DOWN = 0.05
# Two strokes of which not one edge came: lgpio's callback thread has ended, and with it every key's edges.
_CHANGES_WITHOUT_AN_EDGE = 4
_SAMPLE_SECONDS_WITHOUT_EDGES = 0.02


class _Key:
    """One key: its name, its pin, its contact; what comes of each of its edges."""

    def __init__(
        self, name: str, pin: InputDevice, contact: Contact, moved: Callable[[_Key, bool], None]
    ) -> None:
        self.name = name
        self.pin = pin
        self.contact = contact
        self._moved = moved
        self._level_when_closed = not pin.pull_up
        contact.feed(time.monotonic(), closed=self.closed)

    @property
    def closed(self) -> bool:
        return bool(self.pin.value)

    def changed(self, _ticks: float, level: int) -> None:
        """Run by lgpio's one callback thread, in which an exception would end every key."""
        try:
            self._moved(self, bool(level) is self._level_when_closed)
        except Exception:  # noqa: BLE001 - whatever it is, the other keys' edges come by this thread
            _log.exception("The key %r was moved, and nothing came of it", self.name)


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
        self._post: Callable[[str], None] = lambda _name: None
        # Edges and samples come from two threads; a contact is to see them in the order of their times.
        self._seeing = threading.Lock()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._pulse = Pulse("keypad")
        self.pulses = (self._pulse,)
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
                    self._keys.append(_Key(name, wired, contact, self._moved))
                    wired.pin.bounce = None
                    wired.pin.edges = "both"
        except OSError:
            self.close()
            raise

    def listen(self, post: Callable[[str], None]) -> None:
        self._post = post
        self._thread = threading.Thread(target=self._run, name="keypad", daemon=True)
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
            self._closing.set()
            self._thread.join()
            self._thread = None
        for key in self._keys:
            key.pin.close()
        self._keys.clear()

    def _moved(self, key: _Key, closed: bool) -> None:
        """An edge: nobody else is woken for it, which would take longer than all that is to be done."""
        with self._seeing:
            self._without_an_edge = 0
            # Our clock, not lgpio's ticks: samples must be comparable.
            pressed = self._saw(key, closed)
        if pressed:
            self._press(key)

    def _run(self) -> None:
        self._sample()
        while not self._closing.wait(self._pause()):
            self._sample()

    def _no_edges(self) -> bool:
        return self._without_an_edge >= _CHANGES_WITHOUT_AN_EDGE

    def _pause(self) -> float:
        if self._no_edges():
            return min(self._sample_seconds, _SAMPLE_SECONDS_WITHOUT_EDGES)
        if any(key.contact.down and not key.contact.cut for key in self._keys):
            return min(self._sample_seconds, _SAMPLE_SECONDS_WHILE_DOWN)
        return self._sample_seconds

    def _sample(self) -> None:
        if edges_may_come():
            self._pulse.beat(STALL_S)
        try:
            for key in self._keys:
                with self._seeing:
                    was_down = key.contact.down
                    pressed = self._saw(key, key.closed)
                    if key.contact.down is not was_down:
                        self._missed_an_edge()
                if pressed:
                    self._press(key)
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

    def _saw(self, key: _Key, closed: bool) -> bool:
        """Whether this makes a press."""
        was_cut = key.contact.cut
        pressed = key.contact.feed(time.monotonic(), closed)
        if key.contact.cut and not was_cut:
            _log.warning("The contact of key %r stays open; is its cable cut?", key.name)
        return pressed

    def _press(self, key: _Key) -> None:
        try:
            self._post(key.name)
        except Exception:  # noqa: BLE001 - one press that nobody takes must not end all others
            _log.exception("Nobody took the press of key %r", key.name)
