"""The kiosk's light tower: green gives out tickets, yellow wants something done soon, red gives out none."""

from __future__ import annotations

from firmware.device import LightLamp
from firmware.hal.lamps import Light

__all__ = ["LAMPS", "Tower"]

READY, ATTENTION, STOPPED = "ready", "attention", "stopped"
LAMPS = (READY, ATTENTION, STOPPED)


class Tower:
    """`soon` is what does not stop the kiosk yet: paper near its end, a ticket left in the slot, the hub away."""

    def __init__(self) -> None:
        self._lit: dict[str, Light] = {}

    def lights(self, *, stopped: bool, soon: bool) -> tuple[LightLamp, ...]:
        """The lamps that change, or all at first; red and green are never lit together."""
        wanted = {READY: not stopped, ATTENTION: soon and not stopped, STOPPED: stopped}
        lights = {lamp: Light.ON if on else Light.OFF for lamp, on in wanted.items()}
        changed = tuple(
            LightLamp(lamp, light)
            for lamp, light in lights.items()
            if self._lit.get(lamp) is not light
        )
        self._lit = lights
        return changed
