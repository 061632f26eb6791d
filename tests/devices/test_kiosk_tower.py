"""The kiosk's light tower says from afar what its screen says near by."""

from __future__ import annotations

import pytest

from broker.hearing import Alone, Together
from broker.settings import Hall
from firmware.device import LightLamp, PartHealth
from firmware.hal import Health, Trouble
from firmware.hal.lamps import Light
from firmware.ticket_kiosk.kiosk import TicketKiosk
from tests.devices.among import Effects, lamps, of, when
from tests.devices.kiosks import ILL, KIOSK, NO_PAPER, WELL, ready

ON, OFF = Light.ON, Light.OFF
STOPPED = {"ready": OFF, "attention": OFF, "stopped": ON}
READY = {"ready": ON, "attention": OFF, "stopped": OFF}
NEAR_END = PartHealth("printer", Health(troubles=(Trouble.PAPER_NEAR_END,)))


def lit(*many: Effects) -> dict[str, Light]:
    """What stands lit after all these effects."""
    return {name: light for effects in many for name, light in lamps(effects).items()}


def test_a_kiosk_that_starts_is_red_and_green_once_it_gives_out_tickets(hall: Hall):
    kiosk = TicketKiosk(hall, KIOSK)
    first = kiosk.start()
    assert lit(first) == STOPPED
    assert lit(first, when(kiosk, Together()), when(kiosk, WELL)) == READY


@pytest.mark.parametrize("ill", [NO_PAPER, ILL])
def test_a_kiosk_that_has_stopped_is_red_and_green_again_once_it_is_mended(hall: Hall, ill):
    kiosk = ready(hall)
    assert lit(when(kiosk, ill)) == {"ready": OFF, "stopped": ON}
    assert lit(when(kiosk, WELL)) == {"ready": ON, "stopped": OFF}


def test_paper_near_its_end_is_yellow_beside_green(hall: Hall):
    kiosk = ready(hall)
    assert lit(when(kiosk, NEAR_END)) == {"attention": ON}
    assert lit(when(kiosk, NO_PAPER)) == STOPPED
    assert lit(when(kiosk, WELL)) == {"ready": ON, "stopped": OFF}


def test_a_kiosk_that_can_do_nothing_alone_is_red(hall: Hall):
    assert lit(when(ready(hall), Alone("gone"))) == {"ready": OFF, "stopped": ON}


def test_what_does_not_change_is_not_lit_again(hall: Hall):
    kiosk = ready(hall)
    assert of(LightLamp, when(kiosk, WELL, WELL)) == []
