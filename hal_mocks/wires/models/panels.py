"""The emulated panels: those on a line, and those on pins and on SPI, whose driver runs beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import cycle
from typing import Any, Literal

import gpiozero
import msgspec

from firmware.hal.buses.line import Lines
from firmware.hal.led_panel import (
    LedPanel,
    Max7219PanelSettings,
    Tm1637PanelSettings,
    open_led_panel,
)
from firmware.hal.led_panel.max7219 import Max7219Panel
from hal_mocks.wires.max7219 import Max7219Chain
from hal_mocks.wires.models.emulated import Emulated, Emulator, Fault, flag, table
from hal_mocks.wires.onbon import OnbonCard
from hal_mocks.wires.strip import NumberDisplay, StripLine, StripScreen
from hal_mocks.wires.tm1637 import Tm1637Pins

__all__ = ["PANELS"]

TEXTS = ("A012到3号", "暂停服务", "B007到1号")
SPI = "spi:/dev/spidev0.0"
QUARTERS = 3  # modules as they are sold in fours: turned by -90 degrees, as the driver has it
CLK, DIO = 23, 24


def _onbon(card: str, width: int, height: int, screen: int) -> Emulator:
    emulated = OnbonCard(
        card="5K" if card == "5K" else "6K", width=width, height=height, screen=screen
    )
    refuse = Fault(
        "refuse",
        lambda: setattr(emulated, "refuse", 3),
        lambda: setattr(emulated, "refuse", 0),
    )
    faults = {"m": flag(emulated, "mute"), "g": flag(emulated, "garble"), "r": refuse}
    return Emulator(lambda: [f"it shows {text}" for text in emulated.history], faults, emulated)


def _strip(frame: str, address: int) -> Emulator:
    kind: Literal["S1", "S2", "S3"] = "S1" if frame == "S1" else "S2" if frame == "S2" else "S3"
    return _send_only(StripScreen(kind, address))


def _send_only(screen: StripScreen | NumberDisplay) -> Emulator:
    line = StripLine([screen])
    return Emulator(
        lambda: [f"it shows {text}" for text in screen.shown], {"m": flag(line, "mute")}, line
    )


def _max7219(width: int) -> Emulator:
    chain = Max7219Chain(width, turned=QUARTERS)
    settings = msgspec.convert(
        {"model": "max7219", "port": SPI, "width": width}, Max7219PanelSettings
    )
    driver = Max7219Panel(settings, chain.open)
    return _beside(
        driver,
        lambda: "\n".join(("it shows", *chain.picture())),
        Fault("unplugged", chain.unplug, chain.replug),
        Fault("power cut", chain.power_cycle),
    )


def _tm1637(digits: int) -> Emulator:
    said = {"model": "tm1637", "clk": CLK, "dio": DIO, "digits": digits}
    settings = msgspec.convert(said, Tm1637PanelSettings)
    pins = Tm1637Pins(CLK, DIO, settings.places)
    gpiozero.Device.pin_factory = pins
    return _beside(
        open_led_panel(settings, Lines()),
        lambda: f"it reads {pins.reading()!r}",
        Fault("unplugged", pins.unplug, pins.replug),
        Fault("power cut", pins.power_cycle),
    )


def _beside(
    driver: LedPanel, look: Callable[[], str], unplugged: Fault, power_cut: Fault
) -> Emulator:
    """A panel with its driver, which is given one text after the other, or asked how the panel is; and what one sees."""
    texts = cycle(TEXTS)
    told: list[str] = []

    def show() -> None:
        driver.show(next(texts))
        told.append(look())

    def ask() -> None:
        troubles = ", ".join(driver.health().troubles)
        told.extend((f"its driver says: {troubles or 'well'}", look()))

    faults = {
        "t": Fault("show the next text", show),
        "h": Fault("ask how it is", ask),
        "u": unplugged,
        "x": power_cut,
    }
    return Emulator(lambda: told, faults, close=driver.close)


def _modules(_port: str, options: Mapping[str, Any]) -> str:
    return table("max7219", "width")(SPI, options)


PANELS: dict[str, Emulated] = {
    "onbon": Emulated(
        "an Onbon card with fonts on a panel",
        _onbon,
        {"led_panel": table("onbon", "card", "width", "height", "screen")},
        {"card": "6K", "width": 192, "height": 16, "screen": 1},
        port="serial:{}?baud=57600",
        tcp=True,
    ),
    "strip": Emulated(
        "a strip screen that answers nothing (frame S1, S2 or S3)",
        _strip,
        {"led_panel": table("strip", "frame", "address")},
        {"frame": "S1", "address": 1},
        port="serial:{}?baud=9600",
        tcp=True,
    ),
    "xunpeng": Emulated(
        "a number display that answers nothing",
        lambda: _send_only(NumberDisplay()),
        {"led_panel": table("xunpeng")},
        port="serial:{}?baud=9600",
        tcp=True,
    ),
    "max7219": Emulated(
        "a chain of MAX7219 modules on SPI",
        _max7219,
        {"led_panel": _modules},
        {"width": 80},
    ),
    "tm1637": Emulated(
        f"a TM1637 module on pins {CLK} and {DIO}, with 4 or 6 digits",
        _tm1637,
        {"led_panel": table("tm1637", "digits", rest=f"clk = {CLK}, dio = {DIO}")},
        {"digits": 4},
    ),
}
