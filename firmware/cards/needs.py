"""What a board's hardware asks of the firmware: buses, clock chip, serial line, as lines of config.txt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module

import msgspec

from broker.settings import Board
from firmware.hal.claims import Claim

__all__ = ["Needs", "needs_of", "needs_of_hub"]

UART_PINS = {14, 15}
OWN_LINE = ("/dev/serial0", "/dev/ttyAMA0", "/dev/ttyS0")
WATCHDOG = "dtparam=watchdog=on"


@dataclass(frozen=True, slots=True)
class Needs:
    """`config` are lines of config.txt; with `serial_console` the serial line may stay a login's."""

    config: tuple[str, ...]
    serial_console: bool = True


def needs_of(board: Board) -> Needs:
    """What this board's parts want, by what they claim: `jiaohao check` has found those in order."""
    wanted = {claim.wanted for claim in _claims(board)}
    config = [WATCHDOG]
    if any(isinstance(path, str) and path.startswith("/dev/spidev") for path in wanted):
        config.append("dtparam=spi=on")
    own_line = not wanted.isdisjoint(OWN_LINE)
    if own_line:
        # Without Bluetooth the line has a clock of its own, so that its speed does not follow the processor's.
        config += ["enable_uart=1", "dtoverlay=disable-bt"]
    return Needs(tuple(config), serial_console=not own_line and wanted.isdisjoint(UART_PINS))


def needs_of_hub(clock: str) -> Needs:
    """`clock` is the chip on its I2C bus, by the name that the overlay i2c-rtc has for it, or `none`."""
    chip = ("dtparam=i2c_arm=on", f"dtoverlay=i2c-rtc,{clock}") if clock != "none" else ()
    return Needs((WATCHDOG, *chip))


def _claims(board: Board) -> Iterator[Claim]:
    for device in board.devices:
        room = import_module(f"firmware.{device.kind}.hardware")
        hardware = msgspec.convert(device.hardware, room.Hardware)
        for part in msgspec.structs.fields(hardware):
            settings = getattr(hardware, part.encode_name)
            yield from settings.claims() if hasattr(settings, "claims") else ()
