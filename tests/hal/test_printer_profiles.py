"""A printer is named, and what it can is known; what the settings say otherwise counts, and what they misspell is said."""

from __future__ import annotations

import msgspec
import pytest

from firmware.hal.printer import EscposSettings, PrinterSettings
from firmware.hal.printer.job import make_job
from firmware.hal.printer.paper import Text
from firmware.hal.printer.profiles import profiles

PORT = "serial:/dev/ttyUSB0?baud=9600"


def test_every_profile_of_the_table_can_be_printed_with():
    assert {"epson-tm-t88", "epson-eu-t300", "custom-vkp80", "snbc-bt-t080"} < set(profiles())
    assert {"xprinter-58", "xprinter-80", "dumb-clone", "generic-80"} < set(profiles())
    for name in profiles():
        job = make_job((Text("不动产登记", 24),), EscposSettings(port=PORT, profile=name), 1)
        assert job.content.startswith(b"\x1b@")


def test_what_is_said_otherwise_counts():
    settings = EscposSettings(port=PORT, profile="custom-vkp80", width=640, near_end=False)
    assert (settings.traits.width, settings.traits.near_end) == (640, False)
    assert settings.traits.full_status, "all else is the profile's"


def test_an_unknown_profile_is_named_with_what_was_meant():
    with pytest.raises(msgspec.ValidationError, match="did you mean 'custom-vkp80'"):
        msgspec.convert(
            {"model": "escpos", "port": PORT, "profile": "custom-vpk80"}, PrinterSettings
        )


def test_native_text_needs_chinese_type():
    with pytest.raises(ValueError, match="has no Chinese type"):
        EscposSettings(port=PORT, profile="custom-vkp80", encoder="native")
    own = EscposSettings(port=PORT, profile="custom-vkp80", encoder="native", chinese_rom=True)
    assert own.prints_text


@pytest.mark.parametrize(
    ("port", "profile", "text"),
    [
        (PORT, "epson-tm-t82", True),
        (PORT, "custom-vkp80", False),
        ("serial:/dev/ttyUSB0?baud=115200", "epson-tm-t82", False),
        ("file:/dev/usb/lp0", "epson-tm-t82", False),
    ],
)
def test_text_goes_where_the_line_is_slow_and_the_printer_can(port: str, profile: str, text: bool):
    assert EscposSettings(port=port, profile=profile).prints_text is text


@pytest.mark.parametrize("baud", [9600, 19200, 57600, 115200])
def test_no_picture_takes_longer_on_a_serial_line_than_a_printer_to_start(baud: int):
    settings = EscposSettings(port=f"serial:/dev/ttyUSB0?baud={baud}", encoder="bitmap")
    black = (Text("口" * 60, 60),)
    content = make_job(black, settings, 1).content
    bands = [len(piece) for piece in content.split(b"\x1dr\x01")]
    assert max(bands) * 10 / baud <= 0.5
