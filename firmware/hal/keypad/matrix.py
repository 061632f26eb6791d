"""A matrix of keys on the Pi's own pins by gpiozero: at rest it waits for an edge, while a key is down it is scanned."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from gpiozero import GPIODevice
from gpiozero.pins import Factory

from broker.pulse import Pulse
from firmware.hal import STALL_S, Health, Trouble
from firmware.hal.buses.gpio import edges_may_come, named_faults
from firmware.hal.keypad import MatrixKeypadSettings
from firmware.hal.keypad.crossings import Crossing, Crossings

__all__ = ["MatrixKeypad"]

_log = logging.getLogger(__name__)

_SCAN_SECONDS = 0.005
_SCAN_SECONDS_WHEN_JAMMED = 0.05
_JAMMED_SECONDS = 15.0  # longer than any key has to be held
# Against lost edges; and where none comes any more, nothing else finds a press.
_REST_SECONDS = 0.25
_REST_SECONDS_WITHOUT_EDGES = 0.02
_STROKES_WITHOUT_AN_EDGE = 3


class MatrixKeypad:
    """Posts a key's name when its contact presses; keys that three others may feign are not believed.

    A column is low or not driven at all, never high: two keys of one row would join it to another that is low.
    """

    def __init__(
        self,
        settings: MatrixKeypadSettings,
        pins: Factory,
        *,
        rest_seconds: float = _REST_SECONDS,
    ) -> None:
        self._rest_seconds = rest_seconds
        self._crossings = Crossings(
            settings.keys,
            settings.debounce_ms / 1000,
            {name: held / 1000 for name, held in settings.hold_ms.items()},
        )
        self._woken = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._pulse = Pulse("matrix")
        self.pulses = (self._pulse,)
        self._unreadable = False
        self._closed: frozenset[Crossing] = frozenset()
        self._changed_at = time.monotonic()
        self._edge_came = False
        self._without_an_edge = 0  # strokes one after the other that no edge told of
        self._rows: list[GPIODevice] = []
        self._columns: list[GPIODevice] = []
        try:
            for wires, numbers, what in (
                (self._rows, settings.rows, "row"),
                (self._columns, settings.columns, "column"),
            ):
                for place, number in enumerate(numbers, start=1):
                    with named_faults(f"The {what} {place} of the keys", number):
                        wires.append(_wire(number, pins))
            with named_faults("The matrix of keys", settings.rows[0]):
                self._rest()
                # A key that is down from the start presses nothing.
                self._crossings.feed(time.monotonic(), self._look())
        except OSError:
            self.close()
            raise

    def listen(self, post: Callable[[str], None]) -> None:
        self._thread = threading.Thread(target=self._run, args=(post,), name="matrix", daemon=True)
        self._thread.start()
        for row in self._rows:
            row.pin.when_changed = self._changed  # gpiozero holds it weakly

    def health(self) -> Health:
        deaf = self._thread is not None and not self._thread.is_alive()
        if deaf or self._unreadable:
            return Health(usable=False, troubles=(Trouble.BROKEN,))
        return Health(troubles=(Trouble.BROKEN,)) if self._no_edges() else Health()

    def close(self) -> None:
        for row in self._rows:
            row.pin.when_changed = None
        self._stop.set()
        self._woken.set()
        if self._thread:
            self._thread.join()
            self._thread = None
        for wire in (*self._rows, *self._columns):
            wire.close()
        self._rows.clear()
        self._columns.clear()

    def _changed(self, _ticks: float, _level: int) -> None:
        """Run by lgpio's one callback thread, in which an exception would end every key: only wake."""
        self._edge_came = True
        self._woken.set()

    def _run(self, post: Callable[[str], None]) -> None:
        while not self._stop.is_set():
            if edges_may_come():
                self._pulse.beat(STALL_S)
            try:
                self._turn(post)
            except Exception:  # noqa: BLE001 - lgpio's own errors share no base class but this
                if not self._unreadable:
                    _log.exception("The matrix of keys cannot be read; restart this board")
                self._unreadable = True
                self._stop.wait(self._rest_seconds)
            else:
                self._unreadable = False

    def _turn(self, post: Callable[[str], None]) -> None:
        """Look once, post what presses, and wait until it is time to look again."""
        at = time.monotonic()
        # What presses from here on wakes again.
        self._woken.clear()
        closed = self._look()
        for name in self._crossings.feed(at, closed):
            _hand_on(name, post)
        if self._closed and not closed:
            self._stroke_ended()
        if closed != self._closed:
            self._closed, self._changed_at = closed, at
        if closed:
            jammed = at - self._changed_at > _JAMMED_SECONDS
            self._stop.wait(_SCAN_SECONDS_WHEN_JAMMED if jammed else _SCAN_SECONDS)
        else:
            quick = min(self._rest_seconds, _REST_SECONDS_WITHOUT_EDGES)
            self._woken.wait(quick if self._no_edges() else self._rest_seconds)

    def _stroke_ended(self) -> None:
        # Not only its press makes edges: the scanning of the closed key does, too.
        self._without_an_edge = 0 if self._edge_came else self._without_an_edge + 1
        self._edge_came = False
        if self._without_an_edge == _STROKES_WITHOUT_AN_EDGE:
            _log.error("The keys' edges do not come any more, only levels; restart this board")

    def _no_edges(self) -> bool:
        return self._without_an_edge >= _STROKES_WITHOUT_AN_EDGE

    def _look(self) -> frozenset[Crossing]:
        """The crossings that are closed now. All columns are low before and after: any key that closes makes an edge."""
        if not any(_is_low(row) for row in self._rows):
            return frozenset()
        for column in self._columns:
            _let_go(column)
        closed = frozenset(
            (row, number)
            for number, column in enumerate(self._columns, start=1)
            for row in self._rows_of(column)
        )
        self._rest()
        return closed

    def _rows_of(self, column: GPIODevice) -> list[int]:
        # A row has risen again by now: its pull-up takes 50 µs at the end of 5 m of cable, letting go of a pin longer.
        _pull_low(column)
        low = [number for number, row in enumerate(self._rows, start=1) if _is_low(row)]
        _let_go(column)
        return low

    def _rest(self) -> None:
        for column in self._columns:
            _pull_low(column)


def _wire(number: int, pins: Factory) -> GPIODevice:
    wire = GPIODevice(number, pin_factory=pins)
    wire.pin.input_with_pull("up")
    wire.pin.bounce = None
    wire.pin.edges = "both"
    return wire


def _is_low(wire: GPIODevice) -> bool:
    return not wire.pin.state


def _pull_low(wire: GPIODevice) -> None:
    wire.pin.output_with_state(0)


def _let_go(wire: GPIODevice) -> None:
    wire.pin.input_with_pull("up")


def _hand_on(name: str, post: Callable[[str], None]) -> None:
    try:
        post(name)
    except Exception:  # noqa: BLE001 - one press that nobody takes must not end all others
        _log.exception("Nobody took the press of key %r", name)
