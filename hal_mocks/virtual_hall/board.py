"""One board of the virtual hall: the real board on mock parts, or on drivers and emulators, whose world side is the standard input. It only wires."""

from __future__ import annotations

import argparse
import logging
import os
import queue
import sys
import threading
from pathlib import Path

import msgspec

from broker.loading import SettingsFault
from broker.session import Address
from firmware.board import run_board
from firmware.check import load, with_catalogue, with_photos
from hal_mocks.virtual_hall.props import Props
from hal_mocks.virtual_hall.talk import Deed, Memory
from hal_mocks.virtual_hall.wired_props import WiredProps

__all__ = ["main"]

log = logging.getLogger(__name__)


def main(argv: list[str]) -> int:
    """Run the board until its standard input ends."""
    parser = argparse.ArgumentParser(description="Run one board of the virtual hall.")
    parser.add_argument("--hall", type=Path, required=True)
    parser.add_argument("--board", required=True)
    parser.add_argument("--broker", type=Address.parse, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--identity", type=Path)
    parser.add_argument("--wires", action="store_true")
    options = parser.parse_args(argv)
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    try:
        _run(options)
    except (OSError, SettingsFault) as fault:
        sys.stderr.write(f"the board cannot start:\n{fault}\n")
        return 1
    return 0


def _run(options: argparse.Namespace) -> None:
    hall = with_catalogue(load(options.hall, options.board), options.hall, options.board)
    hall = with_photos(hall, options.hall)
    board = next(board for board in hall.boards if board.id == options.board)
    # A part's thread must never wait for the page, so one thread of its own writes what they remember.
    memories: queue.SimpleQueue[Memory] = queue.SimpleQueue()
    props = (WiredProps if options.wires else Props)(board, memories.put, options.hall.parent)
    threading.Thread(target=_tell, args=(memories,), daemon=True).start()
    threading.Thread(target=_feel, args=(props,), daemon=True).start()
    address = (options.broker.host, options.broker.port)
    run_board(
        hall,
        board.id,
        broker=address,
        data=options.data,
        open_part=props.open_part,
        identity=options.identity,
    )


def _tell(memories: queue.SimpleQueue[Memory]) -> None:
    while True:
        sys.stdout.buffer.write(msgspec.json.encode(memories.get()) + b"\n")
        sys.stdout.buffer.flush()


def _feel(props: Props) -> None:
    # Unbuffered: a thread that waits in sys.stdin holds a lock which the interpreter needs for a clean end.
    with open(sys.stdin.fileno(), "rb", buffering=0, closefd=False) as world:
        for line in world:
            try:
                props.do(msgspec.json.decode(line, type=Deed))
            except (msgspec.DecodeError, ValueError) as fault:
                log.warning("not done: %s", fault)
    os._exit(0)  # the demo is gone: so is the hall's mains


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
