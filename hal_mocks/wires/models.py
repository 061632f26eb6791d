"""The emulators by the model that hall.toml names: how each is made, what it decoded, and the faults it can have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, Protocol

from hal_mocks.wires.escpos_machine import EscposMachine
from hal_mocks.wires.ff68 import Ff68Line, Ff68Station
from hal_mocks.wires.gm65 import ScannerMachine
from hal_mocks.wires.id_cards import IdCard
from hal_mocks.wires.lcus import LcusBoard
from hal_mocks.wires.modbus import ModbusBoard, ModbusLine
from hal_mocks.wires.onbon import OnbonCard
from hal_mocks.wires.sdt import CardReaderMachine
from hal_mocks.wires.strip import StripLine, StripScreen
from hal_mocks.wires.syn6288 import SpeechChip
from hal_mocks.wires.wired import MOUTHFUL, FarEnd

__all__ = ["MODELS", "Emulated", "Emulator", "Fault", "PrinterFarEnd"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What can go wrong with it, and how it is mended again; without `mend` it passes by itself."""

    name: str
    hurt: Callable[[], object]
    mend: Callable[[], object] | None = None


class Emulator(Protocol):
    """A device that one can look at: `far_end` lives on the wire, `decoded` is all it took in so far, in words."""

    @property
    def far_end(self) -> FarEnd: ...

    @property
    def decoded(self) -> list[str]: ...

    @property
    def faults(self) -> Mapping[str, Fault]:
        """What one can do to it, by the key that one types."""

    def appetite(self) -> int:
        """How many bytes it takes now."""


@dataclass(frozen=True, slots=True)
class Emulated:
    """`options` are what can be chosen, each with what it is if nothing is said; `toml` is its table in hall.toml.

    `toml` is given the port as a driver names it, and the options.
    """

    about: str
    make: Callable[..., Emulator]
    toml: Callable[[str, Mapping[str, Any]], str]
    options: Mapping[str, Any]
    baud: int
    tcp: bool = True


def _flag(far_end: object, name: str) -> Fault:
    """A fault that is an attribute of the far end."""
    return Fault(
        name.replace("_", " "),
        lambda: setattr(far_end, name, True),
        lambda: setattr(far_end, name, False),
    )


class PrinterFarEnd:
    """A printer's machine at the far end of a line; it reads its own clock, and its buffer can be full."""

    def __init__(self, machine: EscposMachine) -> None:
        self._machine = machine

    def powered(self, at: float) -> bytes:  # noqa: ARG002 - the line's plug is not the power's
        return b""

    def heard(self, chunk: bytes, at: float) -> bytes:  # noqa: ARG002
        return self._machine.eat(chunk)

    def passed(self, at: float) -> bytes:  # noqa: ARG002
        return self._machine.eat(b"")


@dataclass(frozen=True, slots=True)
class _Looked:
    """A far end, how to read what it took in, and what one can do to it."""

    far_end: FarEnd
    words: Callable[[], list[str]]
    faults: Mapping[str, Fault]
    appetite: Callable[[], int] = lambda: MOUTHFUL

    @property
    def decoded(self) -> list[str]:
        return self.words()


def _printer() -> Emulator:
    machine = EscposMachine()
    faults = {
        "p": Fault("paper out", machine.run_out_of_paper, machine.refill),
        "e": Fault("paper near its end", machine.put_near_end, machine.refill),
        "c": Fault("cover open", machine.open_cover, machine.close_cover),
        "j": Fault("jam", machine.jam, machine.clear_jam),
        "m": Fault("mute", machine.stop_answering, machine.answer_again),
        "x": Fault("power cut", machine.cycle_power),
    }
    return _Looked(
        PrinterFarEnd(machine),
        lambda: [
            f"a ticket of {ticket.width} x {ticket.height} dots came out and was cut off"
            for ticket in machine.printed
        ],
        faults,
        lambda: min(machine.room, MOUTHFUL),
    )


def _onbon(card: str, width: int, height: int, screen: int) -> Emulator:
    emulated = OnbonCard(
        card="5K" if card == "5K" else "6K", width=width, height=height, screen=screen
    )
    refuse = Fault(
        "refuse",
        lambda: setattr(emulated, "refuse", 3),
        lambda: setattr(emulated, "refuse", 0),
    )
    faults = {"m": _flag(emulated, "mute"), "g": _flag(emulated, "garble"), "r": refuse}
    return _Looked(emulated, lambda: [f"it shows {text}" for text in emulated.history], faults)


def _chip(chip: str) -> Emulator:
    emulated = SpeechChip("xfs5152" if chip == "xfs5152" else "syn6288")
    keys = {"m": "mute", "j": "reject", "l": "lose_end", "h": "hang", "b": "reboot"}
    faults = {key: _flag(emulated, name) for key, name in keys.items()}
    return _Looked(emulated, lambda: [f"it said {text}" for text in emulated.said], faults)


def _strip(frame: str, address: int) -> Emulator:
    kind: Literal["S1", "S2", "S3"] = "S1" if frame == "S1" else "S2" if frame == "S2" else "S3"
    screen = StripScreen(kind, address)
    line = StripLine([screen])
    return _Looked(
        line, lambda: [f"it shows {text}" for text in screen.shown], {"m": _flag(line, "mute")}
    )


