"""LED panels of every model, each with its worker on a board and its world at the other end of a wire."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec

from firmware.daemon import Worker
from firmware.device import Show
from firmware.hal.buses.ff68_bus import Ff68Bus
from firmware.hal.buses.line import Lines
from firmware.hal.led_panel import (
    Ff68DisplaySettings,
    LedPanelSettings,
    Max7219PanelSettings,
    Tm1637PanelSettings,
    open_led_panel,
)
from firmware.hal.led_panel.ff68 import digits_of
from firmware.hal.led_panel.numbers import ticket_in
from hal_mocks.wires.ff68 import Ff68Line, Ff68Station
from hal_mocks.wires.line import PtyLine, TcpLine
from hal_mocks.wires.modbus import ModbusBoard, ModbusLine
from hal_mocks.wires.onbon import OnbonCard, OnbonLine
from hal_mocks.wires.strip import NumberDisplay, StripLine, StripScreen
from hal_mocks.wires.wired import FarEnd, Wired
from tests.devices.workers import Posted

__all__ = ["WITHIN", "WORLDS", "LedWorld"]

WITHIN = 5.0


@dataclass
class LedWorld:
    """`shown` are the texts that were read on the panel, `reads` what of a text one can read there.

    `bend` makes something else of every answer of the panel, where it gives any; `eats` is how many bytes it takes
    at once. `answers`: whether it says that it took a text.
    """

    wired: Wired
    settings: LedPanelSettings
    shown: Callable[[], list[str]]
    eats: list[int]
    lines: Lines = field(default_factory=Lines)
    reads: Callable[[str], str] = str
    bend: Callable[[Callable[[bytes], bytes]], None] | None = None
    refuse: Callable[[int], None] | None = None

    @property
    def answers(self) -> bool:
        return self.bend is not None

    def fill(self) -> None:
        """Fill the line from the board's side, as far as it takes bytes; call it when the panel eats nothing."""
        if isinstance(self.settings, Ff68DisplaySettings):
            line = self.lines.bus(self.settings.place, Ff68Bus)._line
            assert line is not None
        else:
            assert not isinstance(self.settings, Max7219PanelSettings | Tm1637PanelSettings)
            line = self.lines.at(self.settings.place).fresh()
        while line.write(bytes(4096), 0.1):
            pass

    @contextmanager
    def worker(self) -> Iterator[tuple[Worker, Posted]]:
        """The panel's worker as a board runs it."""
        posted = Posted()
        worker = Worker(
            "led",
            lambda: open_led_panel(self.settings, self.lines),
            {Show: lambda panel, effect: panel.show(effect.text)},
            posted.post,
        )
        worker.start()
        try:
            yield worker, posted
        finally:
            worker.stop()


@contextmanager
def _wired(
    far: FarEnd,
    table: dict[str, Any],
    shown: Callable[[], list[str]],
    *,
    tcp: bool = False,
    **more: Any,
) -> Iterator[LedWorld]:
    eats = [4096]
    with Wired(far, TcpLine() if tcp else PtyLine(), appetite=lambda: eats[0]) as wired:
        port = f"{'tcp' if tcp else 'serial'}:{wired.address}"
        settings = msgspec.convert(table | {"port": port}, LedPanelSettings)
        yield LedWorld(wired, settings, shown, eats, **more)


def _onbon(*, tcp: bool = False, shared: bool = False) -> Any:
    screen = 2 if shared else 1
    card = OnbonCard(screen=screen, width=192)
    far = OnbonLine([OnbonCard(screen=1), card, OnbonCard(screen=3)]) if shared else card
    table = {"model": "onbon", "card": "6K", "width": 192, "height": 16, "screen": screen}

    def bend(how: Callable[[bytes], bytes]) -> None:
        card.bend = how

    def refuse(error: int) -> None:
        card.refuse = error

    return _wired(far, table, lambda: card.history, tcp=tcp, bend=bend, refuse=refuse)


def _strip(kind: Any) -> Any:
    screen = StripScreen(kind, 3)
    far = StripLine([screen, StripScreen(kind, 4)])
    table = {"model": "strip", "frame": kind, "address": 3}
    return _wired(far, table, lambda: screen.shown)


def _xunpeng() -> Any:
    display = NumberDisplay()

    def reads(text: str) -> str:
        return str(ticket_in(text) or 0)

    return _wired(StripLine([display]), {"model": "xunpeng"}, lambda: display.shown, reads=reads)


def _modbus() -> Any:
    board = ModbusBoard(2, registers=4)

    def shown() -> list[str]:
        return [str(values[0]) for _, values in board.written]

    def reads(text: str) -> str:
        return str(ticket_in(text) or 0)

    def bend(how: Callable[[bytes], bytes]) -> None:
        board.bend = how

    def refuse(error: int) -> None:
        board.refuse = error

    far = ModbusLine(ModbusBoard(1), board)
    table = {"model": "modbus", "unit": 2, "register": 3}
    return _wired(far, table, shown, reads=reads, bend=bend, refuse=refuse)


def _ff68() -> Any:
    station = Ff68Station(3)
    table = {"model": "ff68", "address": 3}

    def reads(text: str) -> str:
        return "".join(" " if digit == 0x0A else str(digit) for digit in digits_of(text))

    return _wired(Ff68Line([station, Ff68Station(4)]), table, lambda: station.history, reads=reads)


WORLDS: dict[str, Callable[[], Any]] = {
    "onbon, serial": _onbon,
    "onbon, tcp": lambda: _onbon(tcp=True),
    "onbon, shared": lambda: _onbon(shared=True),
    "strip S1": lambda: _strip("S1"),
    "strip S2": lambda: _strip("S2"),
    "strip S3": lambda: _strip("S3"),
    "modbus": _modbus,
    "xunpeng": _xunpeng,
    "ff68 display": _ff68,
}
