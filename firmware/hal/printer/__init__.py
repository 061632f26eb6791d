"""The ticket printer: a paper in, one strip of it out, and what is known about that."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal, Protocol

from msgspec import Meta
from msgspec.structs import replace

from broker.wrong_values import meant
from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.buses.line_parts import LinePart
from firmware.hal.buses.places import Place, SerialPlace, parse_place
from firmware.hal.printer.paper import Bitmap, Paper
from firmware.hal.printer.profiles import (
    Dots,
    PerInch,
    Profile,
    ProofKind,
    Untaken,
    profiles,
)

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

_FAST_ENOUGH = 115200  # baud; a bitmap takes 2 s at that


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

    def clear(self) -> None:
        """Before a copy: an earlier life of this board may have left a part of the paper in there; it is cut off first."""

    def close(self) -> None: ...


class EscposSettings(LinePart, frozen=True, kw_only=True, tag_field="model", tag="escpos"):
    """A thermal printer that speaks ESC/POS. Asking about paper and cover needs a port that answers.

    `port` is `serial:/dev/ttyUSB0?baud=115200`, `file:/dev/usb/lp0` or `tcp:192.168.1.50:9100`; a plain
    file takes tickets but cannot be asked, so its proof is always estimated. `profile` is a name of
    profiles.toml, which explains what may be said otherwise here. `encoder` "auto" prints native text
    where the printer has Chinese type and its line is slower than 115200 baud, else a bitmap. A ticket
    that stays in the presenter for `take_seconds` is not taken.
    """

    profile: str = "generic-80"
    encoder: Literal["auto", "bitmap", "native"] = "auto"
    take_seconds: Annotated[float, Meta(ge=1, le=120)] = 10.0
    width: Dots | None = None
    dots_per_inch: PerInch | None = None
    cutter: bool | None = None
    near_end: bool | None = None
    reports: bool | None = None
    proof: ProofKind | None = None
    empties_buffer: bool | None = None
    chinese_rom: bool | None = None
    chinese_apart: bool | None = None
    qr_code: bool | None = None
    lacks: str | None = None
    full_status: bool | None = None
    untaken: Untaken | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.profile not in profiles():
            known = meant(self.profile, profiles())
            raise ValueError(f"{self.profile!r} is no profile of a printer{known}")
        if self.encoder == "native" and not self.traits.chinese_rom:
            raise ValueError(
                f"{self.profile!r} has no Chinese type to print native text with:"
                ' write encoder = "bitmap", or chinese_rom = true if this one has'
            )

    @property
    def place(self) -> Place:
        return parse_place(self.port, baud=115200, port=9100, file=True)

    @property
    def traits(self) -> Profile:
        """The profile, and what is said otherwise."""
        said = {name: getattr(self, name) for name in Profile.__struct_fields__}
        return replace(
            profiles()[self.profile], **{n: value for n, value in said.items() if value is not None}
        )

    @property
    def prints_text(self) -> bool:
        """Whether tickets go to it as native text."""
        if self.encoder != "auto":
            return self.encoder == "native"
        place = self.place
        is_slow = isinstance(place, SerialPlace) and place.baud < _FAST_ENOUGH
        return self.traits.chinese_rom and is_slow


PrinterSettings = EscposSettings


def open_printer(settings: PrinterSettings) -> Printer:
    """Make the driver that the settings name; a printer that is not there yet shows in its health."""
    # Here, not above: settings are read where no driver is installed.
    from firmware.hal.printer.escpos import EscposPrinter

    return EscposPrinter(settings)
