"""What must hold of paper, whatever befalls the printer: one ticket after the other, one fault at one byte, the tape as witness.

It prints as the kiosk does: what failed is printed again, marked 补打, once the printer is well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

from firmware.hal.printer import EscposSettings, Paper, PrintFault, Proof
from firmware.hal.printer.escpos import EscposPrinter, Patience
from firmware.hal.printer.job import make_job
from firmware.hal.printer.paper import Badges, Rule, Text
from hal_mocks.wires.cable import Cable, Clock
from hal_mocks.wires.escpos_machine import EscposMachine
from hal_mocks.wires.escpos_model import CUSTOM, DUMB_CLONE, EPSON, Model

__all__ = ["FAULTS", "RIGS", "Rig", "broken_at", "length", "run"]

PATIENCE = Patience(answers=0.3, more=2.0)
QUESTIONS = 15  # bytes of its questions before a ticket, at most
MOST_TRIES = 6
BURST = (
    b"\x14\x00\x00\x0f" * 3
    + b"\x11\x13\x12\x12\x00\x37\x22ABCD\x00\xff\x10\x00\x03\x0f\x1c\x00\x00"
)


@dataclass(frozen=True, slots=True)
class Rig:
    """A printer with the settings a technician would write for it."""

    model: Model
    profile: str
    baud: int = 0
    encoder: str = "auto"
    proof: str | None = None
    proves: bool = True

    @property
    def settings(self) -> EscposSettings:
        given = {"encoder": self.encoder, "proof": self.proof, "width": self.model.width}
        port = f"serial:/dev/ttyUSB0?baud={self.baud}" if self.baud else "file:/dev/usb/lp0"
        return EscposSettings(port=port, profile=self.profile, **given)  # type: ignore[arg-type] # words of a table


RIGS = {
    "epson": Rig(EPSON, "epson-tm-t82", encoder="bitmap"),
    "epson native": Rig(EPSON, "epson-tm-t82", encoder="native", baud=9600),
    "status": Rig(EPSON, "generic-80", baud=115200),
    "chinese clone": Rig(
        Model(knows_job_ids=False, knows_reports=False, can_empty_buffer=False, sizes_chinese_apart=True),
        "xprinter-80",
        encoder="native",
        baud=19200,
    ),
    "custom": Rig(CUSTOM, "custom-vkp80"),
    "dumb clone": Rig(DUMB_CLONE, "dumb-clone", proves=False),
}  # fmt: skip


@cache
def ticket(number: str, *, again: bool) -> Paper:
    mark = (Badges("", "补打"),) if again else ()
    return (*mark, Text(number, 64), Text("请到1、2号窗口", 24), Rule(2))


@cache
def whole(rig: Rig, number: str, *, again: bool) -> bytes:
    """The rows of this ticket where nothing goes wrong."""
    machine = EscposMachine(rig.model)
    machine.eat(make_job(ticket(number, again=again), rig.settings, 1).content)
    machine.tear_off()
    # Without its white end it is whole as well.
    return machine.printed[0].rows.rstrip(b"\0")


@cache
def length(rig: Rig) -> int:
    """Bytes from the first question to the last of a ticket."""
    return len(make_job(ticket("A017", again=False), rig.settings, 1).content) + QUESTIONS


class Bench:
    """One printer, one cable, one clock."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.clock = Clock()
        self.machine = EscposMachine(rig.model, now=self.clock)
        self.cable = Cable(self.machine, self.clock, baud=rig.baud)
        self.printer = EscposPrinter(
            rig.settings, patience=PATIENCE, opened=self.cable.open, now=self.clock
        )

    def tear_off(self) -> None:
        if not self.rig.settings.traits.cutter:
            self.machine.tear_off()

    def copies(self, number: str, *, again: bool) -> int:
        """How many strips of the tape hold the whole ticket, marked or not."""
        marked = whole(self.rig, number, again=True)
        across = (self.rig.model.width + 7) // 8
        strips = [strip.rows for strip in self.machine.printed]
        if again:
            return sum(_place(strip, marked, across) >= 0 for strip in strips)
        plain = whole(self.rig, number, again=False)
        # Below its mark a marked one is a plain one.
        return sum(_place(_without(strip, marked, across), plain, across) >= 0 for strip in strips)


