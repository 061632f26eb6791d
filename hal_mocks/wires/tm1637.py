"""A TM1637 module at the level of its two wires, which are gpiozero's mock pins: start, bits, answer, stop; with a plug."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from gpiozero.pins.mock import MockFactory, MockPin

__all__ = ["Tm1637Pins"]

# What one reads where these segments shine: a top, b and c right, d bottom, e and f left, g middle.
_SIGNS = {
    "abcdef": "0", "bc": "1", "abdeg": "2", "abcdg": "3", "bcfg": "4", "acdfg": "5", "acdefg": "6",
    "abc": "7", "abcdefg": "8", "abcdfg": "9", "abcefg": "A", "cdefg": "B", "adef": "C",
    "bcdeg": "D", "adefg": "E", "aefg": "F", "bcefg": "H", "bcde": "J", "def": "L", "ceg": "N",
    "abefg": "P", "eg": "R", "defg": "T", "bcdef": "U", "bcdfg": "Y", "g": "-", "": " ",
}  # fmt: skip


class _Wire(MockPin):  # type: ignore[misc] # gpiozero has no types
    """A pin on one of the module's wires: low if anybody pulls it low, else pulled up."""

    def _set_function(self, value: str) -> None:
        if value == "output":
            self._state = False  # as lgpio claims an output
        super()._set_function(value)
        self.factory.moved()

    def _change_state(self, value: bool) -> bool:
        changed = bool(super()._change_state(value))
        self.factory.moved()
        return changed

    def _get_state(self) -> bool:
        return bool(self.factory.level(self))

    @property
    def driven(self) -> bool | None:
        """The level that the Pi gives it, None if it lets it go."""
        return bool(self._state) if self._function == "output" else None


class Tm1637Pins(MockFactory):  # type: ignore[misc] # gpiozero has no types
    """A Pi with a module on pins `clk` and `dio`; digit n of the chip is the `wired[n]`-th that one reads, from 1.

    `history` holds every reading that came to stand there, `fought` whether the Pi ever drove a wire high that the
    module may pull low.
    """

    def __init__(self, clk: int, dio: int, wired: tuple[int, ...] = (1, 2, 3, 4)) -> None:
        super().__init__(pin_class=_Wire)
        self.history: list[str] = []
        self.fought = False
        self.brightness = -1  # -1: switched off
        self._wired = wired
        self._plugged = True
        self._changed = threading.Condition()
        self._ready = False
        self._power_on()
        self._clk, self._dio = self.pin(clk), self.pin(dio)
        self._ready = True
        self._levels = (True, True)

    # The world's side.

    def unplug(self) -> None:
        self._plugged = False

    def replug(self) -> None:
        self._plugged = True
        self._power_on()

    def power_cycle(self) -> None:
        self._power_on()

    def reading(self) -> str:
        if not self._plugged or self.brightness < 0:
            return " " * len(self._wired)
        lit = {place: self._memory[address] for address, place in enumerate(self._wired)}
        return "".join(_sign(lit[place]) for place in sorted(lit))

    def wait_for(self, wanted: Callable[[str], bool], seconds: float = 5.0) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: wanted(self.reading()), seconds)

    # The wires.

    def level(self, wire: Any) -> bool:
        return wire.driven is not False and not (self._answers and wire is self._dio)

    def moved(self) -> None:
        """Something changed; the module, too, sees levels alone."""
        if not self._ready:
            return
        self.fought |= self._clk.driven is True or self._dio.driven is True
        clk, dio = self.level(self._clk), self.level(self._dio)
        (was_clk, was_dio), self._levels = self._levels, (clk, dio)
        if not self._plugged:
            return
        if clk and was_clk and was_dio is not dio:
            self._frame_ended() if dio else self._frame_began()
        elif clk and not was_clk:
            self._clock_rose(dio)
        elif was_clk and not clk:
            self._clock_fell()

    def _power_on(self) -> None:
        self._memory = [0] * 6
        self.brightness = -1
        self._bits: list[bool] = []
        self._frame: list[int] | None = None
        self._answers = False
        self._moves_on = True

    def _frame_began(self) -> None:
        self._frame, self._bits = [], []

    def _clock_rose(self, dio: bool) -> None:
        if self._frame is not None and not self._answers:
            self._bits.append(dio)

    def _clock_fell(self) -> None:
        if self._answers:
            self._answers = False
            self._bits = []
        elif self._frame is not None and len(self._bits) == 8:
            self._frame.append(sum(bit << place for place, bit in enumerate(self._bits)))
            self._answers = True
        self._levels = (self.level(self._clk), self.level(self._dio))

    def _frame_ended(self) -> None:
        frame, self._frame = self._frame, None
        if not frame:
            return
        with self._changed:
            self._obey(frame[0], frame[1:])
            self._note()

    def _obey(self, command: int, data: list[int]) -> None:
        match command >> 6:
            case 0b01:
                self._moves_on = not command & 0b100
            case 0b10:
                self.brightness = command & 7 if command & 8 else -1
            case 0b11:
                for step, lit in enumerate(data):
                    self._memory[(command & 7) + (step if self._moves_on else 0)] = lit
            case _:
                pass  # none of its commands

    def _note(self) -> None:
        now = self.reading()
        if not self.history or self.history[-1] != now:
            self.history.append(now)
        self._changed.notify_all()


def _sign(lit: int) -> str:
    return _SIGNS.get("".join(name for bit, name in enumerate("abcdefg") if lit >> bit & 1), "?")
