"""The mock parts of one board: made once, opened by the board, worked by the world, watched for what they remember."""

from __future__ import annotations

import threading
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from broker.settings import Board, Device
from firmware.hal.card_reader import Card
from hal_mocks.card_reader import MockCardReader
from hal_mocks.keypad import MockKeypad
from hal_mocks.lamps import MockLamps
from hal_mocks.led_panel import MockLedPanel
from hal_mocks.printer import MockPrinter, png
from hal_mocks.scanner import MockScanner
from hal_mocks.virtual_hall.drawn import DrawnScreen
from hal_mocks.virtual_hall.talk import DEEDS, KEYED, Deed, Memory
from hal_mocks.voice import MockVoice

__all__ = ["LAST_SAID", "Prop", "Props"]

Prop = Any
"""A mock part, or whatever else stands in for one: each has its world's deeds as methods."""
LAST_SAID = 5
SECONDS_PER_CHARACTER = 0.18  # as long as a speech chip takes
CARDS = {"elderly": Card("0d" * 32, elderly=True), "younger": Card("1e" * 32, elderly=False)}


class Props:
    """`tell` gets a part's memory whenever it has changed, from any thread, and once at the start.

    Files that settings name are looked for in `folder`.
    """

    def __init__(self, board: Board, tell: Callable[[Memory], None], folder: Path) -> None:
        self._tell, self._folder = tell, folder
        self._props: dict[tuple[str, str], Prop] = {}
        # What is remembered is also told, by whichever thread: else the older memory may be told last, and stay.
        self._telling = {
            (d.id, part): threading.Lock() for d in board.devices for part in d.hardware
        }
        for device in board.devices:
            for part in device.hardware:
                self._props[device.id, part] = self._make(device, part)
        for device_id, part in self._props:
            self._changed(device_id, part)

    def open_part(self, device: Device, part: str, _settings: Any) -> Any:
        """The part that stands there: a broken one stays broken, however often it is opened."""
        return self._props[device.id, part]

    def do(self, deed: Deed) -> None:
        """Do what the world does."""
        prop = self._props.get((deed.device, deed.part))
        if prop is None or deed.do not in DEEDS.get(deed.part, ()):
            raise ValueError(f"nobody can {deed.do!r} the {deed.part!r} of {deed.device!r}")
        if isinstance(prop, MockCardReader):
            prop.lay(_card(deed.key))
            prop.take_away()
        else:
            getattr(prop, deed.do)(*((deed.key,) if deed.do in KEYED else ()))
        self._changed(deed.device, deed.part)

    def _make(self, device: Device, part: str) -> Prop:
        def watcher() -> None:
            self._changed(device.id, part)

        match part:
            case "keys" | "help":
                return MockKeypad(watcher=watcher)
            case "tower":
                return MockLamps(device.hardware[part]["lamps"], watcher=watcher)
            case "scanner":
                return MockScanner(watcher=watcher)
            case "card_reader":
                return MockCardReader(watcher=watcher)
            case "lamps":
                return MockLamps(device.hardware[part][part], watcher=watcher)
            case "led" | "display":
                return MockLedPanel(watcher=watcher)
            case "printer":
                return MockPrinter(watcher=watcher)
            case "screen":
                return DrawnScreen(device.hardware[part], self._folder, watcher)
            case "voice" | "voice_en":
                return MockVoice(SECONDS_PER_CHARACTER, watcher=watcher)
            case _:
                raise ValueError(f"{device.id} has a part {part!r} that no mock stands in for")

    def _changed(self, device: str, part: str) -> None:
        prop = self._props.get((device, part))
        if prop is not None:
            with self._telling[device, part]:
                self._tell(Memory(device=device, part=part, now=self._memory(prop)))

    def _memory(self, prop: Prop) -> dict[str, Any]:
        match prop:
            case MockKeypad() | MockScanner() | MockCardReader():
                return {}
            case MockLamps():
                return {"lit": dict(prop.lit)}
            case MockLedPanel():
                return {"text": prop.text, "health": msgspec.to_builtins(prop.health())}
            case DrawnScreen():
                return {"page": msgspec.to_builtins(prop.current), "drawing": prop.drawing()}
            case MockPrinter():
                tickets = [b64encode(png(bitmap)).decode() for bitmap in prop.printed[-1:]]
                return {
                    "tickets": tickets,
                    "printed": len(prop.printed),
                    "code": prop.code,
                    "health": msgspec.to_builtins(prop.health()),
                    "troubles": sorted(prop.troubles),
                }
            case MockVoice():
                return {
                    "saying": prop.saying,
                    "said": prop.said[-LAST_SAID:],
                    "times": len(prop.said),
                    "health": msgspec.to_builtins(prop.health()),
                }
            case _:
                raise TypeError(f"nobody knows what {prop!r} remembers")


def _card(whose: str) -> Card:
    if whose not in CARDS:
        raise ValueError(f"nobody has a card {whose!r}; there are: {', '.join(CARDS)}")
    return CARDS[whose]
