"""A real board, `firmware.board.run_board`, with a session, an outbox and parts of the chaos; keys come by standard input."""

from __future__ import annotations

import argparse
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import firmware.board
from broker.loading import load
from broker.session import Address
from broker.settings import Hall
from firmware.device import Print, Wiring
from firmware.ticket_kiosk import hardware as ticket_kiosk
from tests.chaos.actors.diary import Diary
from tests.chaos.actors.parts import Parts
from tests.chaos.actors.ports import board_session, mortal_outbox
from tests.chaos.actors.steps import Steps


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--hall", type=Path, required=True)
    parser.add_argument("--board", required=True)
    parser.add_argument("--broker", type=Address.parse, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--order", type=Path, required=True, help="file that says where to die")
    parser.add_argument("--diary", type=Path, required=True)
    parser.add_argument("--wire", action="store_true", help="a real printer, on its wire")
    options = parser.parse_args(argv)
    steps, diary = Steps(options.order), Diary(options.diary)
    diary.note("begun", board=options.board)
    parts = Parts(steps, diary, wire=options.wire)
    threading.Thread(target=_hands, args=(parts,), daemon=True).start()
    # The board module is the composition root: it wires what these names stand for.
    vars(firmware.board).update(
        Session=board_session(steps, diary),
        Outbox=mortal_outbox(steps, diary, options.order.with_suffix(".readonly")),
    )
    vars(ticket_kiosk).update(wiring=_named_paper(ticket_kiosk.wiring))
    address = (options.broker.host, options.broker.port)
    firmware.board.run_board(
        load(options.hall),
        options.board,
        broker=address,
        data=options.data,
        open_part=parts.open_part,
    )
    return 0


def _named_paper(wiring: Callable[[Hall, Any], Wiring]) -> Callable[[Hall, Any], Wiring]:
    """The same wiring; the printer is told beside the bitmap which ticket it is."""

    def wired(hall: Hall, hardware: Any) -> Wiring:
        made = wiring(hall, hardware)
        draws = made.parts["printer"][Print]

        def print_(printer: Any, effect: Print) -> object:
            printer.ticket = effect
            printer.printed.clear()  # a mock remembers every strip, a printer none
            return draws(printer, effect)

        return replace(
            made, parts={**made.parts, "printer": {**made.parts["printer"], Print: print_}}
        )

    return wired


def _hands(parts: Parts) -> None:
    """`panel-1 next` presses that key."""
    # Unbuffered: a thread that waits in sys.stdin holds a lock which the interpreter needs for a clean end.
    with open(sys.stdin.fileno(), "rb", buffering=0, closefd=False) as world:
        for line in world:
            device, key = line.decode().split()
            parts.press(device, key)
    os._exit(0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
