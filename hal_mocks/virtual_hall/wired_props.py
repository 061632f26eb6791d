"""The parts of one board as they hang on real drivers: which has an emulator on a line, which on pins, and which stays a mock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gpiozero

from broker.settings import Board, Device
from firmware.parts import open_parts
from hal_mocks.virtual_hall.on_pins import OnPins, PinKeys, PinLamps
from hal_mocks.virtual_hall.on_wires import (
    OnWire,
    WiredCardReader,
    WiredPanel,
    WiredPrinter,
    WiredScanner,
    WiredVoice,
)
from hal_mocks.virtual_hall.props import Prop, Props
from hal_mocks.virtual_hall.talk import Memory
from hal_mocks.wires.pins import PiPins

__all__ = ["WiredProps"]


class WiredProps(Props):
    """As Props, but what hangs on a line or on pins is opened by its real driver, and remembers what its emulator decoded.

    Screens stay mocks: their pages are drawn and touched in the browser.
    """

    def __init__(self, board: Board, tell: Callable[[Memory], None], folder: Path) -> None:
        self._open = open_parts(folder)
        # All parts of a board share its pins, and no driver looks for others.
        self._pins = gpiozero.Device.pin_factory = PiPins()
        super().__init__(board, tell, folder)

    def open_part(self, device: Device, part: str, settings: Any) -> Any:
        prop = self._props[device.id, part]
        if not isinstance(prop, OnWire | OnPins):
            return super().open_part(device, part, settings)
        return self._open(device, part, prop.hung(settings))

    def _make(self, device: Device, part: str) -> Prop:
        def watcher() -> None:
            self._changed(device.id, part)

        said = device.hardware[part]
        match part, said.get("model"):
            case "keys" | "help", "gpio":
                return PinKeys(said, self._pins)
            case "lamps" | "tower", "gpio":
                return PinLamps(said, self._pins, watcher)
            case "scanner", "serial":
                return WiredScanner(said, watcher)
            case _, "escpos":
                return WiredPrinter(said["port"], watcher)
            case _, "onbon":
                return WiredPanel(said, watcher)
            case _, "sdt":
                return WiredCardReader(said["port"], watcher)
            case _, "syn6288":
                return WiredVoice(said, watcher)
            case _:
                return super()._make(device, part)

    def _memory(self, prop: Prop) -> dict[str, Any]:
        return prop.memory() if isinstance(prop, OnWire | OnPins) else super()._memory(prop)
