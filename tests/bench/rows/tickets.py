"""What a ticket costs before it is on the line - bitmap and native - and how well a slow line is kept full."""

from __future__ import annotations

import time
from dataclasses import replace

from firmware.hal.printer import EscposSettings, Proof
from firmware.hal.printer.escpos import EscposPrinter
from firmware.hal.printer.job import make_job
from firmware.hal.printer.paper import Paper
from firmware.ticket_kiosk.paper import TicketPaper, set_out
from hal_mocks.wires.escpos_model import EPSON
from hal_mocks.wires.escpos_printer import EscposPrinterOnWire
from hal_mocks.wires.line import PtyLine
from tests.bench.row import RUNS, Bench, BenchFault, Measured, Row, Say

__all__ = ["BENCH"]

TICKETS = 20
BAUD = 9600

# Eight Chinese lines, the number, and a QR code of 47 characters.
TICKET = TicketPaper(
    hall="太原市政务服务中心",
    number="A017",
    service="不动产登记",
    where="二楼综合区 3-8号窗口",
    waiting_ahead=12,
    estimate="约20分钟",
    issued="2026-11-23 09:41",
    qr="https://hall.example/t/20261123-A017-7f3c9a1eK7",
    complaint="0351-12345",
    footer="过号请联系导办员，当日有效",
)

BITMAP = Row("ticket_bitmap", "a ticket of 8 Chinese lines, number and QR as a bitmap", "ms", 20)
NATIVE = Row("ticket_native", "the same as native text", "ms", 1)
NATIVE_BYTES = Row("ticket_native_bytes", "the same on the line, proof included", "bytes", 400)
LATE = Row(
    "ticket_line", f"first to last byte at {BAUD} baud, over the line's own time", "%", 5
)  # fmt: skip


def measure(say: Say) -> Measured:
    bitmap = EscposSettings(port="file:/dev/usb/lp0", profile="epson-tm-t82")
    native = EscposSettings(
        port=f"serial:/dev/ttyUSB0?baud={BAUD}", profile="epson-tm-t82", encoder="native"
    )
    _made(bitmap)  # fonts are opened once
    bitmaps, natives, lates = [], [], []
    size = len(make_job(_paper(1), native, 1).content)
    for run in range(RUNS):
        bitmaps.append(_made(bitmap))
        natives.append(_made(native))
        lates.append(_late())
        say(
            f"run {run + 1} of {RUNS}: bitmap {bitmaps[-1]:.1f} ms, native {natives[-1]:.2f} ms,"
            f" {lates[-1]:.1f} % over the line's own time"
        )
    runs = {
        BITMAP.name: tuple(bitmaps),
        NATIVE.name: tuple(natives),
        NATIVE_BYTES.name: (float(size),) * RUNS,
        LATE.name: tuple(lates),
    }
    on_the_line = len(make_job(_paper(1), bitmap, 1).content)
    return Measured(runs, f"tickets: a bitmap is {on_the_line:,} bytes on the line")


def _paper(number: int) -> Paper:
    return set_out(replace(TICKET, number=f"A{number:03}"))


def _made(settings: EscposSettings) -> float:
    """Milliseconds of CPU from what a ticket says to its bytes, another number each time."""
    papers = [_paper(number) for number in range(TICKETS)]
    start = time.process_time()
    for number, paper in enumerate(papers):
        make_job(paper, settings, number)
    return (time.process_time() - start) * 1000 / TICKETS


def _late() -> float:
    """A bitmap at 9600 baud, a part of a ticket's height, that the emulated printer takes as its line allows."""
    world = EscposPrinterOnWire(PtyLine(), replace(EPSON, baud=BAUD))
    settings = EscposSettings(
        port=f"serial:{world.line.address}?baud={BAUD}", profile="epson-tm-t82", encoder="bitmap"
    )
    printer = EscposPrinter(settings)
    try:
        if not printer.health().usable:
            raise BenchFault("the emulated printer is not well")
        asked = len(world.arrivals)
        if printer.print(_paper(17)[:7]) is not Proof.PRINTED:
            raise BenchFault("the emulated printer did not prove the ticket")
    finally:
        printer.close()
        world.close()
    # The first chunk that is a ticket's: a question is three bytes.
    ticket = [(at, size) for at, size in world.arrivals[asked:] if size > 16]
    began, taken = ticket[0][0], sum(size for _, size in ticket)
    ended = ticket[-1][0] + ticket[-1][1] * 10 / BAUD
    return ((ended - began) / (taken * 10 / BAUD) - 1) * 100


BENCH = Bench((BITMAP, NATIVE, NATIVE_BYTES, LATE), measure)
