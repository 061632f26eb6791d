"""The ticket printer: a paper in, one strip of it out, and what is known about that."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Literal, Protocol

from msgspec import Meta, Struct

from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.buses.places import Place, parse_place
from firmware.hal.claims import Claim, line_claim
from firmware.hal.printer.paper import Bitmap, Paper

__all__ = [
    "Bitmap",
    "EscposSettings",
    "Paper",
    "PrintFault",
    "Printer",
    "PrinterSettings",
    "Proof",
    "open_printer",
]


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

    def print(self, paper: Paper) -> Proof:
        """Print and cut; return once it came out as far as this model can tell. Raises PrintFault.

        ValueError: what is on it does not fit this printer's paper.
        """

    def close(self) -> None: ...


class EscposSettings(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="model", tag="escpos"
):
    """A thermal printer that speaks ESC/POS. Asking about paper and cover needs a port that answers.

    `port` is `serial:/dev/ttyUSB0?baud=115200`, `file:/dev/usb/lp0` or `tcp:192.168.1.50:9100`; a plain
    file takes tickets but cannot be asked, so its proof is always estimated. `width` is in dots: 576 on
    80 mm paper, 384 on 58 mm. `near_end`: it has that sensor. `reports`: it tells troubles by itself (GS a).
    `proof`: `id` if it knows GS ( H, `status` if it answers GS r in order, else `estimated`.
    """

    port: str
    width: Annotated[int, Meta(ge=64, le=832)] = 576
    dots_per_inch: Annotated[int, Meta(ge=100, le=255)] = 203
    cutter: bool = True
    near_end: bool = True
    reports: bool = True
    proof: Literal["id", "status", "estimated"] = "status"

    def __post_init__(self) -> None:
        _ = self.place

    @property
    def place(self) -> Place:
        return parse_place(self.port, baud=115200, port=9100, file=True)

    def claims(self) -> Iterator[Claim]:
        yield line_claim(self.port, self.place)


PrinterSettings = EscposSettings


def open_printer(settings: PrinterSettings) -> Printer:
    """Make the driver that the settings name; a printer that is not there yet shows in its health."""
    # Here, not above: settings are read where no driver is installed.
    from firmware.hal.printer.escpos import EscposPrinter

    return EscposPrinter(settings)
