"""Lights by name: the LEDs in keys, a pad's reminder light, a light tower or anything else on a relay."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal, Protocol

from msgspec import Meta, Struct

from firmware.hal.buses.ff68_parts import Ff68Part
from firmware.hal.buses.line_parts import LinePart
from firmware.hal.buses.places import Pin
from firmware.hal.claims import Claim, channel_claims, line_claim, pin_claims

if TYPE_CHECKING:
    from firmware.hal.buses.line import Lines
    from firmware.hal.lamps.relays import Relays

__all__ = [
    "Ff68LampsSettings",
    "GpioLampsSettings",
    "Lamps",
    "LampsSettings",
    "LcusLampsSettings",
    "Light",
    "ModbusLampsSettings",
    "open_lamps",
]

# A relay lasts some 100,000 switchings under load: blinking once a second all day, it would be worn out in a week or two.
BlinkSeconds = Annotated[float, Meta(ge=0, le=60)]


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


class ModbusLampsSettings(LinePart, frozen=True, kw_only=True, tag_field="model", tag="modbus"):
    """Relays of a Modbus-RTU board by their channels, from 1 as they are printed on it.

    `port` is serial:/dev/ttyUSB0?baud=9600, or tcp:192.168.1.60:4001 for a gateway that hands RTU on as it is;
    `unit` is the board's number on the line. A lamp that is to blink is steady with `blink_seconds` 0, else on and
    off once in so many seconds, at least 1.
    """

    lamps: Annotated[dict[str, Annotated[int, Meta(ge=1, le=64)]], Meta(min_length=1)]
    unit: Annotated[int, Meta(ge=1, le=247)] = 1
    blink_seconds: BlinkSeconds = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_relays(self.lamps, self.blink_seconds)

    def claims(self) -> Iterator[Claim]:
        line = line_claim(self.port, self.place, "modbus")
        return channel_claims(line, "relay", "lamps", self.lamps, self.unit)


class LcusLampsSettings(LinePart, frozen=True, kw_only=True, tag_field="model", tag="lcus"):
    """Relays of an LCUS-1, -2, -4 or -8 on USB, which takes orders and tells nothing; all else as with "modbus"."""

    lamps: Annotated[dict[str, Annotated[int, Meta(ge=1, le=8)]], Meta(min_length=1)]
    blink_seconds: BlinkSeconds = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_relays(self.lamps, self.blink_seconds)

    def claims(self) -> Iterator[Claim]:
        line = line_claim(self.port, self.place, "lcus")
        return channel_claims(line, "relay", "lamps", self.lamps)


def _check_relays(lamps: dict[str, int], blink_seconds: float) -> None:
    if len(set(lamps.values())) < len(lamps):
        raise ValueError("two lamps share a relay: give each lamp its own")
    if 0 < blink_seconds < 1:
        raise ValueError(
            f"blink_seconds = {blink_seconds} would wear out the relays: write 1 or more, or 0 for a steady light"
        )


class Ff68LampsSettings(Ff68Part, frozen=True, kw_only=True, tag_field="model", tag="ff68"):
    """What a device on an FF 68 bus does to draw attention, as lamps: its pad asks for a rating (`rate`), or it beeps."""

    lamps: Annotated[dict[str, Literal["rate", "beep"]], Meta(min_length=1)]

    def claims(self) -> Iterator[Claim]:
        words = {"rate": "asking of the pad", "beep": "beep"}
        return self.roles(*(words[what] for what in self.lamps.values()))


LampsSettings = GpioLampsSettings | ModbusLampsSettings | LcusLampsSettings | Ff68LampsSettings


def open_lamps(settings: LampsSettings, lines: Lines) -> Lamps:
    """All lamps off. Raises HardwareFault if pins cannot be had; a relay board that is not there yet is found later."""
    match settings:
        case GpioLampsSettings():
            from firmware.hal.buses.gpio import open_pins
            from firmware.hal.lamps.gpio import GpioLamps

            return GpioLamps(settings, open_pins())
        case ModbusLampsSettings() | LcusLampsSettings():
            from firmware.hal.lamps.relays import RelayLamps

            board = _open_relays(settings, lines)
            return RelayLamps(settings.lamps, board, blink_seconds=settings.blink_seconds)
        case Ff68LampsSettings():
            from firmware.hal.buses.ff68_bus import Ff68Bus
            from firmware.hal.lamps.ff68 import Ff68Lamps

            return Ff68Lamps(settings, lines.bus(settings.place, Ff68Bus))


def _open_relays(settings: ModbusLampsSettings | LcusLampsSettings, lines: Lines) -> Relays:
    line = lines.at(settings.place)
    match settings:
        case ModbusLampsSettings():
            from firmware.hal.lamps.modbus import ModbusRelays

            return ModbusRelays(settings, line)
        case LcusLampsSettings():
            from firmware.hal.lamps.lcus import LcusRelays

            return LcusRelays(settings, line)
