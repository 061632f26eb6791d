"""What is wrong with the printer has its own sentence for visitors and its own word in the kiosk's health."""

from __future__ import annotations

import pytest

from broker.phrases import Phrases
from broker.settings import Hall
from firmware.device import Done, KeyPressed, PartHealth
from firmware.hal import Health, Trouble
from firmware.ticket_kiosk.words import Words
from hal_mocks.printer import MockPrinter
from tests.devices.among import asks, page, when
from tests.devices.kiosks import CHECKED, PRINTED_A001, printing, ready

TOUCH = KeyPressed("pension")
TOLD = Phrases().kiosk.stopped
NEAR_END, TAKE_IT = TOLD.near_end, TOLD.take_it
OF_OTHERS = {
    Trouble.CONTACT_OPEN,
    Trouble.WRONG_SIZE,
    Trouble.NO_FONT,
    Trouble.BAD_THEME,
    Trouble.NO_PICTURE,
    Trouble.NO_TOUCH,
    Trouble.UNSAID,
}
OF_PRINTERS = [trouble for trouble in Trouble if trouble not in OF_OTHERS]


def bears(*troubles: Trouble) -> PartHealth:
    return PartHealth("printer", Health(troubles=troubles))


def test_every_trouble_has_a_sentence_of_its_own_that_asks_for_something(hall: Hall):
    told = [
        Words(hall).why_stopped(Health(usable=False, troubles=(trouble,)))
        for trouble in OF_PRINTERS
        if trouble is not Trouble.PAPER_NEAR_END
    ]
    assert len(set(told)) == len(told)
    assert all("请" in sentence for sentence in (*told, NEAR_END, TAKE_IT))
    assert told[-1] == TOLD.broken


def test_paper_near_its_end_warns_staff_and_goes_on_giving_tickets(hall: Hall):
    kiosk = ready(hall)
    shown = page(when(kiosk, bears(Trouble.PAPER_NEAR_END)))
    assert NEAR_END in shown.notice
    assert hall.hall.phone in shown.notice
    assert NEAR_END not in shown.lines
    assert len(asks(when(kiosk, TOUCH, CHECKED))) == 1


def test_a_ticket_left_in_the_slot_is_told_to_the_visitor_and_stops_nobody(hall: Hall):
    kiosk = ready(hall)
    assert TAKE_IT in page(when(kiosk, bears(Trouble.TICKET_NOT_TAKEN))).lines
    assert TAKE_IT not in page(when(kiosk, bears())).lines
    when(kiosk, bears(Trouble.TICKET_NOT_TAKEN))
    assert len(asks(when(kiosk, TOUCH, CHECKED))) == 1


def test_the_warning_stands_below_a_taken_number_too(hall: Hall):
    kiosk = printing(hall)
    when(kiosk, bears(Trouble.PAPER_NEAR_END))
    assert NEAR_END in page(when(kiosk, Done(PRINTED_A001))).notice


@pytest.mark.parametrize(
    ("hurt", "heal", "trouble", "usable"),
    [
        ("stick_cutter", "free_cutter", Trouble.CUTTER, False),
        ("overheat", "cool_down", Trouble.OVERHEATED, False),
        ("leave_ticket", "take_ticket", Trouble.TICKET_NOT_TAKEN, True),
        ("put_near_end", "refill", Trouble.PAPER_NEAR_END, True),
    ],
)
def test_the_mock_has_each_trouble_and_is_mended(hurt, heal, trouble, usable):
    printer = MockPrinter()
    getattr(printer, hurt)()
    assert printer.health() == Health(usable=usable, troubles=(trouble,))
    getattr(printer, heal)()
    assert printer.health() == Health()
