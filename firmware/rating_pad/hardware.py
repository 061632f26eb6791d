"""The rating pad's parts: five keys and a reminder lamp; which effect goes to which."""

from __future__ import annotations

from msgspec import Struct

from broker.settings import Hall
from firmware.device import LightLamp, Wiring
from firmware.hal.keypad import KeypadSettings
from firmware.hal.lamps import Lamps, LampsSettings

__all__ = ["Hardware", "wiring"]


class Hardware(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    keys: KeypadSettings
    lamps: LampsSettings | None = None


def _light(lamps: Lamps, effect: LightLamp) -> None:
    lamps.light(effect.lamp, effect.light)


def wiring(_hall: Hall, _hardware: Hardware) -> Wiring:
    return Wiring(parts={"keys": {}, "lamps": {LightLamp: _light}}, once={})
