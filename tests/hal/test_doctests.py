"""The examples in the docstrings of the firmware's modules hold."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest

WITH_EXAMPLES = (
    "firmware.hal.buses.ff68",
    "firmware.hal.buses.ff68_parts",
    "firmware.hal.buses.gbk",
    "firmware.hal.buses.input_events",
    "firmware.hal.buses.input_places",
    "firmware.hal.buses.key_codes",
    "firmware.hal.buses.places",
    "firmware.hal.contact",
    "firmware.hal.card_reader.id_card",
    "firmware.hal.card_reader.sdt_frames",
    "firmware.hal.debounce",
    "firmware.hal.keypad.crossings",
    "firmware.hal.lamps.lcus",
    "firmware.hal.led_panel.ff68",
    "firmware.hal.led_panel.strip_frames",
    "firmware.hal.scanner.codes",
    "firmware.hal.scanner.serial_frames",
    "firmware.hal.led_panel.max7219_bytes",
    "firmware.hal.screen.theme",
    "firmware.hal.showing",
    "firmware.hal.voice.frames",
    "firmware.ticket_kiosk.hardware",
    "hal_mocks.wires.modbus",
    "firmware.ticket_kiosk.codes",
    "firmware.ticket_kiosk.sentences",
)


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_examples_of_a_module_hold(name: str):
    results = doctest.testmod(import_module(name))
    assert results.attempted > 0, "it has no examples: take it off the list"
    assert results.failed == 0
