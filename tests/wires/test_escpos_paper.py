"""Whatever befalls a printer at whatever byte: no ticket is lost, none comes twice without its mark, none is told wrongly."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from random import Random

import pytest

from firmware.hal.printer import EscposSettings, PrintFault, Proof
from firmware.hal.printer.escpos import EscposPrinter, Patience
from hal_mocks.wires.cable import Cable, Clock
from hal_mocks.wires.escpos_machine import EscposMachine
from hal_mocks.wires.escpos_model import EPSON
from hal_mocks.wires.escpos_printer import EscposPrinterOnWire
from hal_mocks.wires.line import PtyLine
from tests.wires.paper import FAULTS, RIGS, length, run, ticket, whole

SEEDS, OFFSETS = 10, 40
TICKETS = 1000
Deed = Callable[[EscposPrinterOnWire], None]
WORLDS: dict[str, tuple[Deed, Deed]] = {
    "unplug": (lambda world: world.unplug(), lambda world: world.replug()),
    "paper out": (lambda world: world.run_out_of_paper(), lambda world: world.refill()),
    "power-cycle": (lambda world: world.cycle_power(0.3), lambda _: None),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", RIGS)
def test_wherever_a_fault_falls_each_ticket_comes_whole_and_once_without_its_mark(
    name: str, fault: str
):
    rig = RIGS[name]
    wrong = []
    for place in range(OFFSETS):
        for seed in range(place % len(RIGS), SEEDS, len(RIGS)):
            offset = place * length(rig) // OFFSETS + Random(seed).randrange(20)
            wrong += [(offset, seed, said) for said in run(rig, fault, offset, f"{seed}")]
    assert wrong == []


@pytest.mark.parametrize("fault", WORLDS)
def test_the_same_holds_over_a_real_line(fault: str):
    rig = RIGS["epson"]
    with_faults = [k * length(rig) // 5 + 200 for k in range(5)]
    for number, offset in enumerate(with_faults):
        world = EscposPrinterOnWire(PtyLine(), EPSON)
        befall, mend = WORLDS[fault]
        settings = EscposSettings(
            port=f"serial:{world.line.address}?baud=921600",
            profile="epson-tm-t82",
            encoder="bitmap",
        )
        printer = EscposPrinter(settings, patience=Patience(answers=0.3, more=0.3))
        world.at_byte(offset, partial(befall, world))
        name, again, tries = f"A{number:03}", False, 0
        while True:
            tries += 1
            try:
                assert printer.print(ticket(name, again=again)) is Proof.PRINTED
                break
            except PrintFault:
                assert tries < 20, "it never came"
                mend(world)
                again = True
                threading.Event().wait(0.1)
        printer.close()
        world.close()
        wanted = whole(rig, name, again=again)
        assert wanted in world.printed[-1].rows


def test_a_thousand_tickets_keep_their_order_and_never_interleave():
    rig = RIGS["epson native"]
    clock = Clock()
    machine = EscposMachine(rig.model, now=clock)
    cable = Cable(machine, clock)
    printer = EscposPrinter(rig.settings, opened=cable.open, now=clock)
    for number in range(1, TICKETS + 1):
        assert printer.print(ticket(f"A{number:04}", again=False)) is Proof.PRINTED
    numbers = [text.split("\n")[0] for text in machine.texts]
    assert numbers == [f"A{number:04}" for number in range(1, TICKETS + 1)]
    first = machine.printed[0]
    assert all(strip.height == first.height for strip in machine.printed)
    assert len({strip.rows for strip in machine.printed}) == TICKETS
    assert machine.garbage == b""
