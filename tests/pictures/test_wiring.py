"""The pictures of the wiring: each is drawn from the sample hall's own pins, and wires none of them to a supply."""

from __future__ import annotations

import re

import pytest

from firmware.check import load
from hal_mocks.virtual_hall.demo import SAMPLE
from tests.pictures.wiring import BOXES, HEADER, Box, file_of, picture

HALL = load(SAMPLE)


@pytest.mark.parametrize("box", BOXES, ids=lambda box: box.name)
def test_a_committed_wiring_is_that_of_the_sample_hall(box: Box):
    """If this fails after a change of pins: `python -m tests.pictures.wiring`, look at what changed, and commit it."""
    assert file_of(box).read_text(encoding="utf-8") == picture(box, HALL)


@pytest.mark.parametrize("box", BOXES, ids=lambda box: box.name)
def test_every_pin_of_its_keys_and_lamps_stands_in_a_picture_once(box: Box):
    drawn = re.findall(
        r'data-part="(\S+) (\w+)" data-name="([^"]+)" data-pin="(\d+)"',
        file_of(box).read_text(encoding="utf-8"),
    )
    named = [
        (device, part, name, f"{pin}")
        for device in box.devices
        for part, settings in HALL.device[device].hardware.items()
        for name, pin in (settings.get("keys") or settings.get("lamps") or {}).items()
    ]
    assert sorted(drawn) == sorted(named)


def test_the_header_has_each_pin_of_the_processor_once():
    assert len(HEADER) == 40
    assert sorted(int(name) for name in HEADER if name.isdigit()) == list(range(28))
    # As the Pi's maker numbers them.
    assert [HEADER[pin - 1] for pin in (1, 2, 6, 8, 10, 40)] == [
        "3V3",
        "5V",
        "GND",
        "14",
        "15",
        "21",
    ]


def test_both_documents_of_setting_up_show_every_wiring():
    for name in ("setup.md", "setup.zh-CN.md"):
        text = (file_of(BOXES[0]).parents[1] / name).read_text(encoding="utf-8")
        shown = re.findall(r"\(pictures/(wiring-\w+\.svg)\)", text)
        assert sorted(shown) == sorted(file_of(box).name for box in BOXES)
