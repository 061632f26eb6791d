"""Keys that people press: a driver posts the name of each key pressed, debounced, from its own thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Protocol

from msgspec import Meta, Struct, field

from firmware.hal import Health
from firmware.hal.buses.ff68_parts import Ff68Part, Role, key_codes
from firmware.hal.buses.input_places import InputPlace, input_claim, parse_input
from firmware.hal.buses.key_codes import KEY_CODES, one_code
from firmware.hal.buses.line_parts import LinePart
from firmware.hal.buses.places import Pin
from firmware.hal.claims import Claim, channel_claims, line_claim, pin_claims
from firmware.hal.contact import HoldMs, check_names

if TYPE_CHECKING:
    from firmware.hal.buses.line import Lines

__all__ = [
    "Ff68KeypadSettings",
    "GpioKeypadSettings",
    "Keypad",
    "KeypadSettings",
    "MatrixKeypadSettings",
    "ModbusKeypadSettings",
    "UsbKeypadSettings",
    "open_keypad",
]


class Keypad(Protocol):
    """Named keys. `listen` is called once; `post` only puts the name into an inbox and never blocks."""

    def listen(self, post: Callable[[str], None]) -> None: ...

    def health(self) -> Health: ...

    def close(self) -> None: ...


class GpioKeypadSettings(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="model", tag="gpio"
):
    """Keys on pins of the Pi itself; with `pull_up` a key joins its pin and ground, else its pin and 3.3 V.

    Those `normally_closed` are pressed by opening, so that a cut cable presses them too, and shows in the keypad's
    health; those in `hold_ms` have to be held so long.
    """

    keys: Annotated[dict[str, Pin], Meta(min_length=1)]
    pull_up: bool = True
    debounce_ms: Annotated[int, Meta(ge=0, le=500)] = 30
    normally_closed: tuple[str, ...] = ()
    hold_ms: dict[str, HoldMs] = {}

    def __post_init__(self) -> None:
        if len(set(self.keys.values())) < len(self.keys):
            raise ValueError("two keys share a pin: give each key its own")
        check_names(self.keys, self.normally_closed, self.hold_ms)

    def claims(self) -> Iterator[Claim]:
        return pin_claims("keys", self.keys)


class MatrixKeypadSettings(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="model", tag="matrix"
):
    """Keys at the crossings of rows and columns, all on pins of the Pi itself; `keys` gives each its [row, column] from 1.

    It needs no diodes: of keys pressed together those that cannot be told from each other do not count. Those in
    `hold_ms` have to be held so long.
    """

    rows: Annotated[tuple[Pin, ...], Meta(min_length=1, max_length=8)]
    columns: Annotated[tuple[Pin, ...], Meta(min_length=1, max_length=8)]
    keys: Annotated[dict[str, tuple[int, int]], Meta(min_length=1)]
    debounce_ms: Annotated[int, Meta(ge=0, le=500)] = 30
    hold_ms: dict[str, HoldMs] = {}

    def __post_init__(self) -> None:
        wires = (*self.rows, *self.columns)
        if len(set(wires)) < len(wires):
            raise ValueError("two rows or columns share a pin: give each its own")
        if len(set(self.keys.values())) < len(self.keys):
            raise ValueError("two keys share a crossing: give each key its own row and column")
        for name, (row, column) in self.keys.items():
            if not (1 <= row <= len(self.rows) and 1 <= column <= len(self.columns)):
                raise ValueError(
                    f"the key {name!r} is at row {row}, column {column}: there are {len(self.rows)} rows"
                    f" and {len(self.columns)} columns, counted from 1"
                )
        check_names(self.keys, (), self.hold_ms)

    def claims(self) -> Iterator[Claim]:
        for name, pins in (("rows", self.rows), ("columns", self.columns)):
            for place, pin in enumerate(pins):
                yield Claim((name, place), f"pin {pin}", pin)


class ModbusKeypadSettings(LinePart, frozen=True, kw_only=True, tag_field="model", tag="modbus"):
    """Dry contacts on the inputs of a Modbus-RTU board, from 1 as they are printed on it.

    `port` and `unit` are as with lamps of this model. Those `normally_closed` are pressed by opening, so that a cut
    cable presses them too, and shows in the keypad's health; those in `hold_ms` have to be held so long.
    """

    keys: Annotated[dict[str, Annotated[int, Meta(ge=1, le=64)]], Meta(min_length=1)]
    unit: Annotated[int, Meta(ge=1, le=247)] = 1
    debounce_ms: Annotated[int, Meta(ge=0, le=500)] = 30
    normally_closed: tuple[str, ...] = ()
    hold_ms: dict[str, HoldMs] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(set(self.keys.values())) < len(self.keys):
            raise ValueError("two keys share an input: give each key its own")
        check_names(self.keys, self.normally_closed, self.hold_ms)

    def claims(self) -> Iterator[Claim]:
        line = line_claim(self.port, self.place, "modbus")
        return channel_claims(line, "input", "keys", self.keys, self.unit)


class Ff68KeypadSettings(Ff68Part, frozen=True, kw_only=True, tag_field="model", tag="ff68"):
    """A caller's keypad on an FF 68 bus, or (`role` pad) the four keys of the rating pad that shares its address.

    `keys` names what is printed on each key, or on up to three that are pressed one after the other: "6 确认".
    `profile` knows what they send; `codes` tells it of keys that are otherwise here.
    """

    keys: Annotated[dict[str, str], Meta(min_length=1)]
    role: Role = "caller"
    profile: str = "standard"
    codes: dict[str, Annotated[int, Meta(ge=0, le=0xFF)]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _ = self.place, self.key_codes

    @property
    def key_codes(self) -> dict[str, bytes]:
        return key_codes(self.profile, self.role, self.codes, self.keys)

    def claims(self) -> Iterator[Claim]:
        return self.roles("keys of the pad" if self.role == "pad" else "keypad")


class UsbKeypadSettings(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="model", tag="usb"
):
    """A pad that acts as a USB keyboard. `keys` have the kernel's names, such as KEY_KP1 and KEY_KPENTER; a key above
    the letters counts as the one of the number pad.
    """

    port: str
    keys: Annotated[dict[str, str], Meta(min_length=1)]

    def __post_init__(self) -> None:
        _ = self.place
        for key in self.keys.values():
            if key not in KEY_CODES:
                raise ValueError(
                    f"{key!r} is no key of a pad: write KEY_KP1, KEY_KPENTER, KEY_KPPLUS or the like"
                )
        if len({one_code(KEY_CODES[key]) for key in self.keys.values()}) < len(self.keys):
            raise ValueError("two names share a key: give each its own")

    @property
    def place(self) -> InputPlace:
        return parse_input(self.port)

    def claims(self) -> Iterator[Claim]:
        yield input_claim(self.port, self.place)


KeypadSettings = (
    GpioKeypadSettings
    | MatrixKeypadSettings
    | ModbusKeypadSettings
    | Ff68KeypadSettings
    | UsbKeypadSettings
)


def open_keypad(settings: KeypadSettings, lines: Lines) -> Keypad:
    """Raises HardwareFault if pins cannot be had; what hangs on a line is found when it comes."""
    match settings:
        case GpioKeypadSettings():
            from firmware.hal.buses.gpio import open_pins
            from firmware.hal.keypad.gpio import GpioKeypad

            return GpioKeypad(settings, open_pins())
        case MatrixKeypadSettings():
            from firmware.hal.buses.gpio import open_pins
            from firmware.hal.keypad.matrix import MatrixKeypad

            return MatrixKeypad(settings, open_pins())
        case ModbusKeypadSettings():
            from firmware.hal.keypad.modbus import ModbusKeypad

            return ModbusKeypad(settings, lines.at(settings.place))
        case Ff68KeypadSettings():
            from firmware.hal.buses.ff68_bus import Ff68Bus
            from firmware.hal.keypad.ff68 import Ff68Keypad

            return Ff68Keypad(settings, lines.bus(settings.place, Ff68Bus))
        case UsbKeypadSettings():
            from firmware.hal.keypad.usb import UsbKeypad

            return UsbKeypad(settings)
