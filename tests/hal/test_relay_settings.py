"""The settings of relay and input boards: what cannot be meant is refused, and who shares a board does not share a channel."""

from __future__ import annotations

import msgspec
import pytest

from firmware.hal.keypad import KeypadSettings
from firmware.hal.lamps import LampsSettings

RELAYS = {"model": "modbus", "port": "serial:/dev/ttyUSB0", "lamps": {"next": 1}}
USB = {"model": "lcus", "port": "serial:/dev/ttyUSB1", "lamps": {"next": 1}}
INPUTS = {"model": "modbus", "port": "serial:/dev/ttyUSB0", "keys": {"help": 1}}


@pytest.mark.parametrize(
    ("table", "why"),
    [
        (RELAYS | {"lamps": {"next": 1, "close": 1}}, "two lamps share a relay"),
        (USB | {"lamps": {"next": 1, "close": 1}}, "two lamps share a relay"),
        (RELAYS | {"lamps": {"next": 0}}, ">= 1"),
        (USB | {"lamps": {"next": 9}}, "<= 8"),
        (RELAYS | {"lamps": {}}, "length >= 1"),
        (RELAYS | {"unit": 0}, ">= 1"),
        (RELAYS | {"unit": 248}, "<= 247"),
        (RELAYS | {"port": "/dev/ttyUSB0"}, "no place where this device can hang"),
        (RELAYS | {"blink_seconds": 0.5}, "would wear out the relays"),
        (USB | {"blink_seconds": 0.5}, "would wear out the relays"),
        (USB | {"unit": 1}, "unknown field"),
    ],
)
def test_lamps_that_cannot_be_meant_are_refused(table, why):
    with pytest.raises(msgspec.ValidationError, match=why):
        msgspec.convert(table, LampsSettings)


@pytest.mark.parametrize(
    ("table", "why"),
    [
        (INPUTS | {"keys": {"help": 1, "next": 1}}, "two keys share an input"),
        (INPUTS | {"normally_closed": ["halp"]}, "normally_closed names halp"),
        (INPUTS | {"hold_ms": {"next": 2000}}, "hold_ms names next"),
        (INPUTS | {"hold_ms": {"help": 60_000}}, "<= 10000"),
        (INPUTS | {"port": "tcp:192.168.1.60"}, "lacks a TCP port"),
    ],
)
def test_keys_that_cannot_be_meant_are_refused(table, why):
    with pytest.raises(msgspec.ValidationError, match=why):
        msgspec.convert(table, KeypadSettings)


def wanted(kind, table) -> dict[object, str]:
    return {claim.wanted: claim.protocol for claim in msgspec.convert(table, kind).claims()}


def clash(first: dict[object, str], second: dict[object, str]) -> set[object]:
    return {one for one in first.keys() & second.keys() if not first[one] == second[one] != ""}


def test_boards_of_one_line_are_told_apart_by_unit_kind_and_channel():
    first = wanted(LampsSettings, RELAYS)
    assert clash(first, wanted(LampsSettings, RELAYS | {"lamps": {"help": 2}})) == set()
    assert clash(first, wanted(LampsSettings, RELAYS | {"unit": 2})) == set()
    assert clash(first, wanted(KeypadSettings, INPUTS)) == set()
    assert clash(first, wanted(LampsSettings, RELAYS)) != set()
    assert clash(first, wanted(LampsSettings, RELAYS | {"lamps": {"help": 1}})) != set()


def test_one_line_has_one_speed_and_one_language():
    first = wanted(LampsSettings, RELAYS)
    faster = RELAYS | {"port": "serial:/dev/ttyUSB0?baud=19200", "unit": 2}
    assert clash(first, wanted(LampsSettings, faster)) == {"/dev/ttyUSB0"}
    assert clash(first, wanted(LampsSettings, USB | {"port": RELAYS["port"]})) == {"/dev/ttyUSB0"}
