"""What is not ours agrees: other drivers print on the emulated printer, other eyes read what ours printed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from firmware.hal.printer import Bitmap, EscposSettings, Proof, open_printer
from firmware.ticket_kiosk.paper import TicketPaper, set_out
from hal_mocks.printer import png
from hal_mocks.wires.escpos_machine import EscposMachine
from hal_mocks.wires.escpos_model import EPSON, Model
from hal_mocks.wires.escpos_printer import EscposPrinterOnWire
from hal_mocks.wires.line import PtyLine, TcpLine
from tests.conftest import RECEIPTIO
from tests.wires.test_escpos_ticket import PAPER

HOST = "127.91.9.100"  # receiptio knows no port but 9100
RECEIPT = """\
^^^A017

不动产登记
请到 3 号窗口
{code:https://hall.example/t/A017; option:qrcode,6,m}
"""


@pytest.fixture
def printer_on_the_network() -> Iterator[EscposPrinterOnWire]:
    world = EscposPrinterOnWire(TcpLine(HOST, 9100), EPSON)
    yield world
    world.close()


def receiptio(*options: str, receipt: str = "") -> str:
    """What it says in the end: success, online, coveropen, paperempty …"""
    done = subprocess.run(
        [RECEIPTIO, "-d", HOST, *options],
        input=receipt,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    return (done.stdout + done.stderr).strip()


@pytest.mark.needs("receiptio", "zbarimg")
def test_receiptio_prints_on_the_emulated_printer(
    printer_on_the_network: EscposPrinterOnWire, tmp_path: Path
):
    world = printer_on_the_network
    assert receiptio("-c", "48", "-l", "zh-hans", "-p", "generic", receipt=RECEIPT) == "success"
    assert world.garbage == b""
    assert world.texts[0].split() == ["A017", "不动产登记", "请到", "3", "号窗口"]
    assert scanned(world.printed[0], tmp_path) == "https://hall.example/t/A017"


@pytest.mark.needs("receiptio")
def test_receiptio_reads_the_status_that_the_emulated_printer_tells(
    printer_on_the_network: EscposPrinterOnWire,
):
    world = printer_on_the_network
    assert receiptio("-q") == "online"
    world.open_cover()
    assert receiptio("-q") == "coveropen"
    assert receiptio("-c", "48", "-p", "generic", receipt=RECEIPT) == "coveropen"
    world.close_cover()
    world.run_out_of_paper()
    assert receiptio("-q") == "paperempty"
    assert world.printed == []


def test_python_escpos_prints_and_reads_status_over_a_serial_line():
    program = """
import sys
from escpos.printer import Serial
printer = Serial(sys.argv[1], baudrate=115200, timeout=0.3)
printer.text("A017\\n")
printer.qr("https://hall.example/t/A017", native=True, size=6)
printer.cut()
print(printer.is_online(), printer.paper_status())
"""

    def said(world: EscposPrinterOnWire) -> str:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", program, world.line.address],
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        )
        return done.stdout.strip()

    world = EscposPrinterOnWire(PtyLine(), EPSON)
    assert said(world) == "True 2"
    world.put_near_end()
    assert said(world) == "True 1"
    world.close()
    assert world.texts == ["A017\n[https://hall.example/t/A017]"] * 2
    assert world.garbage == b""


TICKETS = [
    PAPER,
    replace(PAPER, again="", mark="", checklist=()),
    replace(
        PAPER, waiting_ahead=None, alone="脱机取号，按取号时间排队", mark="预约 09:30", again=""
    ),
]


@pytest.mark.needs("zbarimg", "tesseract")
@pytest.mark.parametrize("width", [576, 384])
@pytest.mark.parametrize("encoder", ["bitmap", "native"])
def test_the_code_and_the_chinese_of_every_tape_are_read(encoder: str, width: int, tmp_path: Path):
    world = EscposPrinterOnWire(PtyLine(), Model(width=width))
    settings = EscposSettings(
        port=f"serial:{world.line.address}",
        profile="epson-tm-t82",
        width=width,
        encoder=encoder,  # type: ignore[arg-type] # a word of the two
    )
    printer = open_printer(settings)
    for ticket in TICKETS:
        assert printer.print(set_out(ticket)) is Proof.PRINTED
    printer.close()
    world.close()
    assert world.garbage == b""
    for ticket, strip in zip(TICKETS, world.printed, strict=True):
        assert scanned(strip, tmp_path) == ticket.qr
        seen = read_by_eye(strip, tmp_path)
        for line in chinese_lines(ticket):
            assert likeness(line, seen) >= 0.75, f"{line!r} is not in {seen!r}"


def chinese_lines(ticket: TicketPaper) -> Iterator[str]:
    """What a visitor looks for; the signs in boxes above the number are pictures to an optical reader."""
    yield from (ticket.hall, ticket.service, "请到" + ticket.where, ticket.footer)
    yield from ticket.checklist
    yield "前方等待" if ticket.waiting_ahead is not None else "脱机取号，按取号时间排队"


def likeness(line: str, seen: str) -> float:
    """How much of a line stands together somewhere in what was read."""
    line = "".join(line.split())
    pieces = SequenceMatcher(None, seen, line, autojunk=False).get_matching_blocks()
    return max(
        sum(p.size for p in pieces if start <= p.a < start + 2 * len(line)) / len(line)
        for start in (piece.a for piece in pieces)
    )


def scanned(strip: Bitmap, folder: Path) -> str:
    picture = folder / "tape.png"
    picture.write_bytes(png(strip))
    done = subprocess.run(
        ["zbarimg", "--quiet", "--raw", str(picture)], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def read_by_eye(strip: Bitmap, folder: Path) -> str:
    """All that an optical reader makes out, in one string without spaces."""
    from PIL import Image

    picture = folder / "tape.png"
    picture.write_bytes(png(strip))
    with Image.open(picture) as image:
        grey = image.convert("L")
        # Twice as large, with some white around it: a scan at 400 dots per inch, which it was taught on.
        large = Image.new("L", (grey.width * 2 + 80, grey.height * 2 + 80), 255)
        large.paste(grey.resize((grey.width * 2, grey.height * 2)), (40, 40))
        large.save(picture)
    done = subprocess.run(
        ["tesseract", str(picture), "-", "-l", "chi_sim", "--psm", "4"],
        capture_output=True,
        text=True,
        check=True,
    )
    return "".join(done.stdout.split())


def test_a_machine_without_chinese_type_prints_odd_characters_and_is_found_out():
    machine = EscposMachine(Model(has_chinese_rom=False))
    machine.eat(b"\x1c&" + "请".encode("gb18030") + b"\n")
    assert machine.garbage == "请".encode("gb18030")
