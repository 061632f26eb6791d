"""Lamps on the Pi's own pins by gpiozero."""

from __future__ import annotations

from contextlib import suppress

from gpiozero import LED
from gpiozero.pins import Factory

from firmware.hal.buses.gpio import named_faults
from firmware.hal.lamps import GpioLampsSettings, Light

__all__ = ["GpioLamps"]


class GpioLamps:
    """Lights and blinks; a lamp that already does what it is told is left alone, so its rhythm stays even."""

    def __init__(
        self, settings: GpioLampsSettings, pins: Factory, *, blink_seconds: float = 1.0
    ) -> None:
        self._half = blink_seconds / 2
        self._pins = settings.lamps
        self._lights = dict.fromkeys(settings.lamps, Light.OFF)
        self._leds: dict[str, LED] = {}
        try:
            for name, pin in settings.lamps.items():
                with named_faults(f"The lamp {name!r}", pin):
                    self._leds[name] = LED(pin, active_high=settings.active_high, pin_factory=pins)
        except OSError:
            self.close()
            raise

    def light(self, lamp: str, light: Light) -> None:
        """Raises HardwareFault."""
        if self._lights.get(lamp, light) is light:
            return
        led = self._leds[lamp]
        with named_faults(f"The lamp {lamp!r}", self._pins[lamp]):
            match light:
                case Light.OFF:
                    led.off()
                case Light.ON:
                    led.on()
                case Light.BLINK:
                    led.blink(on_time=self._half, off_time=self._half)
        self._lights[lamp] = light

    def close(self) -> None:
        """Every lamp goes dark and gives its pin back."""
        for led in self._leds.values():
            # One that fails must not keep the others lit and their pins taken.
            with suppress(Exception):
                led.off()  # a pin that is given back may keep its level
            with suppress(Exception):
                led.close()
        self._leds.clear()
        self._lights.clear()
