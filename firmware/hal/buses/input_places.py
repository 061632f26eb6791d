"""Which input device a part is, read from its `port` setting into values: pads and scanners act as keyboards."""

from __future__ import annotations

import re
from dataclasses import dataclass

from firmware.hal.claims import Claim

__all__ = [
    "KEYBOARD_FILE",
    "TOUCH_FILE",
    "InputModel",
    "InputPath",
    "InputPlace",
    "input_claim",
    "parse_input",
    "parse_touch",
]

KEYBOARD_FILE = "by-id that ends with event-kbd"
TOUCH_FILE = "by-path that ends with event"

_MODEL = re.compile(r"([0-9a-f]{4}):([0-9a-f]{4})")


@dataclass(frozen=True, slots=True)
class InputPath:
    """A file such as /dev/input/by-id/usb-…-event-kbd, which stays the same from start to start."""

    path: str


@dataclass(frozen=True, slots=True)
class InputModel:
    """The only device of this maker and product, as lsusb shows them, wherever it is plugged in."""

    vendor: int
    product: int


InputPlace = InputPath | InputModel


def parse_input(text: str) -> InputPlace:
    """Read a place. Raises ValueError, a sentence.

    >>> parse_input("input:/dev/input/by-id/usb-1a2c_Keypad-event-kbd")
    InputPath(path='/dev/input/by-id/usb-1a2c_Keypad-event-kbd')
    >>> parse_input("input:1a2c:0042")
    InputModel(vendor=6700, product=66)
    """
    place = _parse(text)
    if place is None:
        raise ValueError(
            f"{text!r} is no USB keyboard: write input:/dev/input/by-id/… "
            f"(see `ls /dev/input/by-id`, the one that ends with event-kbd), or input:1a2c:0042 (see `lsusb`)"
        )
    return place


def parse_touch(text: str) -> InputPlace:
    """Read the place of a touch screen. Raises ValueError, a sentence.

    >>> parse_touch("input:0eef:0001")
    InputModel(vendor=3823, product=1)
    """
    place = _parse(text)
    if place is None:
        raise ValueError(
            f"{text!r} is no touch screen: write input:/dev/input/by-path/… "
            f"(see `ls /dev/input/by-path`, one that ends with event), or input:0eef:0001 (see `lsusb`)"
        )
    return place


def _parse(text: str) -> InputPlace | None:
    kind, _, where = text.partition(":")
    if kind == "input" and where.startswith("/") and "\0" not in where:
        return InputPath(where)
    if kind == "input" and (model := _MODEL.fullmatch(where.lower())):
        return InputModel(int(model[1], 16), int(model[2], 16))
    return None


def input_claim(port: str, place: InputPlace) -> Claim:
    """The device behind the setting `port`, which no other part can have."""
    return Claim(("port",), f"the port {port!r}", place)
