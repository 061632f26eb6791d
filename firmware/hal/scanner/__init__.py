"""A scanner of QR and bar codes: posts the text of each code, and knows nothing of what it means."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Protocol

from msgspec import Meta, Struct

from firmware.hal import Health
from firmware.hal.buses.input_places import InputPlace, input_claim, parse_input
from firmware.hal.buses.line_parts import LinePart
from firmware.hal.claims import Claim

if TYPE_CHECKING:
    from firmware.hal.buses.line import Lines

__all__ = [
    "Scanner",
    "ScannerSettings",
    "SerialScannerSettings",
    "UsbScannerSettings",
    "open_scanner",
]


class Scanner(Protocol):
    """Posts each code once per showing, printable ASCII, from its own thread. `listen` is called once."""

    def listen(self, post: Callable[[str], None]) -> None: ...

    def health(self) -> Health: ...

    def close(self) -> None: ...


class SerialScannerSettings(LinePart, frozen=True, kw_only=True, tag_field="model", tag="serial"):
    """A scanner on a serial line that ends each code with CR.

    A `triggered` one (GM65, GM861) reads only when it is told to, and so shows that it is there; it is told again
    after `reading_s`, how long it is set to look for a code. Any other reads whatever is held before it.
    """

    triggered: bool = False
    reading_s: Annotated[int, Meta(ge=1, le=60)] = 5


class UsbScannerSettings(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="model", tag="usb"
):
    """A scanner that types as a USB keyboard of American layout, and ends each code with Enter.

    `idle_ms` without a key end a code too, for scanners that are set to end it with nothing.
    """

    port: str
    idle_ms: Annotated[int, Meta(ge=20, le=1000)] = 50

    def __post_init__(self) -> None:
        _ = self.place

    @property
    def place(self) -> InputPlace:
        return parse_input(self.port)

    def claims(self) -> Iterator[Claim]:
        yield input_claim(self.port, self.place)


ScannerSettings = SerialScannerSettings | UsbScannerSettings


def open_scanner(settings: ScannerSettings, lines: Lines) -> Scanner:
    """Open a scanner; one that is not there yet is found as soon as it is."""
    match settings:
        case SerialScannerSettings():
            from firmware.hal.scanner.serial_line import SerialScanner

            return SerialScanner(settings, lines.at(settings.place))
        case UsbScannerSettings():
            from firmware.hal.scanner.usb import UsbScanner

            return UsbScanner(settings)
