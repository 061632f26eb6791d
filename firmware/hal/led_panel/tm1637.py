"""The ticket's number on four or six digits of a TM1637 module, by two of the Pi's own pins."""

from __future__ import annotations

from contextlib import suppress

from gpiozero import GPIODevice
from gpiozero.pins import Factory

from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.buses.gpio import named_faults
from firmware.hal.led_panel import Tm1637PanelSettings
from firmware.hal.led_panel.tm1637_bytes import commands, figures, segments

__all__ = ["Tm1637Panel"]


class Tm1637Panel:
    """Shows what `figures` makes of a text. Each look at its health says all anew: a module back on power shows it again.

    Both wires are low or not driven, never high, for the module answers on one of them: it pulls it low for each
    byte that it takes. Nothing needs to wait between two changes: a change of a pin takes the Pi longer than the
    module asks for, a microsecond.
    """

    def __init__(self, settings: Tm1637PanelSettings, pins: Factory) -> None:
        self._settings = settings
        self._shown = " " * settings.digits
        self._wires: list[GPIODevice] = []
        try:
            for name, number in (("clk", settings.clk), ("dio", settings.dio)):
                with named_faults(f"The number display's {name}", number):
                    wire = GPIODevice(number, pin_factory=pins)
                    self._wires.append(wire)
                    wire.pin.input_with_pull("up")
        except OSError:
            self.close()
            raise

    def show(self, text: str) -> None:
        self._shown = figures(text, self._settings.digits)
        self._say_all()

    def health(self) -> Health:
        try:
            self._say_all()
        except HardwareFault as fault:
            return Health(usable=False, troubles=(fault.trouble,))
        return Health()

    def close(self) -> None:
        """All digits go dark."""
        if len(self._wires) == 2:
            self._shown = " " * self._settings.digits
            with suppress(HardwareFault):
                self._say_all()
        for wire in self._wires:
            wire.close()
        self._wires.clear()

    def _say_all(self) -> None:
        lit = segments(self._shown, self._settings.places)
        with named_faults("The number display's dio", self._settings.dio):
            taken = all(self._send(frame) for frame in commands(lit, self._settings.brightness))
        if not taken:
            raise HardwareFault(
                f"The number display at GPIO{self._settings.clk} and GPIO{self._settings.dio} does not answer;"
                " check its power, and that clk and dio are not exchanged",
                Trouble.NO_ANSWER,
            )

    def _send(self, frame: bytes) -> bool:
        """Whether the module has taken every byte."""
        self._pull_low(_DIO)  # with the clock up, that is a start
        taken = all(self._send_byte(byte) for byte in frame)
        self._pull_low(_DIO)
        self._let_go(_CLK)
        self._let_go(_DIO)  # and this a stop
        return taken

    def _send_byte(self, byte: int) -> bool:
        for bit in range(8):
            self._pull_low(_CLK)
            (self._let_go if byte >> bit & 1 else self._pull_low)(_DIO)
            self._let_go(_CLK)
        self._pull_low(_CLK)
        self._let_go(_DIO)
        self._let_go(_CLK)
        taken = not self._wires[_DIO].pin.state
        self._pull_low(_CLK)
        return taken

    def _pull_low(self, wire: int) -> None:
        self._wires[wire].pin.output_with_state(0)

    def _let_go(self, wire: int) -> None:
        self._wires[wire].pin.input_with_pull("up")


_CLK, _DIO = 0, 1
