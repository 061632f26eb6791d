"""The ESC/POS driver keeps a printer's promises over a real pty and a real TCP port."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from firmware.hal.printer import EscposSettings
from firmware.hal.printer.escpos import EscposPrinter, Patience
from hal_mocks.wires.escpos_model import CUSTOM, EPSON, Model
from hal_mocks.wires.escpos_printer import EscposPrinterOnWire
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


class TestTheEscposPrinterThatIsGivenText(PrinterPromises):
    @pytest.fixture
    def setup(self) -> Iterator[Setup]:
        world = EscposPrinterOnWire(PtyLine(), EPSON)
        port = f"serial:{world.line.address}?baud=19200"
        settings = EscposSettings(port=port, profile="epson-tm-t82", encoder="native")
        printer = EscposPrinter(settings, patience=SHORT)
        yield Setup(printer, world)
        printer.close()
        world.close()
        assert world.garbage == b""


class TestTheEscposPrinterWithFullStatus(PrinterPromises):
    @pytest.fixture
    def setup(self) -> Iterator[Setup]:
        # Nobody stands there to take a ticket from its mouth.
        world = EscposPrinterOnWire(PtyLine(), replace(CUSTOM, has_presenter=False))
        settings = EscposSettings(port=f"serial:{world.line.address}", profile="custom-vkp80")
        printer = EscposPrinter(settings, patience=SHORT)
        yield Setup(printer, world)
        printer.close()
        world.close()
        assert world.garbage == b""
