"""The caller panel's parts: keys, key lamps, the LED bar, the clerk's display; which effect goes to which."""

from __future__ import annotations

from msgspec import Struct

from broker.settings import Hall
from firmware.device import LightLamp, Show, Tell, Wiring
from firmware.hal.keypad import KeypadSettings
from firmware.hal.lamps import Lamps, LampsSettings
from firmware.hal.led_panel import LedPanel, LedPanelSettings

__all__ = ["Hardware", "wiring"]


class Hardware(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A panel without lamps or without a display of its own works too."""

    keys: KeypadSettings
    led: LedPanelSettings
    lamps: LampsSettings | None = None
    display: LedPanelSettings | None = None


def _show(panel: LedPanel, effect: Show | Tell) -> None:
    panel.show(effect.text)


def _light(lamps: Lamps, effect: LightLamp) -> None:
    lamps.light(effect.lamp, effect.light)


def wiring(_hall: Hall, _hardware: Hardware) -> Wiring:
    return Wiring(
        parts={
            "keys": {},
            "led": {Show: _show},
            "lamps": {LightLamp: _light},
            "display": {Tell: _show},
        },
        once={},
    )
