"""What a device on an FF 68 bus does to draw attention, told as lamps."""

from __future__ import annotations

from firmware.hal.buses.ff68 import ask_rating, beep
from firmware.hal.buses.ff68_bus import Ff68Bus
from firmware.hal.lamps import Ff68LampsSettings, Light

__all__ = ["Ff68Lamps"]


class Ff68Lamps:
    """A lamp that begins to blink sends its command once; the device ends by itself, so on and off send nothing."""

    def __init__(self, settings: Ff68LampsSettings, bus: Ff68Bus) -> None:
        frames = {"rate": ask_rating(settings.address), "beep": beep(settings.address)}
        self._frames = {lamp: frames[what] for lamp, what in settings.lamps.items()}
        self._lights = dict.fromkeys(settings.lamps, Light.OFF)
        self._bus = bus
        self.pulses = bus.pulses
        self._open = True
        bus.enter()

    def light(self, lamp: str, light: Light) -> None:
        """Raises HardwareFault."""
        if self._lights.get(lamp, light) is light:
            return
        if light is Light.BLINK:
            self._bus.tell(self._frames[lamp])
        self._lights[lamp] = light

    def close(self) -> None:
        if self._open:
            self._open = False
            self._bus.leave()
