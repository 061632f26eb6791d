"""A matrix of keys as gpiozero's mock pins feel it: what is pressed joins wires, with the ghosts that makes, and shorts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gpiozero.pins.mock import MockFactory, MockPin

__all__ = ["KeyMatrix"]


class _Wire(MockPin):  # type: ignore[misc] # gpiozero has no types
    """A pin of the matrix: whatever becomes of it moves the others that a pressed key joins to it."""

    def _set_function(self, value: str) -> None:
        with self.factory.moving():
            super()._set_function(value)

    def _change_state(self, value: bool) -> bool:
        with self.factory.moving():
            return bool(super()._change_state(value))

    def _get_state(self) -> bool:
        self.factory.was_read()
        return bool(self._state)

    def feel(self, level: bool) -> None:
        """What the world drives it to; without an edge where the factory makes none."""
        if self.factory.silent:
            super()._change_state(level)
        elif level:
            self.drive_high()
        else:
            self.drive_low()


class KeyMatrix(MockFactory):  # type: ignore[misc] # gpiozero has no types
    """Pins with keys at their crossings, counted from 1, without diodes; any thread may press.

    `shorted` says whether a pin that drives high was ever joined to one that drives low. `silent` makes no edges,
    as when lgpio's callback thread has died.
    """

    def __init__(self, rows: tuple[int, ...], columns: tuple[int, ...]) -> None:
        super().__init__(pin_class=_Wire)
        self.shorted = False
        self.silent = False
        self.reads = 0
        self.fails = False
        self._rows, self._columns = rows, columns
        self._pressed: set[tuple[int, int]] = set()
        self._lock = threading.RLock()
        self._read = threading.Condition()
        self._settling = False
        self._wires: dict[int, Any] = {number: self.pin(number) for number in (*rows, *columns)}

    # The world's side.

    def press(self, row: int, column: int) -> None:
        with self.moving():
            self._pressed.add((row, column))

    def release(self, row: int, column: int) -> None:
        with self.moving():
            self._pressed.discard((row, column))

    def wait_for_reads(self, count: int, seconds: float = 5.0) -> bool:
        """Wait until pins were read so many times from now on; False if they were not in time."""
        with self._read:
            wanted = self.reads + count
            return self._read.wait_for(lambda: self.reads >= wanted, seconds)

    # The pins' side.

    def was_read(self) -> None:
        with self._read:
            self.reads += 1
            self._read.notify_all()
        if self.fails:
            raise RuntimeError("GPIO not readable")

    @contextmanager
    def moving(self) -> Iterator[None]:
        """Change something, and let all wires find their levels; one at a time."""
        with self._lock:
            yield
            if not self._settling:
                self._settling = True
                try:
                    self._settle()
                finally:
                    self._settling = False

    def _settle(self) -> None:
        for group in self._joined():
            driven = {pin._state for pin in group if pin._function == "output"}  # noqa: SLF001
            self.shorted |= len(driven) > 1
            level = False not in driven  # all that is not driven low is pulled up
            for pin in group:
                if pin._function == "input":  # noqa: SLF001
                    pin.feel(level)

    def _joined(self) -> Iterator[list[Any]]:
        """The wires in groups that the pressed keys make one wire of."""
        group = {number: {number} for number in self._wires}
        for row, column in self._pressed:
            one = group[self._rows[row - 1]] | group[self._columns[column - 1]]
            for number in one:
                group[number] = one
        seen: set[int] = set()
        for number, members in group.items():
            if number not in seen:
                seen |= members
                yield [self._wires[member] for member in members]
