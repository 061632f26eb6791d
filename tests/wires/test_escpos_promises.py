"""The ESC/POS driver keeps a printer's promises over a real pty and a real TCP port."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from firmware.hal.printer import EscposSettings
from firmware.hal.printer.escpos import EscposPrinter, Patience
from hal_mocks.wires.escpos_printer import EscposPrinterOnWire, Model
from hal_mocks.wires.line import PtyLine, TcpLine
from tests.hal.test_printer_promises import PrinterPromises, Setup

SHORT = Patience(answers=0.3, more=0.5)


class TestTheEscposPrinterOnAPty(PrinterPromises):
    @pytest.fixture
    def setup(self) -> Iterator[Setup]:
        world = EscposPrinterOnWire(PtyLine())
        settings = EscposSettings(port=f"serial:{world.line.address}?baud=115200", proof="id")
        printer = EscposPrinter(settings, patience=SHORT)
        yield Setup(printer, world)
        printer.close()
        world.close()
        assert world.garbage == b""


class TestTheEscposPrinterOverTcp(PrinterPromises):
    @pytest.fixture
    def setup(self) -> Iterator[Setup]:
        model = Model(buffer=65536, knows_job_ids=False, knows_reports=False)
        world = EscposPrinterOnWire(TcpLine(), model)
        settings = EscposSettings(port=f"tcp:{world.line.address}", proof="status")
        printer = EscposPrinter(settings, patience=SHORT)
        yield Setup(printer, world)
        printer.close()
        world.close()
        assert world.garbage == b""
