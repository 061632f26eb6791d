"""A driver that begins anew on a printer in which an earlier life of its board left a part of a ticket."""

from __future__ import annotations

from pathlib import Path

import pytest

from firmware.hal.printer import EscposSettings, Proof
from firmware.hal.printer.escpos import EscposPrinter
from firmware.hal.printer.raster import encode
from hal_mocks.wires.escpos_printer import EscposPrinterOnWire
from hal_mocks.wires.line import PtyLine
from tests.hal.test_printer_promises import picture

TICKET, LEFT = picture(height=120), picture(height=300)
BYTES = b"".join(encode(LEFT))


@pytest.mark.parametrize("left", [0, 7, len(BYTES) // 2, len(BYTES)])
def test_what_was_left_is_cut_off_before_the_copy_which_is_whole_and_proven(left: int):
    world = EscposPrinterOnWire(PtyLine())
    printer = EscposPrinter(EscposSettings(port=f"serial:{world.line.address}?baud=921600"))
    try:
        Path(world.line.address).write_bytes(BYTES[:left])
        printer.clear()
        assert printer.print((TICKET,)) is Proof.PRINTED
        assert world.printed[-1] == TICKET
        assert TICKET not in world.printed[:-1]
        printer.clear()
        assert printer.print((TICKET,)) is Proof.PRINTED
        assert world.printed[-2:] == [TICKET, TICKET], "what it printed itself it knows"
    finally:
        printer.close()
        world.close()


@pytest.mark.parametrize("left", [len(BYTES) // 2, len(BYTES) // 2 + 1])
def test_what_was_left_swallows_no_ticket_though_nobody_knows_of_it(left: int):
    world = EscposPrinterOnWire(PtyLine())
    printer = EscposPrinter(EscposSettings(port=f"serial:{world.line.address}?baud=921600"))
    try:
        Path(world.line.address).write_bytes(BYTES[:left])
        assert printer.print((TICKET,)) is Proof.PRINTED
        # Between two commands nothing tells of it: then it hangs above the ticket.
        assert world.printed[-1].rows.endswith(TICKET.rows)
    finally:
        printer.close()
        world.close()


def test_where_nothing_was_left_no_paper_is_wasted():
    world = EscposPrinterOnWire(PtyLine())
    printer = EscposPrinter(EscposSettings(port=f"serial:{world.line.address}?baud=921600"))
    try:
        printer.print((TICKET,))
        assert world.printed == [TICKET]
    finally:
        printer.close()
        world.close()
