"""A real board, its drivers real, that has hands: its keys are gpiozero's mock pins, pressed by lines on the standard input."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import time
from pathlib import Path

from gpiozero.pins import Factory

from broker.loading import load
from broker.session import Address
from firmware.board import run_board
from firmware.hal.buses.gpio import open_pins


def main(argv: list[str]) -> int:
    """Run a board until SIGTERM or the end of the standard input."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--hall", type=Path, required=True)
    parser.add_argument("--board", required=True)
    parser.add_argument("--broker", type=Address.parse, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--identity", type=Path, help="the board's own; then over TLS")
    options = parser.parse_args(argv)
    hall = load(options.hall)
    threading.Thread(target=_hands, args=(open_pins(),), name="hands", daemon=True).start()
    run_board(
        hall,
        options.board,
        broker=(options.broker.host, options.broker.port),
        data=options.data,
        identity=options.identity,
    )
    return 0


def _hands(pins: Factory) -> None:
    """`down 5` and `up 5` move the key at GPIO5; each is answered by the monotonic time just before, in ns."""
    for line in sys.stdin:
        move, number = line.split()
        pin = pins.pin(int(number))
        at = time.monotonic_ns()
        if move == "down":
            pin.drive_low()
        else:
            pin.drive_high()
        print(at, flush=True)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
