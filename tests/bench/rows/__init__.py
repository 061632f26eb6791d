"""All benches. A new row is a module here with a BENCH, and its name in the list below."""

from __future__ import annotations

from tests.bench.row import Bench
from tests.bench.rows import (
    fifty_tickets,
    idle_boards,
    led_line,
    load,
    press,
    rules,
    screen,
    simulated,
    start_of_sound,
    tickets,
)

__all__ = ["BENCHES"]

BENCHES: tuple[Bench, ...] = (
    press.BENCH,
    press.OVER_TLS,
    led_line.BENCH,
    load.BENCH,
    fifty_tickets.BENCH,
    idle_boards.BENCH,
    rules.BENCH,
    screen.BENCH,
    simulated.BENCH,
    tickets.BENCH,
    start_of_sound.BENCH,
)
