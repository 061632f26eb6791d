"""The hall display's part: a screen."""

from __future__ import annotations

from msgspec import Struct

from broker.loading import Problem
from broker.settings import Device, Hall
from firmware.device import Draw, Wiring
from firmware.hal.screen import Screen, ScreenSettings

__all__ = ["Hardware", "problems", "wiring"]


class Hardware(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    screen: ScreenSettings


def draw(screen: Screen, effect: Draw) -> None:
    screen.show(effect.page)


def problems(_hall: Hall, _device: Device, _hardware: Hardware) -> tuple[Problem, ...]:
    """None: nothing here has a name that its thinking must know."""
    return ()


def wiring(_hall: Hall, _hardware: Hardware) -> Wiring:
    return Wiring(parts={"screen": {Draw: draw}}, once={})
