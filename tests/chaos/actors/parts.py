"""Mock parts of a board that write down what paper, lamp, screen and voice did, and can die in the middle of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from threading import Event
from typing import Any

from broker.settings import Device
from firmware.device import Print
from firmware.hal.lamps import Light
from firmware.hal.printer import Paper, Printer, Proof, open_printer
from firmware.hal.screen import Page
from hal_mocks.card_reader import MockCardReader
from hal_mocks.keypad import MockKeypad
from hal_mocks.lamps import MockLamps
from hal_mocks.led_panel import MockLedPanel
from hal_mocks.printer import MockPrinter
from hal_mocks.scanner import MockScanner
from hal_mocks.screen import MockScreen
from hal_mocks.voice import MockVoice
from tests.chaos.actors.diary import Diary
from tests.chaos.actors.steps import Steps

__all__ = ["Parts"]

# A fast talker: a hall under load makes more calls in a minute than a chip can speak.
SECONDS_PER_CHARACTER = 0.01

Note = Callable[..., None]


class Parts:
    """Opens the parts; `press` is the world's hand."""

    def __init__(self, steps: Steps, diary: Diary, *, wire: bool = False) -> None:
        """`wire`: the printer is the real driver, at the port that hall.toml names."""
        self._steps, self._diary, self._wire = steps, diary, wire
        self._keypads: dict[str, MockKeypad] = {}

    def open_part(self, device: Device, part: str, settings: Any) -> Any:
        def note(what: str, **more: Any) -> None:
            self._diary.note(what, device=device.id, part=part, **more)

        match part:
            case "keys":
                return self._keypads.setdefault(device.id, MockKeypad())
            case "scanner":
                return MockScanner()
            case "card_reader":
                return MockCardReader()
            case "lamps" | "tower":
                return _Lamps(note)
            case "led" | "display":
                return _Led(self._steps, note)
            case "printer" if self._wire:
                return _WirePrinter(open_printer(settings), self._steps)
            case "printer":
                return _Printer(self._steps, note)
            case "screen":
                return _Screen(note)
            case "voice" | "voice_en":
                return _Voice(self._steps, note)
            case _:
                raise ValueError(f"{device.id} has a part {part!r} that nothing here stands in for")

    def press(self, device: str, key: str) -> None:
        if device in self._keypads:
            self._diary.note("pressed", device=device, key=key)
            self._keypads[device].press(key)


class _Printer(MockPrinter):
    """`ticket` is what the next strip is: whoever draws it says so."""

    ticket: Print | None = None

    def __init__(self, steps: Steps, note: Note) -> None:
        super().__init__()
        self._steps, self._note = steps, note

    def print(self, paper: Paper) -> Proof:
        self._steps.at("first byte of the paper")
        proof = super().print(paper)
        assert self.ticket is not None
        self._note(
            "paper",
            ticket=self.ticket.ticket,
            again=self.ticket.again,
            alone=self.ticket.alone,
        )
        self._steps.at("after the cut")
        return proof


class _WirePrinter:
    """The real one; what comes between its first and its last byte is the far end's to break."""

    ticket: Print | None = None

    def __init__(self, printer: Printer, steps: Steps) -> None:
        self._printer, self._steps = printer, steps
        self.printed: list[Paper] = []
        self.health, self.clear, self.close = printer.health, printer.clear, printer.close

    def print(self, paper: Paper) -> Proof:
        self._steps.at("before the first byte")
        proof = self._printer.print(paper)
        self._steps.at("after the proof")
        return proof


class _Voice(MockVoice):
    def __init__(self, steps: Steps, note: Note) -> None:
        super().__init__(SECONDS_PER_CHARACTER)
        self._steps, self._note = steps, note

    def say(self, text: str, cut: Event | None = None) -> None:
        self._steps.at("before speaking")
        self._note("said", text=text)
        super().say(text, cut)
        self._steps.at("after speaking")


class _Led(MockLedPanel):
    def __init__(self, steps: Steps, note: Note) -> None:
        super().__init__()
        self._steps, self._note = steps, note

    def show(self, text: str) -> None:
        self._steps.at("before showing")
        super().show(text)
        self._note("shown", now=text)
        self._steps.at("after showing")


class _Screen(MockScreen):
    def __init__(self, note: Note) -> None:
        super().__init__()
        self._note = note

    def show(self, page: Page) -> None:
        super().show(page)
        self._note("shown", now=dataclasses.asdict(page))


class _Lamps(MockLamps):
    def __init__(self, note: Note) -> None:
        super().__init__()
        self._note = note

    def light(self, lamp: str, light: Light) -> None:
        self.lit[lamp] = light
        self._note("shown", now=dict(self.lit))
