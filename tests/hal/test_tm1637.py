"""The TM1637 digits keep the promises of every LED panel as far as figures go, on a module that feels every wire's level."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec
import pytest
from gpiozero import Device
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware.daemon import Worker
from firmware.device import Show
from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.buses.line import Lines
from firmware.hal.led_panel import LedPanelSettings, Tm1637PanelSettings, open_led_panel
from firmware.hal.led_panel.tm1637 import Tm1637Panel
from firmware.hal.led_panel.tm1637_bytes import commands, figures, segments
from hal_mocks.wires.tm1637 import Tm1637Pins
from tests.hal.test_led_panel import LedPanelPromises, Setup

CLK, DIO = 23, 24
FOUR = Tm1637PanelSettings(clk=CLK, dio=DIO)


@dataclass(frozen=True)
class Mounted:
    """A module on its wires; what is shown is what one reads there, dark digits aside."""

    pins: Tm1637Pins = field(default_factory=lambda: Tm1637Pins(CLK, DIO))

    @property
    def shown(self) -> list[str]:
        return [reading for reading in self.pins.history if reading.strip()]

    def unplug(self) -> None:
        self.pins.unplug()

    def replug(self) -> None:
        self.pins.replug()


class TestTm1637Panel(LedPanelPromises):
    @pytest.fixture
    def setup(self) -> Iterator[Setup]:
        world = Mounted()
        panel = Tm1637Panel(FOUR, world.pins)
        yield Setup(panel, world)
        panel.close()
        assert not world.pins.fought

    def test_what_is_shown_is_what_was_asked(self, setup: Setup):
        for text in ("请A012号到3号窗口", "暂停服务", "B345"):
            setup.panel.show(text)
        assert setup.world.shown == ["A012", "----", "B345"]

    def test_a_line_that_was_out_and_in_while_nobody_used_it_costs_no_text(self, setup: Setup):
        super().test_a_line_that_was_out_and_in_while_nobody_used_it_costs_no_text(setup)
        setup.world.unplug()
        setup.world.replug()
        assert setup.panel.health() == Health()  # and says all anew
        assert setup.world.shown[-1] == "A002"


@pytest.fixture
def pins() -> Iterator[Tm1637Pins]:
    pins = Tm1637Pins(CLK, DIO)
    yield pins
    assert not pins.fought


def test_a_module_that_lost_its_power_shows_the_number_again_at_the_next_look(pins):
    panel = Tm1637Panel(FOUR, pins)
    panel.show("A012")
    pins.unplug()
    pins.replug()
    assert pins.reading() == "    "
    assert panel.health() == Health()
    assert pins.reading() == "A012"
    panel.close()


def test_a_module_that_answers_nothing_is_a_fault_that_names_its_pins(pins):
    pins.unplug()
    panel = Tm1637Panel(FOUR, pins)
    with pytest.raises(HardwareFault, match=r"GPIO23 and GPIO24 does not answer") as caught:
        panel.show("A012")
    assert caught.value.trouble is Trouble.NO_ANSWER
    panel.close()


def test_wires_that_are_exchanged_are_noticed(pins):
    panel = Tm1637Panel(Tm1637PanelSettings(clk=DIO, dio=CLK), pins)
    with pytest.raises(HardwareFault, match="exchanged"):
        panel.show("A012")
    panel.close()


def test_brightness_is_as_it_was_set(pins):
    for brightness in (0, 7):
        panel = Tm1637Panel(Tm1637PanelSettings(clk=CLK, dio=DIO, brightness=brightness), pins)
        panel.show("A012")
        assert pins.brightness == brightness
        panel.close()


def test_six_digits_show_the_number_at_the_right_in_whatever_order_they_are_wired():
    for order, wired in (((), (3, 2, 1, 6, 5, 4)), ((1, 2, 3, 4, 5, 6), (1, 2, 3, 4, 5, 6))):
        pins = Tm1637Pins(CLK, DIO, wired)
        panel = Tm1637Panel(Tm1637PanelSettings(clk=CLK, dio=DIO, digits=6, order=order), pins)
        panel.show("请A012号到3号窗口")
        assert pins.reading() == "  A012"
        panel.close()


def test_a_closed_panel_is_dark_and_gives_its_pins_back(pins):
    panel = Tm1637Panel(FOUR, pins)
    panel.show("A012")
    panel.close()
    assert pins.reading() == "    "
    Tm1637Panel(FOUR, pins).close()


def test_a_pin_that_another_device_has_is_a_fault(pins):
    first = Tm1637Panel(FOUR, pins)
    with pytest.raises(HardwareFault, match="clk cannot have GPIO23"):
        Tm1637Panel(FOUR, pins)
    first.close()


def test_after_recovery_a_worker_shows_the_present_number_not_the_past(pins):
    worker = Worker(
        "led",
        lambda: Tm1637Panel(FOUR, pins),
        {Show: lambda panel, effect: panel.show(effect.text)},
        lambda _report: None,
        retry_s=(0.001,),
        look_s=0.001,
    )
    worker.start()
    worker.do(Show("A001"))
    assert pins.wait_for(lambda reading: reading == "A001")
    pins.unplug()
    worker.do(Show("A002"))
    worker.do(Show("A003"))
    pins.replug()
    assert pins.wait_for(lambda reading: reading == "A003")
    worker.stop()


def test_open_led_panel_opens_what_the_settings_name(monkeypatch, pins):
    monkeypatch.setattr(Device, "pin_factory", pins)
    panel = open_led_panel(FOUR, Lines())
    panel.show("A012")
    assert pins.reading() == "A012"
    panel.close()


# --- bytes: pure -------------------------------------------------------------------------------------


def test_bytes_are_the_data_sheets():
    lit = segments("0123", (1, 2, 3, 4))
    assert [frame.hex(" ").upper() for frame in commands(lit, 2)] == ["40", "C0 3F 06 5B 4F", "8A"]
    assert segments("456789", (1, 2, 3, 4, 5, 6)).hex(" ").upper() == "66 6D 7D 07 7F 6F"


@pytest.mark.parametrize(
    ("text", "digits", "shown"),
    [
        ("请A012号到3号窗口", 4, "A012"),
        ("请B7号到3号窗口", 4, "  B7"),
        ("请A1012号到12号窗口", 4, "1012"),
        ("请A1012号到12号窗口", 6, " A1012"),
        ("请K012号到3号窗口", 4, " 012"),
        ("已呼叫B007 等候12人", 4, "B007"),
        ("暂停服务 至12:30", 4, "----"),
        ("3号窗口 综合业务", 6, "------"),
        ("", 4, "----"),
    ],
)
def test_of_a_text_its_tickets_number_is_shown_or_dashes(text, digits, shown):
    assert figures(text, digits) == shown


@settings(max_examples=25)
@given(st.text(max_size=40), st.sampled_from([4, 6]))
def test_any_text_can_be_shown(text, digits):
    assert len(segments(figures(text, digits), range(1, digits + 1))) == digits


@settings(max_examples=25)
@given(st.from_regex(r"[ABCDEFHJLNPRTUY][0-9]{3}", fullmatch=True))
def test_every_number_is_read_as_it_is_printed(number):
    pins = Tm1637Pins(CLK, DIO)
    panel = Tm1637Panel(FOUR, pins)
    panel.show(f"请{number}号到3号窗口")
    assert pins.reading() == number
    panel.close()


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"dio": 23}, "share a pin"),
        ({"digits": 5}, "Invalid enum value"),
        ({"order": [1, 2, 3]}, "each digit from 1 to 4 once"),
        ({"order": [1, 2, 3, 3]}, "each digit from 1 to 4 once"),
        ({"brightness": 8}, "<= 7"),
        ({"clk": 28}, "<= 27"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(changed, why):
    table = {"model": "tm1637", "clk": 23, "dio": 24}
    assert msgspec.convert(table, LedPanelSettings)
    with pytest.raises(msgspec.ValidationError, match=why):
        msgspec.convert(table | changed, LedPanelSettings)


def test_it_claims_both_pins():
    assert [claim.wanted for claim in FOUR.claims()] == [23, 24]
