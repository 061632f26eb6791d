"""The ticket printer: one bitmap in, one strip of paper out, and what is known about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from firmware.hal import HardwareFault, Health, Trouble

__all__ = ["Bitmap", "PrintFault", "Printer", "Proof"]


@dataclass(frozen=True, slots=True)
class Bitmap:
    """A picture in printer's dots: `rows` holds `height` rows of `(width + 7) // 8` bytes, MSB left, 1 is black."""

    width: int
    height: int
    rows: bytes

    def __post_init__(self) -> None:
        if len(self.rows) != self.height * ((self.width + 7) // 8):
            raise ValueError(f"{len(self.rows)} bytes are no {self.width}x{self.height} bitmap")


class Proof(StrEnum):
    """How sure it is that the paper came: the printer said so, or the time for it has passed."""

    PRINTED = "printed"
    ESTIMATED = "estimated"


class PrintFault(HardwareFault):
    """A print that was not finished; `started` is False only if no byte of it reached the printer."""

    def __init__(self, sentence: str, trouble: Trouble, *, started: bool) -> None:
        super().__init__(sentence, trouble)
        self.started = started


class Printer(Protocol):
    """What the kiosk asks of a printer. Calls block; one thread calls."""

    def health(self) -> Health:
        """Ask the printer how it is, within one second; silence is `Trouble.NO_ANSWER`, never "fine"."""

    def print(self, ticket: Bitmap) -> Proof:
        """Print and cut; return once it came out as far as this model can tell. Raises PrintFault."""

    def close(self) -> None: ...
