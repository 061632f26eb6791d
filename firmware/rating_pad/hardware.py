"""The rating pad's parts: five keys, a reminder lamp, a small display; which effect goes to which."""

from __future__ import annotations

from msgspec import Struct

from broker.settings import Hall
from firmware.device import LightLamp, Tell, Wiring
from firmware.hal.keypad import KeypadSettings
from firmware.hal.lamps import Lamps, LampsSettings
from firmware.hal.led_panel import LedPanel, LedPanelSettings

__all__ = ["Hardware", "wiring"]


class Hardware(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    keys: KeypadSettings
    lamps: LampsSettings | None = None
    display: LedPanelSettings | None = None


def _light(lamps: Lamps, effect: LightLamp) -> None:
    lamps.light(effect.lamp, effect.light)


def _tell(display: LedPanel, effect: Tell) -> None:
    display.show(effect.text)


def wiring(_hall: Hall, _hardware: Hardware) -> Wiring:
    return Wiring(
        parts={"keys": {}, "lamps": {LightLamp: _light}, "display": {Tell: _tell}}, once={}
    )
