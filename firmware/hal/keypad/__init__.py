"""Keys that people press: a driver posts the name of each key pressed, debounced, from its own thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Protocol

from msgspec import Meta, Struct

from firmware.hal import Health
from firmware.hal.buses.places import Pin
from firmware.hal.claims import Claim, pin_claims
from firmware.hal.contact import HoldMs, check_names

if TYPE_CHECKING:
    from firmware.hal.buses.line import Lines

__all__ = ["GpioKeypadSettings", "Keypad", "KeypadSettings", "open_keypad"]


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


KeypadSettings = GpioKeypadSettings


def open_keypad(settings: KeypadSettings, _lines: Lines) -> Keypad:
    """Claim the keys' pins. Raises HardwareFault."""
    from firmware.hal.buses.gpio import open_pins
    from firmware.hal.keypad.gpio import GpioKeypad

    return GpioKeypad(settings, open_pins())
