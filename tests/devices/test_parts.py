"""Every part that a device may have can be opened: its name has a kind of hardware."""

from __future__ import annotations

from importlib import import_module

import msgspec
import pytest

from broker.settings import Hall, Kind
from firmware.parts import KINDS, open_parts

ROOMS = {kind: import_module(f"firmware.{kind}.hardware") for kind in Kind}
AWAY = "serial:/dev/no-such-line"


@pytest.mark.parametrize("kind", Kind)
def test_every_part_of_a_device_has_its_kind_and_its_wiring(hall: Hall, kind: Kind):
    parts = {field.name for field in msgspec.structs.fields(ROOMS[kind].Hardware)}
    device = next(one for one in hall.device.values() if one.kind is kind)
    hardware = msgspec.convert(device.hardware, ROOMS[kind].Hardware)
    assert parts == set(ROOMS[kind].wiring(hall, hardware).parts)
    assert parts <= KINDS.keys()


@pytest.mark.parametrize(
    ("kind", "part", "table"),
    [
        (Kind.CALLER_PANEL, "help", {"model": "modbus", "port": AWAY, "keys": {"help": 1}}),
        (Kind.ANNOUNCER, "lamps", {"model": "modbus", "port": AWAY, "lamps": {"help": 1}}),
        (Kind.ANNOUNCER, "lamps", {"model": "lcus", "port": AWAY, "lamps": {"help": 1}}),
    ],
)
def test_a_board_that_is_not_there_yet_is_opened_all_the_same_and_its_health_tells(
    hall: Hall, kind: Kind, part: str, table
):
    device = next(one for one in hall.device.values() if one.kind is kind)
    hardware = msgspec.convert(device.hardware | {part: table}, ROOMS[kind].Hardware)
    opened = open_parts()(device, part, getattr(hardware, part))
    if part == "lamps":
        assert not opened.health().usable
    opened.close()