def _place(rows: bytes, wanted: bytes, across: int) -> int:
    at = rows.find(wanted)
    while at >= 0 and at % across:
        at = rows.find(wanted, at + 1)
    return at


def _without(rows: bytes, marked: bytes, across: int) -> bytes:
    while (at := _place(rows, marked, across)) >= 0:
        rows = rows[:at] + rows[at + len(marked) + -len(marked) % across :]
    return rows


Deed = Callable[[], None]
Fault = Callable[[Bench, Random], tuple[Deed, Deed]]


def _nothing() -> None:
    pass


def _power(bench: Bench, random: Random) -> tuple[Deed, Deed]:
    seconds = random.choice((0.5, 1.0, 4.0))
    return lambda: bench.machine.cycle_power(seconds), _nothing


def _stall(bench: Bench, random: Random) -> tuple[Deed, Deed]:
    def stall() -> None:
        bench.cable.blurt(b"\x13")
        bench.machine.stop_taking()
        if random.random() < 0.5:
            bench.clock.after(random.random(), go_on)

    def go_on() -> None:
        bench.machine.take_again()
        bench.cable.blurt(b"\x11")

    return stall, go_on


FAULTS: dict[str, Fault] = {
    "paper out": lambda b, r: (
        lambda: b.machine.run_out_of_paper(r.choice((0, 1, 40))),
        b.machine.refill,
    ),
    "cover": lambda b, _: (b.machine.open_cover, b.machine.close_cover),
    "cutter": lambda b, _: (b.machine.block_cutter, b.machine.free_cutter),
    "unplug": lambda b, _: (b.cable.unplug, b.cable.replug),
    "mute": lambda b, _: (b.machine.stop_answering, b.machine.answer_again),
    "power-cycle": _power,
    "XOFF stall": _stall,
    "status burst": lambda b, _: (lambda: b.cable.blurt(BURST), _nothing),
}


def run(rig: Rig, fault: str, offset: int, seed: str) -> Iterator[str]:
    """What is wrong after a fault at `offset` bytes of the first of two tickets; nothing where all is well."""
    random = Random(f"{seed} {fault} {offset}")
    bench = Bench(rig)
    befalls, mend = FAULTS[fault](bench, random)
    bench.machine.at_byte(offset, befalls)
    numbers = (f"A{random.randrange(1000):03}", f"B{random.randrange(1000):03}")
    for number in numbers:
        yield from broken_at(bench, number, mend)
        bench.machine.take_ticket()
    bench.cable.live(5.0)
    bench.tear_off()
    for number in numbers:
        plain, marked = (bench.copies(number, again=again) for again in (False, True))
        if plain > 1:
            yield f"{number} came {plain} times without the mark"
        if rig.proves and not plain + marked:
            yield f"{number} never came whole"


def broken_at(bench: Bench, number: str, mend: Deed) -> Iterator[str]:
    """Print one ticket until it is told as printed; say where what was told is not what the tape has."""
    for attempt in range(MOST_TRIES):
        again = attempt > 0
        before = bench.copies(number, again=again)
        began = bench.clock()
        try:
            proof = bench.printer.print(ticket(number, again=again))
            bench.tear_off()
        except PrintFault as fault:
            if not fault.started and bench.copies(number, again=again) > before:
                yield f"{number} came, and was told as not started"
            mend()
            _wait_until_well(bench)
        else:
            came = bench.copies(number, again=again) > before
            if proof is Proof.PRINTED and not came:
                yield f"{number} was told as printed, and did not come whole (attempt {attempt + 1})"
            if (proof is Proof.PRINTED) is not bench.rig.proves:
                yield f"{number} was told as {proof}"
            return
        if bench.clock() - began > 60:
            yield f"{number}: nothing was told for {bench.clock() - began:.0f} s"
    yield f"{number} was not told as printed after {MOST_TRIES} tries"


def _wait_until_well(bench: Bench) -> None:
    for _ in range(40):
        bench.cable.live(0.5)
        if bench.printer.health().usable:
            return