def _ff68(address: int) -> Emulator:
    station = Ff68Station(address)
    line = Ff68Line([station])
    caps = {"n": ("呼叫", 0x0C), "a": ("重呼", 0x0D), "z": ("暂停", 0x12), "t": ("转移", 0x13)}
    pad = {"0": "不满意", "1": "一般", "2": "满意", "3": "非常满意"}
    does = {"m": _flag(line, "mute")}
    does |= {
        key: Fault(f"press {cap}", partial(station.press, code))
        for key, (cap, code) in caps.items()
    }
    does |= {key: Fault(f"rate {cap}", partial(station.rate, int(key))) for key, cap in pad.items()}

    def words() -> list[str]:
        shown = [f"it shows the digits {digits!r}" for digits in station.history]
        echoed = [f"its press {data.hex(' ')} was taken" for data in station.echoed]
        told = ["it beeps"] * station.beeps + ["it asks for a rating"] * station.asked
        return shown + echoed + told

    return _Looked(line, words, does)


def _modbus(unit: int, relays: int, inputs: int) -> Emulator:
    board = ModbusBoard(unit, relays=relays, inputs=inputs)

    def close(number: int, *, closed: bool) -> None:
        board.inputs[number] = closed

    does = {"m": _flag(board, "mute"), "x": Fault("power cut", board.lose_power)}
    for number in range(min(inputs, 9)):
        does[str(number + 1)] = Fault(
            f"close input {number + 1}",
            partial(close, number, closed=True),
            partial(close, number, closed=False),
        )
    return _Looked(
        ModbusLine(board),
        lambda: [f"relay {relay} {'on' if on else 'off'}" for relay, on in board.switched],
        does,
    )


def _lcus(relays: int) -> Emulator:
    board = LcusBoard(relays)
    return _Looked(
        board,
        lambda: [f"relay {relay} {'on' if on else 'off'}" for relay, on in board.orders],
        {"m": _flag(board, "deaf")},
    )


def _scanner(code: str) -> Emulator:
    scanner = ScannerMachine()
    does = {
        "s": Fault(f"hold {code} before it", partial(scanner.show, code)),
        "m": _flag(scanner, "mute"),
    }
    return _Looked(scanner, lambda: [f"it read {one}" for one in scanner.read], does)


def _card_reader() -> Emulator:
    reader = CardReaderMachine()
    does = {
        "l": Fault("a card lies there", lambda: reader.lay(IdCard()), reader.take_away),
        "m": _flag(reader, "mute"),
        "g": _flag(reader, "garble"),
    }
    return _Looked(reader, lambda: ["a card was read out" for _ in reader.read], does)


def _table(model: str, *names: str) -> Callable[[str, Mapping[str, Any]], str]:
    """`model`, the port and the options of these names, as hall.toml has them."""

    def toml(port: str, options: Mapping[str, Any]) -> str:
        def pairs() -> Iterator[str]:
            yield f'model = "{model}"'
            yield f'port = "{port}"'
            for name in names:
                value = options[name]
                yield f'{name} = "{value}"' if isinstance(value, str) else f"{name} = {value}"

        return f"{{ {', '.join(pairs())} }}"

    return toml


MODELS: dict[str, Emulated] = {
    "escpos": Emulated(
        "a ticket printer on 80 mm paper, with a cutter and every sensor",
        _printer,
        _table("escpos"),
        {},
        baud=115200,
    ),
    "onbon": Emulated(
        "an Onbon card with fonts on a panel",
        _onbon,
        _table("onbon", "card", "width", "height", "screen"),
        {"card": "6K", "width": 192, "height": 16, "screen": 1},
        baud=57600,
    ),
    "syn6288": Emulated(
        "a speech chip, SYN6288 or XFS5152CE (chip=xfs5152)",
        _chip,
        _table("syn6288", "chip"),
        {"chip": "syn6288"},
        baud=9600,
        tcp=False,
    ),
    "strip": Emulated(
        "a strip screen that answers nothing (frame S1, S2 or S3)",
        _strip,
        _table("strip", "frame", "address"),
        {"frame": "S1", "address": 1},
        baud=9600,
    ),
    "ff68": Emulated(
        "a caller's keypad with its rating pad on an FF 68 bus",
        _ff68,
        lambda port, options: (
            f'{{ model = "ff68", port = "{port}", address = {options["address"]},'
            ' keys = { next = "呼叫", recall = "重呼", pause = "暂停" } }'
        ),
        {"address": 1},
        baud=9600,
    ),
    "modbus": Emulated(
        "a Modbus-RTU board with relays and inputs",
        _modbus,
        lambda port, options: (
            f'{{ model = "modbus", port = "{port}", unit = {options["unit"]},'
            " lamps = { ready = 1, attention = 2, stopped = 3 } }"
        ),
        {"unit": 1, "relays": 8, "inputs": 8},
        baud=9600,
    ),
    "lcus": Emulated(
        "a board with relays on USB",
        _lcus,
        lambda port, _: (
            f'{{ model = "lcus", port = "{port}", lamps = {{ ready = 1, attention = 2, stopped = 3 }} }}'
        ),
        {"relays": 4},
        baud=9600,
        tcp=False,
    ),
    "serial": Emulated(
        "a scanner on a serial line",
        _scanner,
        _table("serial"),
        {"code": "A0010001"},
        baud=9600,
    ),
    "sdt": Emulated(
        "an identity card reader, with the card of a person who does not exist",
        _card_reader,
        _table("sdt"),
        {},
        baud=115200,
    ),
}
