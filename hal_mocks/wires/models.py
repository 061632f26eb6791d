"""The emulators by the model that hall.toml names: how each is made, what it decoded, and the faults it can have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from hal_mocks.wires.escpos_machine import EscposMachine
from hal_mocks.wires.onbon import OnbonCard
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

    far_end: FarEnd

    @property
    def decoded(self) -> list[str]: ...

    @property
    def faults(self) -> Mapping[str, Fault]:
        """By the key that one types."""

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


class _Printer:
    def __init__(self) -> None:
        self.machine = EscposMachine()
        self.far_end: FarEnd = PrinterFarEnd(self.machine)

    def appetite(self) -> int:
        return min(self.machine.room, MOUTHFUL)

    @property
    def decoded(self) -> list[str]:
        return [
            f"a ticket of {ticket.width} x {ticket.height} dots came out and was cut off"
            for ticket in self.machine.printed
        ]

    @property
    def faults(self) -> Mapping[str, Fault]:
        machine = self.machine
        return {
            "p": Fault("paper out", machine.run_out_of_paper, machine.refill),
            "e": Fault("paper near its end", machine.put_near_end, machine.refill),
            "c": Fault("cover open", machine.open_cover, machine.close_cover),
            "j": Fault("jam", machine.jam, machine.clear_jam),
            "m": Fault("mute", machine.stop_answering, machine.answer_again),
            "x": Fault("power cut", machine.cycle_power),
        }


class _Card:
    def __init__(self, card: str, width: int, height: int, screen: int) -> None:
        self.card = OnbonCard(
            card="5K" if card == "5K" else "6K", width=width, height=height, screen=screen
        )
        self.far_end: FarEnd = self.card

    def appetite(self) -> int:
        return MOUTHFUL

    @property
    def decoded(self) -> list[str]:
        return [f"it shows {text}" for text in self.card.history]

    @property
    def faults(self) -> Mapping[str, Fault]:
        return {
            "m": _flag(self.card, "mute"),
            "g": _flag(self.card, "garble"),
            "r": Fault(
                "refuse",
                lambda: setattr(self.card, "refuse", 3),
                lambda: setattr(self.card, "refuse", 0),
            ),
        }


class _Chip:
    def __init__(self, chip: str) -> None:
        self.chip = SpeechChip("xfs5152" if chip == "xfs5152" else "syn6288")
        self.far_end: FarEnd = self.chip

    def appetite(self) -> int:
        return MOUTHFUL

    @property
    def decoded(self) -> list[str]:
        return [f"it said {text}" for text in self.chip.said]

    @property
    def faults(self) -> Mapping[str, Fault]:
        keys = {"m": "mute", "j": "reject", "l": "lose_end", "h": "hang", "b": "reboot"}
        return {key: _flag(self.chip, name) for key, name in keys.items()}


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
        _Printer,
        _table("escpos"),
        {},
        baud=115200,
    ),
    "onbon": Emulated(
        "an Onbon card with fonts on a panel",
        _Card,
        _table("onbon", "card", "width", "height", "screen"),
        {"card": "6K", "width": 192, "height": 16, "screen": 1},
        baud=57600,
    ),
    "syn6288": Emulated(
        "a speech chip, SYN6288 or XFS5152CE (chip=xfs5152)",
        _Chip,
        _table("syn6288", "chip"),
        {"chip": "syn6288"},
        baud=9600,
        tcp=False,
    ),
}
