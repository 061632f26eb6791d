"""Lamps on a relay board, whatever it is: what each is to do, their blinking, and that the board does it still."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Protocol

from broker.pulse import Pulse
from firmware.hal import STALL_S, HardwareFault, Health
from firmware.hal.lamps import Light

__all__ = ["RelayLamps", "Relays"]


class Relays(Protocol):
    """Channels as they are printed on the board. Each call raises HardwareFault, within a second or so."""

    def switch(self, channel: int, on: bool) -> None: ...

    def keep(self, wanted: Mapping[int, bool]) -> None:
        """See to it that these channels are so, whatever became of the board meanwhile."""

    def close(self) -> None: ...


class RelayLamps:
    """Lights and blinks. A stopped board leaves its relays off; one that was killed, once it has started again."""

    def __init__(
        self, lamps: Mapping[str, int], relays: Relays, *, blink_seconds: float = 0.0
    ) -> None:
        """`blink_seconds` is the time from one flash to the next; 0 is a steady light."""
        self._channels, self._relays, self._half = lamps, relays, blink_seconds / 2
        self._lights = dict.fromkeys(lamps, Light.OFF)
        self._blinking: threading.Thread | None = None
        self._stop = threading.Event()
        self._pulse = Pulse("relays")
        self.pulses = (self._pulse,)
        with suppress(HardwareFault):  # a board that is not there yet `health` finds when it comes
            self._keep()

    def light(self, lamp: str, light: Light) -> None:
        """Raises HardwareFault."""
        if self._lights.get(lamp, light) is light:
            return
        # The blinking ends before anything is switched: so nothing is switched by two, and there is no lock.
        self._rest()
        try:
            self._relays.switch(self._channels[lamp], on=light is not Light.OFF)
            self._lights[lamp] = light
        finally:
            self._blink()

    def health(self) -> Health:
        """Whether the board does what it was told; what it has forgotten, without power for a moment, it is told again."""
        try:
            self._keep()
        except HardwareFault as fault:
            return Health(usable=False, troubles=(fault.trouble,))
        return Health()

    def close(self) -> None:
        """Every lamp goes dark, if the board can be reached."""
        self._rest()
        with suppress(HardwareFault):
            for lamp, light in self._lights.items():
                if light is not Light.OFF:
                    self._relays.switch(self._channels[lamp], on=False)
        self._lights.clear()
        self._relays.close()

    def _keep(self) -> None:
        steady = {
            self._channels[lamp]: light is not Light.OFF
            for lamp, light in self._lights.items()
            if not self._flashes(light)
        }
        self._relays.keep(steady)

    def _flashes(self, light: Light) -> bool:
        return light is Light.BLINK and self._half > 0

    def _blink(self) -> None:
        flashing = [self._channels[lamp] for lamp, li in self._lights.items() if self._flashes(li)]
        if flashing:
            self._stop.clear()
            self._blinking = threading.Thread(
                target=self._run, args=(flashing,), name="relays", daemon=True
            )
            self._blinking.start()

    def _rest(self) -> None:
        if self._blinking:
            self._stop.set()
            self._blinking.join()
            self._blinking = None
            self._pulse.rest()

    def _run(self, flashing: list[int]) -> None:
        on = True
        while not self._stop.wait(self._half):
            self._pulse.beat(STALL_S)
            on = not on
            for channel in flashing:
                # `health` tells what is wrong with the board; the next flash is another try.
                with suppress(HardwareFault):
                    self._relays.switch(channel, on)
