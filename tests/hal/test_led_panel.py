"""What a device may rely on of any LED panel; tests/wires keeps the real driver to the same promises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import msgspec
import pytest

from firmware.hal import HardwareFault, Health
from firmware.hal.led_panel import LedPanel, LedPanelSettings
from hal_mocks.led_panel import MockLedPanel


class World(Protocol):
    """What happens to a panel's line, and the texts that people read on it."""

    @property
    def shown(self) -> list[str]: ...
    def unplug(self) -> None: ...
    def replug(self) -> None: ...


@dataclass(frozen=True)
class Setup:
    panel: LedPanel
    world: World


class LedPanelPromises:
    """Collected through its heirs, each with a fixture `setup`."""

    def test_what_is_shown_is_what_was_asked(self, setup: Setup):
        texts = ["请A012号到3号窗口", "暂停服务", "1号窗口 综合业务"]
        for text in texts:
            setup.panel.show(text)
        assert setup.world.shown == texts

    def test_a_well_panel_is_usable(self, setup: Setup):
        assert setup.panel.health() == Health()

    def test_a_broken_line_is_one_fault_for_each_text_and_heals_when_plugged_in(self, setup: Setup):
        setup.panel.show("A001")
        setup.world.unplug()
        for _ in range(2):
            with pytest.raises(HardwareFault):
                setup.panel.show("A002")
        setup.world.replug()
        setup.panel.show("A003")
        assert setup.world.shown == ["A001", "A003"]

    def test_an_unplugged_panel_is_not_usable_until_it_is_plugged_in(self, setup: Setup):
        setup.world.unplug()
        health = setup.panel.health()
        assert not health.usable
        assert health.troubles
        setup.world.replug()
        assert setup.panel.health() == Health()

    def test_a_line_that_was_out_and_in_while_nobody_used_it_costs_no_text(self, setup: Setup):
        setup.panel.show("A001")
        setup.world.unplug()
        setup.world.replug()
        setup.panel.show("A002")
        assert setup.world.shown == ["A001", "A002"]


class TestMockLedPanel(LedPanelPromises):
    @pytest.fixture
    def setup(self) -> Setup:
        panel = MockLedPanel()
        return Setup(panel, panel)

    def test_the_watcher_hears_of_each_text_after_it_is_shown(self):
        read: list[str] = []
        panel = MockLedPanel(watcher=lambda: read.append(panel.text))
        panel.show("A001")
        panel.show("A002")
        assert read == ["A001", "A002"]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"port": "usb:1"}, "no place where this device can hang"),
        ({"port": "file:/dev/usb/lp0"}, "no place where this device can hang"),
        ({"port": "serial:/dev/ttyUSB0?baud=quick"}, "'quick'"),
        ({"port": "serial:/dev/ttyUSB0?speed=9600"}, "unknown options speed"),
        ({"port": "tcp:192.168.1.60:99999"}, "from 1 to 65535"),
        ({"card": "4K"}, "Invalid enum value"),
        ({"card": "5K", "width": 100}, "eights of dots"),
        ({"screen": 0}, ">= 1"),
        ({"colour": "red"}, "unknown field"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(changed, why):
    table = {"model": "onbon", "port": "tcp:192.168.1.60", "card": "6K", "width": 128, "height": 16}
    assert msgspec.convert(table, LedPanelSettings)
    with pytest.raises(msgspec.ValidationError, match=why):
        msgspec.convert(table | changed, LedPanelSettings)
