"""One line of light: the LED bar over a counter, or the small display in front of a clerk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal, Protocol

from msgspec import Meta, Struct

from firmware.hal import Health
from firmware.hal.buses.ff68_parts import Ff68Part
from firmware.hal.buses.line_parts import LinePart
from firmware.hal.buses.places import Pin, Place, parse_place
from firmware.hal.claims import Claim, line_claim

if TYPE_CHECKING:
    from firmware.hal.buses.line import Lines

__all__ = [
    "Ff68DisplaySettings",
    "LedPanel",
    "LedPanelSettings",
    "Max7219PanelSettings",
    "ModbusPanelSettings",
    "OnbonPanelSettings",
    "Orientation",
    "StripPanelSettings",
    "Tm1637PanelSettings",
    "XunpengPanelSettings",
    "open_led_panel",
]

Orientation = Literal[0, 90, 180, -90]
_SPI0 = (7, 8, 9, 10, 11)


class LedPanel(Protocol):
    """Shows one text until the next. Raises HardwareFault when it knows that the text is not shown."""

    def show(self, text: str) -> None: ...

    def health(self) -> Health: ...

    def close(self) -> None: ...


class OnbonPanelSettings(LinePart, frozen=True, kw_only=True, tag_field="model", tag="onbon"):
    """A panel on an Onbon (仰邦) BX-5K or BX-6K card with fonts (字库卡); `width` and `height` in dots.

    `port` is serial:/dev/ttyUSB0?baud=57600 or tcp:192.168.1.60:5005, `screen` the card's number on the line.
    """

    card: Literal["5K", "6K"]
    width: Annotated[int, Meta(ge=8, le=4096)]
    height: Annotated[int, Meta(ge=8, le=1024)]
    screen: Annotated[int, Meta(ge=1, le=0x7FFF)] = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.card == "5K" and self.width % 8:
            raise ValueError(f"a 5K card counts its width in eights of dots: {self.width} is none")

    @property
    def place(self) -> Place:
        return parse_place(self.port, baud=57600, port=5005)

    def claims(self) -> Iterator[Claim]:
        yield line_claim(self.port, self.place, "onbon")
        screen = f"screen {self.screen} on the port {self.port!r}"
        yield Claim(("port",), screen, (self.place, self.screen))


class Ff68DisplaySettings(Ff68Part, frozen=True, kw_only=True, tag_field="model", tag="ff68"):
    """The six digits of a keypad on an FF 68 bus: of a text it shows how many wait and which ticket, no word.

    `empty` is what three digits are sent for which the text has no number: on some keypads a blank may leave
    the old number standing.
    """

    empty: Literal["blank", "zeros"] = "blank"

    def claims(self) -> Iterator[Claim]:
        return self.roles("display")


class StripPanelSettings(LinePart, frozen=True, kw_only=True, tag_field="model", tag="strip"):
    """A strip screen (条屏) that takes text and answers nothing. `frame` is the form of its frames: S1, S2 or S3.

    `port` is serial:/dev/ttyUSB0?baud=9600, `main` the one large screen of an S1 or S3 line. The makers are not
    known, nor is the speed that they ship.
    """

    frame: Literal["S1", "S2", "S3"]
    address: Annotated[int, Meta(ge=0, le=0xFF)]
    main: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.main and self.frame == "S2":
            raise ValueError("S2 frames know no main screen: take `main` out")

    def claims(self) -> Iterator[Claim]:
        yield line_claim(self.port, self.place, "strip")
        screen = f"the screen {self.address} on the port {self.port!r}"
        yield Claim(("address",), screen, (self.place, self.address))


class Max7219PanelSettings(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="model", tag="max7219"
):
    """A self-built panel of MAX7219 modules, 16 dots high, on an SPI bus of the Pi.

    `orientation` turns each module's dots by degrees against the clock, `reverse` is for chains that begin at the
    right; `font` is a file of a font with bitmaps 16 dots high, else the one that comes with the program is drawn.
    """

    port: Annotated[str, Meta(pattern=r"^spi:/dev/spidev\d+\.\d+\Z")]
    width: Annotated[int, Meta(ge=16, le=512, multiple_of=8)]
    brightness: Annotated[int, Meta(ge=0, le=15)] = 3
    orientation: Orientation = -90
    reverse: bool = False
    font: str = ""

    @property
    def device(self) -> str:
        return self.port.removeprefix("spi:")

    def claims(self) -> Iterator[Claim]:
        yield Claim(("port",), f"the port {self.port!r}", self.device)
        if self.device.startswith("/dev/spidev0."):
            for pin in _SPI0:  # the kernel has them all, whatever is selected
                yield Claim(("port",), f"pin {pin} of the port {self.port!r}", pin, "spi0")


class Tm1637PanelSettings(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="model", tag="tm1637"
):
    """Four or six digits on a TM1637 module, on two pins of the Pi: of each text it shows the ticket's number alone.

    `order` says which digit, from 1 as one reads them, each of the chip's is, where the module's maker has another.
    """

    clk: Pin
    dio: Pin
    digits: Literal[4, 6] = 4
    brightness: Annotated[int, Meta(ge=0, le=7)] = 4
    order: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.clk == self.dio:
            raise ValueError("clk and dio share a pin: give each its own")
        if sorted(self.places) != list(range(1, self.digits + 1)):
            raise ValueError(f"order is to name each digit from 1 to {self.digits} once")

    @property
    def places(self) -> tuple[int, ...]:
        return self.order or ((1, 2, 3, 4) if self.digits == 4 else (3, 2, 1, 6, 5, 4))

    def claims(self) -> Iterator[Claim]:
        for field, pin in (("clk", self.clk), ("dio", self.dio)):
            yield Claim((field,), f"pin {pin}", pin)


class XunpengPanelSettings(LinePart, frozen=True, kw_only=True, tag_field="model", tag="xunpeng"):
    """A number display (讯鹏), alone on its line: of a text it shows the ticket's number, else 0.

    It answers nothing. `colour` 0 is green; the others, and the speed that is shipped, are not known.
    """

    colour: Annotated[int, Meta(ge=0, le=0xFF)] = 0


class ModbusPanelSettings(LinePart, frozen=True, kw_only=True, tag_field="model", tag="modbus"):
    """A number display on a Modbus-RTU line: of a text it shows the ticket's number, else 0.

    Every maker puts the number elsewhere: his manual names the `register`, counted from 0, the `form` (number: 17 is
    0011h; bcd: 0017h; ascii: `digits` digits, two to a register) and the `function` that writes it.
    """

    register: Annotated[int, Meta(ge=0, le=0xFFFF)]
    unit: Annotated[int, Meta(ge=1, le=247)] = 1
    form: Literal["number", "bcd", "ascii"] = "number"
    function: Literal[6, 16] = 6
    digits: Literal[4, 6, 8] = 4

    def claims(self) -> Iterator[Claim]:
        line = line_claim(self.port, self.place, "modbus")
        yield line
        what = f"register {self.register} of unit {self.unit} at {line.what}"
        yield Claim(("register",), what, (line.wanted, "register", self.unit, self.register))


LedPanelSettings = (
    OnbonPanelSettings
    | StripPanelSettings
    | XunpengPanelSettings
    | Ff68DisplaySettings
    | Max7219PanelSettings
    | Tm1637PanelSettings
    | ModbusPanelSettings
)


def open_led_panel(settings: LedPanelSettings, lines: Lines) -> LedPanel:
    """Open a panel; one that is not there yet is found when it is first shown something.

    Raises HardwareFault if pins cannot be had.
    """
    match settings:
        case OnbonPanelSettings():
            from firmware.hal.led_panel.onbon import OnbonPanel

            return OnbonPanel(settings, lines.at(settings.place))
        case StripPanelSettings():
            from firmware.hal.led_panel.strip import StripPanel

            return StripPanel(settings, lines.at(settings.place))
        case XunpengPanelSettings():
            from firmware.hal.led_panel.xunpeng import XunpengPanel

            return XunpengPanel(settings, lines.at(settings.place))
        case ModbusPanelSettings():
            from firmware.hal.led_panel.modbus import ModbusPanel

            return ModbusPanel(settings, lines.at(settings.place))
        case Ff68DisplaySettings():
            from firmware.hal.buses.ff68_bus import Ff68Bus
            from firmware.hal.led_panel.ff68 import Ff68Display

            return Ff68Display(settings, lines.bus(settings.place, Ff68Bus))
        case Max7219PanelSettings():
            from firmware.hal.led_panel.max7219 import Max7219Panel

            return Max7219Panel(settings)
        case Tm1637PanelSettings():
            from firmware.hal.buses.gpio import open_pins
            from firmware.hal.led_panel.tm1637 import Tm1637Panel

            return Tm1637Panel(settings, open_pins())
