"""How a number display's registers hold a ticket's number, and what its settings must say."""

from __future__ import annotations

import msgspec
import pytest

from firmware.hal.led_panel import LedPanelSettings
from firmware.hal.led_panel.modbus import registers

TABLE = {"model": "modbus", "port": "serial:/dev/ttyUSB0", "register": 3}


@pytest.mark.parametrize(
    ("number", "form", "held"),
    [
        (17, "number", [0x0011]),
        (1017, "bcd", [0x1017]),
        (0, "bcd", [0x0000]),
        (17, "ascii", [0x3030, 0x3137]),
        (1017, "ascii", [0x3130, 0x3137]),
    ],
)
def test_a_number_is_held_in_the_form_of_its_maker(number, form, held):
    assert registers(number, form) == held


def test_more_digits_are_filled_with_zeros():
    assert registers(17, "ascii", 6) == [0x3030, 0x3030, 0x3137]


@pytest.mark.parametrize(
    ("changed", "why"),
    [({"form": "hex"}, "Invalid enum value"), ({"function": 5}, "Invalid enum value"), ({"digits": 5}, "Invalid enum value"), ({"unit": 0}, ">= 1")],
)  # fmt: skip
def test_settings_that_cannot_be_meant_are_refused(changed, why):
    assert msgspec.convert(TABLE, LedPanelSettings)
    with pytest.raises(msgspec.ValidationError, match=why):
        msgspec.convert(TABLE | changed, LedPanelSettings)
