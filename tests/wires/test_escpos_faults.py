"""What can go wrong between the driver and a printer on a wire, and that no ticket is called printed for it."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from firmware.hal import Trouble
from firmware.hal.printer import EscposSettings, PrintFault, Proof, open_printer
from firmware.hal.printer.escpos import EscposPrinter, Patience
from hal_mocks.wires.escpos_machine import EscposMachine
from hal_mocks.wires.escpos_printer import EscposPrinterOnWire, Model
from hal_mocks.wires.line import PtyLine
from tests.hal.test_printer_promises import picture

SHORT = Patience(answers=0.3, more=0.3)
Connect = Callable[..., tuple[EscposPrinter, EscposPrinterOnWire]]


@pytest.fixture
def connect() -> Iterator[Connect]:
    with ExitStack() as open_things:

        def connected(
            model: Model, *, patience: Patience = SHORT, **settings
        ) -> tuple[EscposPrinter, EscposPrinterOnWire]:
            world = EscposPrinterOnWire(PtyLine(), model)
            open_things.callback(world.close)
            port = f"serial:{world.line.address}?baud=921600"
            printer = EscposPrinter(EscposSettings(port=port, **settings), patience=patience)
            open_things.callback(printer.close)
            return printer, world

        yield connected


def soon(deed: Callable[[], None], seconds: float = 0.15) -> None:
    threading.Timer(seconds, deed).start()


def test_proof_by_id_comes_only_when_the_paper_is_out(connect: Connect):
    printer, world = connect(Model(rows_per_second=1000), proof="id")
    began = time.monotonic()
    assert printer.print((picture(height=500),)) is Proof.PRINTED
    assert time.monotonic() - began >= 0.45
    assert world.printed == [picture(height=500)]


def test_a_printer_that_never_proves_it_has_not_printed(connect: Connect):
    printer, _world = connect(Model(knows_job_ids=False), proof="id")
    with pytest.raises(PrintFault) as caught:
        printer.print((picture(height=40),))
    assert caught.value.started


def test_without_proof_the_time_of_printing_is_waited_out_and_the_printer_asked(connect: Connect):
    printer, world = connect(Model(), proof="estimated")
    assert printer.print((picture(),)) is Proof.ESTIMATED
    assert world.printed == [picture()]
    world.run_out_of_paper(after_rows=100)
    with pytest.raises(PrintFault) as caught:
        printer.print((picture(),))
    assert caught.value.started
    assert caught.value.trouble is Trouble.PAPER_OUT


def test_stray_bytes_are_never_taken_for_an_answer(connect: Connect):
    printer, world = connect(Model())
    world.put_near_end()
    for junk in (b"\x14\x00\x00\x0f", b"\x11\x13", b"\xff\x00\x80", b"\x37\x22ABCD\x00"):
        world.blurt(junk)
        assert printer.health().troubles == (Trouble.PAPER_NEAR_END,)


def test_noise_that_looks_like_an_answer_makes_it_unwell_at_worst(connect: Connect):
    printer, world = connect(Model())
    world.stop_answering()
    soon(lambda: world.blurt(b"\x12"), 0.05)
    assert printer.health().troubles == (Trouble.NO_ANSWER,)


def test_an_unplugged_cable_in_the_middle_leaves_the_ticket_in_doubt_and_a_later_one_whole(
    connect: Connect,
):
    printer, world = connect(Model(baud=115200))
    world.at_byte(3000, world.unplug)
    with pytest.raises(PrintFault) as caught:
        printer.print((picture(),))
    assert caught.value.started
    assert caught.value.trouble is Trouble.NO_ANSWER
    world.replug()
    wait_until(lambda: printer.health().usable)
    assert printer.print((picture(height=80),)) is Proof.PRINTED
    assert world.printed[-1] == picture(height=80)
    assert world.garbage == b""


def test_a_printer_switched_off_in_the_middle_prints_whole_again(connect: Connect):
    printer, world = connect(Model(baud=115200))
    world.at_byte(3000, lambda: world.cycle_power(boot_seconds=0.4))
    with pytest.raises(PrintFault) as caught:
        printer.print((picture(height=160),))
    assert caught.value.started
    wait_until(lambda: printer.health().usable)
    assert printer.print((picture(height=80),)) is Proof.PRINTED
    assert world.printed[-1] == picture(height=80)


@pytest.mark.parametrize("can_empty_buffer", [True, False])
def test_a_full_and_silent_printer_is_given_up_and_its_fragment_comes_out_apart(
    connect: Connect, can_empty_buffer: bool
):
    model = Model(
        buffer=512,
        knows_reports=False,
        hears_when_stopped=False,
        can_empty_buffer=can_empty_buffer,
    )
    printer, world = connect(model, empties_buffer=can_empty_buffer)
    world.run_out_of_paper(after_rows=40)
    began = time.monotonic()
    with pytest.raises(PrintFault) as caught:
        printer.print((picture(height=160),))
    assert caught.value.started
    assert time.monotonic() - began < 4.0
    assert not printer.health().usable
    world.refill()
    wait_until(lambda: printer.health().usable)
    assert printer.print((picture(seed=9),)) is Proof.PRINTED
    assert world.printed[-1] == picture(seed=9)
    assert world.printed[:-1], "the fragment was not cut off"
    assert picture(height=160) not in world.printed


def test_a_line_that_another_program_holds_is_not_shared(connect: Connect):
    printer, world = connect(Model())
    assert printer.health().usable
    other = EscposPrinter(EscposSettings(port=f"serial:{world.line.address}"))
    assert other.health().troubles == (Trouble.NO_ANSWER,)
    other.close()


def test_health_is_known_within_a_second_even_of_a_printer_that_takes_nothing(connect: Connect):
    printer, _world = connect(Model(buffer=0), patience=Patience())
    began = time.monotonic()
    assert printer.health().troubles == (Trouble.NO_ANSWER,)
    assert time.monotonic() - began <= 1.0


def test_a_plain_file_takes_the_bytes_and_proves_nothing(tmp_path):
    paper = tmp_path / "paper"
    paper.touch()
    printer = open_printer(EscposSettings(port=f"file:{paper}", proof="id"))
    assert printer.health().usable
    assert printer.print((picture(height=50),)) is Proof.ESTIMATED
    printer.close()
    machine = EscposMachine()
    machine.eat(paper.read_bytes())
    assert machine.printed == [picture(height=50)]
    assert machine.garbage == b""


def test_a_character_device_is_spoken_to_both_ways():
    world = EscposPrinterOnWire(PtyLine())
    printer = EscposPrinter(EscposSettings(port=f"file:{world.line.address}"), patience=SHORT)
    assert printer.print((picture(),)) is Proof.PRINTED
    world.open_cover()
    assert printer.health().troubles == (Trouble.COVER_OPEN,)
    printer.close()
    world.close()
    assert world.printed == [picture()]


def test_the_emulator_prints_what_python_escpos_sends():
    """Another encoder than ours keeps the emulator honest."""
    program = """
import sys
from PIL import Image
from escpos.printer import Dummy
dummy = Dummy()
dummy.image(Image.frombytes("1", (64, 20), bytes(range(160))), impl="bitImageRaster")
dummy.cut(feed=False)
sys.stderr.write(dummy.output.hex())
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    )
    machine = EscposMachine(Model(width=64))
    machine.eat(bytes.fromhex(done.stderr))
    assert machine.garbage == b""
    (strip,) = machine.printed
    assert strip.rows == bytes(byte ^ 0xFF for byte in range(160))


def wait_until(true: Callable[[], bool], seconds: float = 5.0) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it never came true"
