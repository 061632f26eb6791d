"""Which USB keyboard a part is, read from its `port` setting into values: pads and scanners act as keyboards."""

from __future__ import annotations

import re
from dataclasses import dataclass

from firmware.hal.claims import Claim

__all__ = ["InputModel", "InputPath", "InputPlace", "input_claim", "parse_input"]

_MODEL = re.compile(r"([0-9a-f]{4}):([0-9a-f]{4})")


@dataclass(frozen=True, slots=True)
class InputPath:
    """A file such as /dev/input/by-id/usb-…-event-kbd, which stays the same from start to start."""

    path: str


@dataclass(frozen=True, slots=True)
class InputModel:
    """The only keyboard of this maker and product, as lsusb shows them, wherever it is plugged in."""

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
    kind, _, where = text.partition(":")
    if kind == "input" and where.startswith("/") and "\0" not in where:
        return InputPath(where)
    if kind == "input" and (model := _MODEL.fullmatch(where.lower())):
        return InputModel(int(model[1], 16), int(model[2], 16))
    raise ValueError(
        f"{text!r} is no USB keyboard: write input:/dev/input/by-id/… "
        f"(see `ls /dev/input/by-id`, the one that ends with event-kbd), or input:1a2c:0042 (see `lsusb`)"
    )


def input_claim(port: str, place: InputPlace) -> Claim:
    """The keyboard behind the setting `port`, which no other part can have."""
    return Claim(("port",), f"the port {port!r}", place)
