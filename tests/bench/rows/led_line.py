"""What the LED line adds to a press: from the text that the device's thinking hands on to its first byte on the line."""

from __future__ import annotations

import time
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
P99 = Row("led_line_p99", "the same, p99", "ms", 1.0)


def measure(say: Say) -> Measured:
    p50, p99 = [], []
    for run in range(RUNS):
        added = _run()
        p50.append(median(added))
        p99.append(quantiles(added, n=100, method="inclusive")[98])
        say(f"run {run + 1} of {RUNS}: p50 {p50[-1]:.3f} ms, p99 {p99[-1]:.3f} ms")
    note = f"LED line: the worker's thread, the frame with its checksum, the write; {SHOWS} texts a run"
    return Measured({P50.name: tuple(p50), P99.name: tuple(p99)}, note)


def _run() -> list[float]:
    """Milliseconds from the worker's `do` to the first byte, text after text."""
    led, lines = LedLine(width=192), Lines()
    settings = OnbonPanelSettings(port=led.port, card="6K", width=192, height=16)
    worker = Worker(
        "led",
        lambda: open_led_panel(settings, lines),
        {Show: lambda panel, effect: panel.show(effect.text)},
        lambda _: None,
    )
    worker.start()
    try:
        return [_show(worker, led, number) for number in range(WARM_UP + SHOWS)][WARM_UP:]
    finally:
        worker.stop()
        led.close()


def _show(worker: Worker, led: LedLine, number: int) -> float:
    handed_on = time.monotonic_ns()
    worker.do(Show(f"请A{number:03d}号到3号窗口"))
    came = serve_until_change((led,), led, PATIENCE_S)
    serve((led,), PAUSE_S)
    return (came - handed_on) / 1e6


BENCH = Bench((P50, P99), measure)
