"""Small lights by name: the LEDs in keys, a pad's reminder light."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Protocol

from msgspec import Meta, Struct

from firmware.hal.buses.places import Pin
from firmware.hal.claims import Claim, pin_claims

if TYPE_CHECKING:
    from firmware.hal.buses.line import Lines

__all__ = ["GpioLampsSettings", "Lamps", "LampsSettings", "Light", "open_lamps"]


class Light(StrEnum):
    OFF = "off"
    ON = "on"
    BLINK = "blink"


class Lamps(Protocol):
    """Named lamps; a name that settings do not give is a lamp this device does not have: nothing happens."""

    def light(self, lamp: str, light: Light) -> None: ...

    def close(self) -> None: ...


class GpioLampsSettings(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="model", tag="gpio"
):
    """LEDs on pins of the Pi itself; with `active_high` a lamp joins its pin and ground, else its pin and 3.3 V."""

    lamps: Annotated[dict[str, Pin], Meta(min_length=1)]
    active_high: bool = True

    def __post_init__(self) -> None:
        if len(set(self.lamps.values())) < len(self.lamps):
            raise ValueError("two lamps share a pin: give each lamp its own")

    def claims(self) -> Iterator[Claim]:
        return pin_claims("lamps", self.lamps)


LampsSettings = GpioLampsSettings


def open_lamps(settings: LampsSettings, _lines: Lines) -> Lamps:
    """Claim the lamps' pins, all lamps off. Raises HardwareFault."""
    from firmware.hal.buses.gpio import open_pins
    from firmware.hal.lamps.gpio import GpioLamps

    return GpioLamps(settings, open_pins())
