"""A self-built panel, 16 dots high, of MAX7219 modules on an SPI bus."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

from PIL import Image

from broker.pulse import Pulse
from firmware.hal import STALL_S, HardwareFault, Health, Trouble
from firmware.hal.buses.spi import SpiBus, SpiDevice
from firmware.hal.led_panel import Max7219PanelSettings
from firmware.hal.led_panel.dots import HEIGHT, drawn, seen
from firmware.hal.led_panel.max7219_bytes import Register, picture, to_all, waking

__all__ = ["Max7219Panel"]

_SPEED_HZ = 1_000_000  # a tenth of what the chips can, for wires that are long and unshielded
_STEP_SECONDS = 0.03
_LOOK_SECONDS = 5.0  # a text that stands still wakes nobody else
_DOTS_PER_CHIP = 64


class Max7219Panel:
    """Shows a text still, or moving where it does not fit.

    The chips tell nothing, so it cannot know whether anything shines: only that there is a bus. Each look at its
    health says everything to them anew, so that whatever a spark did to them is over soon.
    """

    def __init__(
        self,
        settings: Max7219PanelSettings,
        open_bus: Callable[[], SpiBus] | None = None,
        *,
        step_seconds: float = _STEP_SECONDS,
    ) -> None:
        self._settings = settings
        self._open_bus = open_bus or (lambda: SpiDevice(settings.device, speed_hz=_SPEED_HZ))
        self._step_seconds = step_seconds
        self._chips = settings.width * HEIGHT // _DOTS_PER_CHIP
        self._lock = threading.Lock()  # around all below: who moves the text is another thread
        self._bus: SpiBus | None = None
        self._strip = Image.new("1", (1, HEIGHT))
        self._step = 0
        self._moves = threading.Event()
        self._stop = threading.Event()
        self._pulse = Pulse("led")
        self.pulses = (self._pulse,)
        self._thread = threading.Thread(target=self._run, name="led", daemon=True)
        self._thread.start()

    def show(self, text: str) -> None:
        try:
            strip = drawn(text, self._settings.font)
        except OSError as fault:
            raise HardwareFault(
                f"The LED panel at {self._settings.port} has no font {self._settings.font!r}: {fault};"
                " install it, or take `font` out of the settings"
            ) from fault
        with self._lock:
            self._strip, self._step = strip, 0
            self._say_all()

    def health(self) -> Health:
        try:
            with self._lock:
                self._say_all()
        except HardwareFault as fault:
            return Health(usable=False, troubles=(fault.trouble,))
        return Health()

    def close(self) -> None:
        """The panel goes dark."""
        self._stop.set()
        self._moves.set()
        self._thread.join()
        with self._lock:
            if self._bus:
                with suppress(OSError):
                    self._bus.write(to_all(self._chips, Register.SHUTDOWN, 0))
            self._drop()

    def _say_all(self) -> None:
        self._write(*waking(self._chips, self._settings.brightness), *self._now())
        if self._strip.width > self._settings.width:
            self._moves.set()
        else:
            self._moves.clear()

    def _now(self) -> tuple[bytes, ...]:
        view = seen(self._strip, self._settings.width, self._step)
        return picture(view, self._settings.orientation, reverse=self._settings.reverse)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._moves.wait(_LOOK_SECONDS)
            self._pulse.beat(STALL_S)
            self._stop.wait(self._step_seconds)
            with self._lock, suppress(HardwareFault):  # the next look at its health tells it
                if self._moves.is_set() and self._bus and not self._stop.is_set():
                    self._step += 1
                    self._write(*self._now())

    def _write(self, *transfers: bytes) -> None:
        try:
            if self._bus is None:
                self._bus = self._open_bus()
            for transfer in transfers:
                self._bus.write(transfer)
        except OSError as fault:
            self._drop()
            raise HardwareFault(
                f"The LED panel at {self._settings.port} cannot be reached: {fault}; switch SPI on"
                " (raspi-config, Interface Options, or dtparam=spi=on), check the port in the settings and that this"
                " user is in the group spi",
                Trouble.OFFLINE,
            ) from fault

    def _drop(self) -> None:
        bus, self._bus = self._bus, None
        self._moves.clear()
        if bus:
            with suppress(OSError):
                bus.close()
