"""Small lights by name: the LEDs in keys, a pad's reminder light."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

__all__ = ["Lamps", "Light"]


class Light(StrEnum):
    OFF = "off"
    ON = "on"
    BLINK = "blink"


class Lamps(Protocol):
    """Named lamps; a name that settings do not give is a lamp this device does not have: nothing happens."""

    def light(self, lamp: str, light: Light) -> None: ...

    def close(self) -> None: ...
