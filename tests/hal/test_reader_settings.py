"""Settings of scanners and card readers: what cannot be meant is refused, and what they want for themselves is told."""

from __future__ import annotations

import msgspec
import pytest

from firmware.hal.buses.input_places import InputModel, InputPath, parse_input
from firmware.hal.card_reader import CardReaderSettings
from firmware.hal.scanner import ScannerSettings

SDT = {"model": "sdt", "port": "serial:/dev/ttyUSB0"}
SERIAL = {"model": "serial", "port": "serial:/dev/ttyACM0"}
USB = {"model": "usb", "port": "input:1a2c:0042"}


@pytest.mark.parametrize(
    ("kind", "table", "why"),
    [
        (CardReaderSettings, SDT | {"port": "usb:0400:c35a"}, "no place"),
        (CardReaderSettings, SDT | {"key": "secret"}, "unknown field"),
        (ScannerSettings, SERIAL | {"port": "input:1a2c:0042"}, "no place"),
        (ScannerSettings, SERIAL | {"reading_s": 0}, ">= 1"),
        (ScannerSettings, SERIAL | {"idle_ms": 50}, "unknown field"),
        (ScannerSettings, USB | {"port": "serial:/dev/ttyACM0"}, "no USB keyboard"),
        (ScannerSettings, USB | {"idle_ms": 5}, ">= 20"),
        (ScannerSettings, USB | {"model": "hid"}, "Invalid value 'hid'"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(kind, table, why):
    with pytest.raises(msgspec.ValidationError, match=why):
        msgspec.convert(table, kind)


@pytest.mark.parametrize(
    ("kind", "table", "wanted"),
    [
        (CardReaderSettings, SDT, "/dev/ttyUSB0"),
        (ScannerSettings, SERIAL, "/dev/ttyACM0"),
        (ScannerSettings, USB, InputModel(0x1A2C, 0x0042)),
    ],
)
def test_a_reader_has_its_port_for_itself(kind, table, wanted):
    (claim,) = msgspec.convert(table, kind).claims()
    assert (claim.steps, claim.wanted, claim.protocol) == (("port",), wanted, "")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("input:/dev/input/by-id/usb-x-event-kbd", InputPath("/dev/input/by-id/usb-x-event-kbd")),
        ("input:1A2C:0042", InputModel(0x1A2C, 0x0042)),
    ],
)
def test_a_usb_keyboard_is_named_by_its_file_or_its_model(text, place):
    assert parse_input(text) == place


@pytest.mark.parametrize(
    "text", ["", "input:", "input:event3", "input:1a2c", "input:1a2c:00425", "/dev/input/event3"]
)
def test_any_other_name_of_a_usb_keyboard_is_refused_with_what_to_write(text):
    with pytest.raises(ValueError, match=r"write input:/dev/input/by-id/"):
        parse_input(text)
