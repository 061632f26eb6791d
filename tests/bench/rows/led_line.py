"""What the LED line adds to a press: from the text that the device's thinking hands on to its first byte on the line.

By turns with the floor under it: a thread that is handed ready bytes, and writes them.
"""

from __future__ import annotations

import os
import select
import threading
import time
import tty
from statistics import median, quantiles

from firmware.daemon import Worker
from firmware.device import Show
from firmware.hal.buses.line import Lines
from firmware.hal.led_panel import OnbonPanelSettings, open_led_panel
from tests.bench.led_line import LedLine, serve, serve_until_change
from tests.bench.row import RUNS, Bench, Measured, Row, Say

__all__ = ["BENCH"]

SHOWS = 300
WARM_UP = 20
PAUSE_S = 0.005  # the worker has its answer and waits again
PATIENCE_S = 5.0

P50 = Row("led_line_p50", "a text handed on to its first byte on a BX-K line, p50", "ms", 1.0)
P99 = Row("led_line_p99", "the same, p99 less that of a thread that writes ready bytes", "ms", 1.0)


def measure(say: Say) -> Measured:
    p50, p99 = [], []
    for run in range(RUNS):
        floors, shows = _run()
        p50.append(median(shows))
        p99.append(_p99(shows) - _p99(floors))
        say(
            f"run {run + 1} of {RUNS}: p50 {median(shows):.3f} ms over {median(floors):.3f} ms,"
            f" p99 {_p99(shows):.3f} ms over {_p99(floors):.3f} ms"
        )
    note = f"LED line: the worker's thread, the frame with its checksum, the write; {SHOWS} texts a run"
    return Measured({P50.name: tuple(p50), P99.name: tuple(p99)}, note)


def _p99(values: list[float]) -> float:
    return quantiles(values, n=100, method="inclusive")[98]


def _run() -> tuple[list[float], list[float]]:
    """Milliseconds to the first byte, of the floor and from the worker's `do`, text after text."""
    led, lines = LedLine(width=192), Lines()
    settings = OnbonPanelSettings(port=led.port, card="6K", width=192, height=16)
    worker = Worker(
        "led",
        lambda: open_led_panel(settings, lines),
        {Show: lambda panel, effect: panel.show(effect.text)},
        lambda _: None,
    )
    worker.start()
    floor = _Floor()
    floors, shows = [], []
    try:
        for number in range(WARM_UP + SHOWS):
            floors.append(floor.write())
            shows.append(_show(worker, led, number))
        return floors[WARM_UP:], shows[WARM_UP:]
    finally:
        worker.stop()
        led.close()
        floor.close()


def _show(worker: Worker, led: LedLine, number: int) -> float:
    handed_on = time.monotonic_ns()
    worker.do(Show(f"请A{number:03d}号到3号窗口"))
    came = serve_until_change((led,), led, PATIENCE_S)
    serve((led,), PAUSE_S)
    return (came - handed_on) / 1e6


class _Floor:
    """A thread that waits as a worker does, and a pty that it writes to."""

    def __init__(self) -> None:
        self._far, self._near = os.openpty()
        tty.setraw(self._near)
        self._wake = threading.Condition()
        self._frames: list[bytes] = []
        self._open = True
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def write(self) -> float:
        handed_on = time.monotonic_ns()
        with self._wake:
            self._frames.append(bytes(80))
            self._wake.notify()
        select.select([self._far], [], [], PATIENCE_S)
        came = time.monotonic_ns()
        os.read(self._far, 4096)
        time.sleep(PAUSE_S)
        return (came - handed_on) / 1e6

    def close(self) -> None:
        with self._wake:
            self._open = False
            self._wake.notify()
        self._thread.join()
        os.close(self._far)
        os.close(self._near)

    def _run(self) -> None:
        while self._open:
            with self._wake:
                self._wake.wait_for(lambda: self._frames or not self._open, timeout=PATIENCE_S)
                frame = self._frames.pop() if self._frames else b""
            if frame:
                os.write(self._near, frame)


BENCH = Bench((P50, P99), measure)
