"""The paper that came out of an emulated printer, read dot by dot: which tickets are on it whole, and which are marked 补打."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import msgspec

from broker.messages import TicketIssued
from broker.settings import Hall
from firmware.hal.printer import Bitmap
from firmware.hal.printer.drawing import draw
from firmware.ticket_kiosk.hardware import paper
from firmware.ticket_kiosk.in_hand import first_paper
from firmware.ticket_kiosk.paper import set_out
from hal_mocks.wires.escpos_printer import EscposPrinterOnWire
from hal_mocks.wires.line import TcpLine
from tests.chaos.verdict import Verdict, rows_of

__all__ = ["MortalPrinter", "copies", "judge_tape"]

AT_THE_CUT = -1
_ASK = b"\x10\x04"


class MortalPrinter(EscposPrinterOnWire):
    """On a TCP port. Ends whoever prints, by `kill`, once so many bytes of a ticket came, or once it was cut.

    `job` is how many bytes the first ticket had up to its cut.
    """

    def __init__(self) -> None:
        super().__init__(TcpLine())
        self.job = 0
        self._came = 0
        self._kill: Callable[[], None] | None = None
        self._after = 0
        self._loses = False
        self._struck = threading.Event()

    def strike(self, after: int, kill: Callable[[], None], *, loses: bool) -> threading.Event:
        """Set once it did; `after` AT_THE_CUT is after the cut. It `loses` what is still on the wire, or prints that too."""
        self._struck.clear()
        self._came, self._after, self._loses, self._kill = 0, after, loses, kill
        return self._struck

    def heard(self, chunk: bytes, at: float) -> bytes:
        if chunk.startswith(_ASK):
            return super().heard(chunk, at)
        room = self._after - self._came if self._kill and self._after >= 0 else len(chunk) + 1
        if room > len(chunk):
            self._came += len(chunk)
            return super().heard(chunk, at)
        super().heard(chunk[:room], at)
        self._die()
        if self._loses:
            self.forget_answers()
            self.line.unplug()
            self.line.replug()
            self._came = 0
            return b""
        self._came += len(chunk)
        return super().heard(chunk[room:], at)

    def cut(self, text: str) -> None:
        super().cut(text)
        # The first ticket is undisturbed; before a later one there may be what clears the printer.
        self.job, self._came = self.job or self._came, 0
        if self._kill and self._after == AT_THE_CUT:
            self._die()

    def _die(self) -> None:
        kill, self._kill = self._kill, None
        if kill is not None:
            kill()
            self._struck.set()


def copies(hall: Hall, issued: TicketIssued, tape: Iterable[Bitmap]) -> list[bool]:
    """Each whole copy of a ticket on the tape, in order: whether it is marked. All of its dots are looked at."""
    first = first_paper(issued)
    plain = draw(set_out(paper(hall, first))).rows
    marked = draw(set_out(paper(hall, replace(first, again=True)))).rows
    found = []
    for strip in tape:
        # A fragment may hang on the same strip before it or behind it.
        on_it = [(strip.rows.find(marked), True), (strip.rows.find(plain), False)]
        found += [mark for place, mark in sorted(on_it) if place >= 0]
    return found


def judge_tape(hall: Hall, journal: Path, tape: list[Bitmap]) -> Verdict:
    """Every number whole at least once or void, every further whole copy marked."""
    verdict = Verdict()
    rows = rows_of(journal)
    void = {row.body["ticket"] for row in rows if row.kind == "TicketVoided"}
    for row in rows:
        if row.kind == "TicketIssued":
            issued = msgspec.convert(row.body, TicketIssued)
            whole = copies(hall, issued, tape)
            if not whole and issued.ticket not in void:
                verdict.lost.append(f"{issued.ticket} is neither whole on the tape nor void")
            if not all(whole[1:]):
                verdict.doubled.append(f"{issued.ticket} came {len(whole)} times: marked {whole}")
    return verdict
