"""A chain of MAX7219 modules as it takes what an SPI bus brings: shift registers, latches, dots; with sparks and a plug."""

from __future__ import annotations

import threading
from collections.abc import Callable

__all__ = ["Max7219Chain", "Picture"]

Picture = tuple[str, ...]  # a line of dots each, "#" where it shines
_SIDE = 8
_POWER_UP = {**dict.fromkeys(range(1, 9), 0), 0x9: 0, 0xA: 0, 0xB: 0, 0xC: 0, 0xF: 0}


class Max7219Chain:
    """The bus and what hangs on it; the chip next to the Pi is at the top left, from there it goes as one reads.

    Modules are mounted turned by `turned` quarter turns with the clock, against the data sheet's: a digit is a
    column, its lowest bit the topmost dot. `seen` holds every picture that stood there, one after the other; a
    transfer that changes nothing is none. Any thread may ask.
    """

    def __init__(
        self, width: int, height: int = 16, *, turned: int = 0, right_to_left: bool = False
    ) -> None:
        self.seen: list[Picture] = []
        self.opened = 0
        self._width, self._height, self._turned = width, height, turned
        self._right_to_left = right_to_left
        self._plugged = True
        self._changed = threading.Condition()
        self._count = width * height // _SIDE**2
        self._shift = bytes(2 * self._count)
        self._chips = [dict(_POWER_UP) for _ in range(self._count)]

    # The bus.

    def open(self) -> Max7219Chain:
        if not self._plugged:
            raise FileNotFoundError(2, "No such file or directory", "/dev/spidev0.0")
        self.opened += 1
        return self

    def write(self, transfer: bytes) -> None:
        """One transfer: all is shifted in, and when the chips are no longer selected, each takes what it holds."""
        with self._changed:
            if not self._plugged:
                raise OSError(19, "No such device")
            self._shift = (self._shift + transfer)[-2 * self._count :]
            for number, chip in enumerate(self._chips):
                end = len(self._shift) - 2 * number
                register, value = self._shift[end - 2 : end]
                if register & 0xF in chip:
                    chip[register & 0xF] = value
            self._note()

    def close(self) -> None:
        pass

    # The world's side.

    def unplug(self) -> None:
        """Switch the bus off; the chips keep what they show."""
        self._plugged = False

    def replug(self) -> None:
        self._plugged = True

    def power_cycle(self) -> None:
        with self._changed:
            self._chips = [dict(_POWER_UP) for _ in range(self._count)]
            self._note()

    def spark(self, number: int, register: int, value: int) -> None:
        """Electrical trouble: one register of one chip is not what it was told."""
        with self._changed:
            self._chips[number][register] = value
            self._note()

    def intensity(self) -> set[int]:
        return {chip[0xA] & 0xF for chip in self._chips}

    def picture(self) -> Picture:
        dots = [[False] * self._width for _ in range(self._height)]
        across = self._width // _SIDE
        for number, chip in enumerate(self._chips):
            left, top = number % across * _SIDE, number // across * _SIDE
            if self._right_to_left:
                left = self._width - _SIDE - left
            for y, line in enumerate(self._turn(_shining(chip))):
                dots[top + y][left : left + _SIDE] = line
        return tuple("".join("#" if dot else "." for dot in line) for line in dots)

    def wait_for(self, wanted: Callable[[Picture], bool], seconds: float = 5.0) -> bool:
        """Whether such a picture comes, or is there."""
        with self._changed:
            return self._changed.wait_for(lambda: wanted(self.picture()), seconds)

    def _turn(self, block: list[list[bool]]) -> list[list[bool]]:
        for _ in range(self._turned % 4):
            block = [list(line) for line in zip(*block[::-1], strict=True)]
        return block

    def _note(self) -> None:
        now = self.picture()
        if not self.seen or self.seen[-1] != now:
            self.seen.append(now)
        self._changed.notify_all()


def _shining(chip: dict[int, int]) -> list[list[bool]]:
    """The lines of one chip's dots as the data sheet has it shine."""
    if chip[0xF] & 1:
        return [[True] * _SIDE for _ in range(_SIDE)]
    awake, limit = chip[0xC] & 1, chip[0xB] & 7
    # A decoded digit is some sign of seven segments; one dot in its place tells that it is not what was meant.
    digits = [
        (0x80 if chip[0x9] >> digit & 1 else chip[digit + 1]) if awake and digit <= limit else 0
        for digit in range(_SIDE)
    ]
    return [[bool(digits[x] >> y & 1) for x in range(_SIDE)] for y in range(_SIDE)]
