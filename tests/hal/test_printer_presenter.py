"""What a printer with sensors of its own tells, and what becomes of a ticket that nobody takes; in virtual time."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from firmware.hal import Trouble
from firmware.hal.printer import EscposSettings, PrintFault, Proof
from firmware.hal.printer.escpos import EscposPrinter
from firmware.hal.printer.paper import Text
from firmware.hal.printer.status import FullStatus, StatusReader
from hal_mocks.wires.cable import Cable, Clock
from hal_mocks.wires.escpos_machine import EscposMachine
from hal_mocks.wires.escpos_model import CUSTOM, DUMB_CLONE, EPSON, Model

PAPER = (Text("不动产登记", 48),)
TAKE_S = 10.0


@dataclass
class Kiosk:
    model: Model = CUSTOM
    profile: str = "custom-vkp80"
    untaken: str | None = None
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.machine = EscposMachine(self.model, now=self.clock)
        self.cable = Cable(self.machine, self.clock)
        given = {"profile": self.profile, "untaken": self.untaken, "take_seconds": TAKE_S}
        settings = EscposSettings(port="file:/dev/usb/lp0", **given)  # type: ignore[arg-type]
        self.printer = EscposPrinter(settings, opened=self.cable.open, now=self.clock)


@pytest.mark.parametrize(
    ("came", "troubles"),
    [
        ("10 0f 00 00 00 00", ()),
        ("10 0f 01 00 00 00", (Trouble.PAPER_OUT,)),
        ("10 0f 04 00 00 00", (Trouble.PAPER_NEAR_END,)),
        ("10 0f 20 00 00 00", (Trouble.TICKET_NOT_TAKEN,)),
        ("10 0f 00 03 00 00", (Trouble.COVER_OPEN,)),
        ("10 0f 00 00 01 00", (Trouble.OVERHEATED,)),
        ("10 0f 00 00 40 00", (Trouble.JAM,)),
        ("10 0f 00 00 00 01", (Trouble.CUTTER,)),
        ("10 0f 00 00 00 0c", (Trouble.BROKEN,)),
    ],
)
def test_full_status_is_six_bytes_and_each_bit_has_its_word(
    came: str, troubles: tuple[Trouble, ...]
):
    assert StatusReader(full_status=True).read(bytes.fromhex(came)) == (FullStatus(troubles),)


@pytest.mark.parametrize(
    ("befalls", "trouble"),
    [
        ("run_out_of_paper", Trouble.PAPER_OUT),
        ("open_cover", Trouble.COVER_OPEN),
        ("block_cutter", Trouble.CUTTER),
        ("jam", Trouble.JAM),
        ("overheat", Trouble.OVERHEATED),
        ("stop_answering", Trouble.NO_ANSWER),
    ],
)
@pytest.mark.parametrize("profile", ["custom-vkp80", "epson-tm-t82", "dumb-clone"])
def test_every_trouble_has_its_own_word_and_stops_the_printer(
    profile: str, befalls: str, trouble: Trouble
):
    models = {"custom-vkp80": CUSTOM, "epson-tm-t82": EPSON, "dumb-clone": DUMB_CLONE}
    kiosk = Kiosk(models[profile], profile)
    getattr(kiosk.machine, befalls)()
    health = kiosk.printer.health()
    assert (health.usable, health.troubles) == (False, (trouble,))
    with pytest.raises(PrintFault) as caught:
        kiosk.printer.print(PAPER)
    assert not caught.value.started


def test_a_ticket_in_the_mouth_is_no_trouble_while_its_visitor_may_be_about_to_take_it():
    kiosk = Kiosk()
    assert kiosk.printer.print(PAPER) is Proof.PRINTED
    assert kiosk.printer.health().troubles == ()
    kiosk.clock.pass_(TAKE_S)
    health = kiosk.printer.health()
    assert (health.usable, health.troubles) == (True, (Trouble.TICKET_NOT_TAKEN,))
    kiosk.machine.take_ticket()
    assert kiosk.printer.health().troubles == ()


def test_the_next_ticket_waits_until_the_one_before_is_taken():
    kiosk = Kiosk()
    kiosk.printer.print(PAPER)
    kiosk.clock.after(3.0, kiosk.machine.take_ticket)
    began = kiosk.clock()
    assert kiosk.printer.print(PAPER) is Proof.PRINTED
    assert 3.0 <= kiosk.clock() - began < TAKE_S
    assert kiosk.machine.retracted == 0


@pytest.mark.parametrize(("untaken", "retracted", "ejected"), [("retract", 1, 0), ("eject", 0, 1), ("leave", 0, 0)])  # fmt: skip
def test_what_nobody_takes_is_put_away_as_the_profile_says_before_the_next_is_printed(
    untaken: str, retracted: int, ejected: int
):
    kiosk = Kiosk(untaken=untaken)
    kiosk.printer.print(PAPER)
    began = kiosk.clock()
    assert kiosk.printer.print(PAPER) is Proof.PRINTED
    assert kiosk.clock() - began >= TAKE_S
    assert (kiosk.machine.retracted, kiosk.machine.ejected) == (retracted, ejected)
    assert len(kiosk.machine.printed) == 2
    assert kiosk.machine.garbage == b""


def test_a_printer_tells_the_technician_its_name_or_nothing():
    assert Kiosk().printer.name() == "VKP80II"
    assert Kiosk(DUMB_CLONE, "dumb-clone").printer.name() == ""


def test_answers_that_come_twice_are_no_answers():
    kiosk = Kiosk(Model(repeats_answers=True, answer_seconds=0.05), "epson-tm-t82")
    assert kiosk.printer.health().troubles == (Trouble.NO_ANSWER,)


def test_slow_answers_are_waited_for_and_too_slow_ones_are_none():
    assert Kiosk(Model(answer_seconds=0.1), "epson-tm-t82").printer.health().troubles == ()
    late = Kiosk(Model(answer_seconds=0.5), "epson-tm-t82").printer
    assert late.health().troubles == (Trouble.NO_ANSWER,)
