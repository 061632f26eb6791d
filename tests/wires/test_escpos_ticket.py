"""A whole ticket through the driver and the wire, read back from the paper by a scanner that is not ours."""

from __future__ import annotations

import subprocess

import pytest

from firmware.hal.printer import EscposSettings, Proof, open_printer
from firmware.hal.printer.drawing import draw
from firmware.ticket_kiosk.paper import TicketPaper, set_out
from hal_mocks.printer import png
from hal_mocks.wires.escpos_printer import EscposPrinterOnWire, Model
from hal_mocks.wires.line import PtyLine

PAPER = TicketPaper(
    hall="太原市政务服务中心",
    number="A017",
    service="不动产登记",
    where="二楼 B 区 3–8 号窗口",
    waiting_ahead=12,
    estimate="约 20 分钟",
    issued="2026-11-23 09:41",
    qr="https://hall.example/t/20261123-A017-7f3c9a1e",
    mark="绿色通道",
    again="补打",
    checklist=("身份证原件及复印件", "不动产权证书（原件）", "《不动产登记申请书》"),
    complaint="0351-12345",
    footer="过号请联系导办员，当日有效",
)


@pytest.mark.needs("zbarimg")
@pytest.mark.parametrize("width", [576, 384])
def test_the_code_on_the_printed_ticket_scans(width: int, tmp_path):
    world = EscposPrinterOnWire(PtyLine(), Model(width=width))
    settings = EscposSettings(port=f"serial:{world.line.address}", width=width, proof="id")
    printer = open_printer(settings)
    assert printer.print(set_out(PAPER)) is Proof.PRINTED
    printer.close()
    world.close()
    (strip,) = world.printed
    assert strip == draw(set_out(PAPER), width)
    picture = tmp_path / "ticket.png"
    picture.write_bytes(png(strip))
    scan = subprocess.run(
        ["zbarimg", "--quiet", "--raw", str(picture)], capture_output=True, text=True, check=True
    )
    assert scan.stdout.strip() == PAPER.qr
