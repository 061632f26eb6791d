"""The rating pad's parts: five keys, a reminder lamp, a small display; which effect goes to which."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from broker.loading import Problem
from broker.messages import Level
from broker.settings import Device, Hall
from broker.wrong_values import meant
from firmware.device import LightLamp, Tell, Wiring
from firmware.hal.keypad import KeypadSettings
from firmware.hal.lamps import Lamps, LampsSettings
from firmware.hal.led_panel import LedPanel, LedPanelSettings

__all__ = ["Hardware", "problems", "wiring"]


class Hardware(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    keys: KeypadSettings
    lamps: LampsSettings | None = None
    display: LedPanelSettings | None = None


def problems(_hall: Hall, device: Device, hardware: Hardware) -> Iterator[Problem]:
    """What the pad's names would do wrong: a level that nobody can press, a name that means nothing."""
    levels = [level.value for level in Level]
    for key in hardware.keys.keys:
        if key not in levels:
            yield Problem(("keys", "keys", key), f"{key!r} is no key of a pad{meant(key, levels)}")
    if absent := [level for level in levels if level not in hardware.keys.keys]:
        yield Problem(
            ("keys", "keys"),
            f"the pad {device.id!r} cannot express five levels: add a key for {', '.join(absent)}",
        )
    for lamp in hardware.lamps.lamps if hardware.lamps else ():
        if lamp != "remind":
            yield Problem(
                ("lamps", "lamps", lamp), f"{lamp!r} is no lamp of a pad{meant(lamp, ['remind'])}"
            )


def _light(lamps: Lamps, effect: LightLamp) -> None:
    lamps.light(effect.lamp, effect.light)


def _tell(display: LedPanel, effect: Tell) -> None:
    display.show(effect.text)


def wiring(_hall: Hall, _hardware: Hardware) -> Wiring:
    return Wiring(
        parts={"keys": {}, "lamps": {LightLamp: _light}, "display": {Tell: _tell}}, once={}
    )
