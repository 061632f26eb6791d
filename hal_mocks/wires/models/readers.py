"""The emulated readers: a scanner, and a reader of identity cards."""

from __future__ import annotations

from functools import partial

from hal_mocks.wires.gm65 import ScannerMachine
from hal_mocks.wires.id_cards import IdCard
from hal_mocks.wires.models.emulated import Emulated, Emulator, Fault, flag, table
from hal_mocks.wires.sdt import CardReaderMachine

__all__ = ["READERS"]


def _scanner(code: str) -> Emulator:
    scanner = ScannerMachine()
    does = {
        "s": Fault(f"hold {code} before it", partial(scanner.show, code)),
        "m": flag(scanner, "mute"),
    }
    return Emulator(lambda: [f"it read {one}" for one in scanner.read], does, scanner)


def _card_reader() -> Emulator:
    reader = CardReaderMachine()
    does = {
        "l": Fault("a card lies there", lambda: reader.lay(IdCard()), reader.take_away),
        "m": flag(reader, "mute"),
        "g": flag(reader, "garble"),
    }
    return Emulator(lambda: ["a card was read out" for _ in reader.read], does, reader)


READERS: dict[str, Emulated] = {
    "serial": Emulated(
        "a scanner on a serial line",
        _scanner,
        {"scanner": table("serial")},
        {"code": "A0010001"},
        port="serial:{}?baud=9600",
        tcp=True,
    ),
    "sdt": Emulated(
        "an identity card reader, with the card of a person who does not exist",
        _card_reader,
        {"card_reader": table("sdt")},
        port="serial:{}?baud=115200",
        tcp=True,
    ),
}
