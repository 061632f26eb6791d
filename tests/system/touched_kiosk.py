"""A kiosk's whole board in this process - its loop, screen and drivers real - and whoever stands before it."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pygame
import pytest
from PIL import Image

from broker.session import Address
from broker.settings import Board, Device
from firmware.board import BoardLoop
from firmware.check import load, with_catalogue
from firmware.hal.buses.input_events import NATIVE_SIZE
from firmware.hal.buses.key_codes import KEY_CODES
from firmware.hal.printer import Bitmap
from firmware.hal.screen import PygameScreenSettings
from firmware.hal.screen.drawing import Box, Drawing
from firmware.hal.screen.fingers import Taps
from firmware.hal.screen.pygame_brush import Brush
from firmware.parts import open_parts
from firmware.ticket_kiosk.keys import MORE
from hal_mocks.wires.escpos_printer import EscposPrinterOnWire
from hal_mocks.wires.keyboard import KeyboardMachine
from hal_mocks.wires.line import PtyLine
from hal_mocks.wires.pipe_line import PipeLine
from hal_mocks.wires.syn6288 import SpeechChip
from hal_mocks.wires.touch import TouchMachine
from hal_mocks.wires.wired import Wired
from tests.fingers import finger_on
from tests.system.stage import SAMPLE, wait_until

__all__ = ["TouchedKiosk", "touched_kiosk"]

KIOSK = "kiosk-1"
EXTENT = 4096
TACTILE = {
    "key:previous": "KEY_KP4",
    "key:next": "KEY_KP6",
    "key:choose": "KEY_KPENTER",
    "key:back": "KEY_KP0",
}
BITS: Any = 64 if NATIVE_SIZE == 24 else 32
SPOKEN_S = 0.001
"""For each character: nobody has to listen to the end."""
QUIET_S = 0.25


class Opener:
    """Opens all parts for real, and keeps the screen to look at."""

    def __init__(self, folder: Path) -> None:
        self._open = open_parts(folder)
        self.screen: Any = None
        self.settings = PygameScreenSettings()

    def __call__(self, device: Device, part: str, settings: Any) -> Any:
        opened = self._open(device, part, settings)
        if part == "screen":
            self.screen, self.settings = opened, settings
        return opened


class TouchedKiosk:
    """Its printer, touch screen, tactile keys and speech chip are emulators at the far ends of real lines."""

    def __init__(
        self,
        opener: Opener,
        printer: EscposPrinterOnWire,
        glass: TouchMachine,
        keys: KeyboardMachine,
        chip: SpeechChip,
    ) -> None:
        self._opener, self._printer = opener, printer
        self._finger, self._keys, self._chip = glass, keys, chip
        self._touched_at = 0.0
        self.touches: list[tuple[str, Box]] = []

    # --- what is seen -----------------------------------------------------------------------------------

    @property
    def page(self) -> Drawing | None:
        """What is on the glass."""
        window = getattr(self._opener.screen, "_window", None)
        drawing: Drawing | None = window.glass._on if window else None
        return drawing

    @property
    def text(self) -> str:
        return "".join(words.text for words in self.page.words) if self.page else ""

    def has(self, key: str) -> bool:
        return self.page is not None and key in [area.key for area in self.page.keys]

    def panel(self) -> tuple[pygame.Surface, Drawing]:
        """The panel's pixels as they are now, and the page that is on it; taken while nothing moves."""

        def taken() -> tuple[pygame.Surface, Drawing] | None:
            before, surface = self.page, pygame.display.get_surface()
            if before is None or surface is None:
                return None
            pixels = surface.copy()
            return (pixels, before) if self.page is before else None

        found: tuple[pygame.Surface, Drawing] = wait_until("the page stands still", taken)
        return found

    def drawn_anew(self, page: Drawing) -> pygame.Surface:
        """The same page on an empty panel of the same size."""
        window = self._opener.screen._window
        surface = pygame.Surface(window.size, depth=32)
        Brush(surface, self._opener.settings.rotate, window._letters, Path()).draw(page)
        return surface

    def picture_of(self, pixels: pygame.Surface, box: Box) -> Image.Image:
        """A part of the page, as people see it who stand before the panel."""
        upright = pygame.transform.rotate(pixels, self._opener.settings.rotate)
        image = Image.frombytes("RGB", upright.get_size(), pygame.image.tobytes(upright, "RGB"))
        return image.crop((box.x, box.y, box.right, box.bottom))

    @property
    def paper(self) -> tuple[Bitmap, ...]:
        """What came out of the printer, and was cut off."""
        return tuple(self._printer.printed)

    @property
    def height(self) -> int:
        return self._opener.settings.height

    # --- what is done -----------------------------------------------------------------------------------

    def at_home(self) -> None:
        wait_until(
            f"the kiosk is at home; there stands {self.text!r}",
            lambda: self.has("service:pension") and "脱机" not in self.text,
        )

    def touch(self, key: str) -> None:
        """Lay a finger on a key, and turn the page for it where it stands further on."""
        wait_until(
            f"there is a key {key!r}; there stands {self.text!r}",
            lambda: self.has(key) or self.has(MORE),
        )
        while not self.has(key):
            self._tap(MORE)
        self._tap(key)

    def _tap(self, key: str) -> None:
        # Nobody's finger is faster than one that bounces.
        wait_until("the finger is lifted", lambda: time.monotonic() > self._touched_at + QUIET_S)
        page = self.page
        assert page is not None
        at = finger_on(self._opener.screen, self._opener.settings, key, EXTENT)
        self.touches.append((key, next(area.box for area in page.keys if area.key == key)))
        self._touched_at = time.monotonic()
        self._finger.tap(*at)
        wait_until(f"the touch of {key!r} leads on", lambda: self.page is not page)

    def feel(self, key: str) -> str:
        """Press a tactile key, and listen to all that the voice says then."""
        before = len(self._chip.said)
        self._keys.press(KEY_CODES[TACTILE[key]])
        wait_until(f"the voice answers to {key!r}", lambda: len(self._chip.said) > before)
        self._hears_out()
        return "".join(self._chip.heard_text[before:])

    def said(self) -> str:
        """All that the voice has said."""
        self._hears_out()
        return "".join(self._chip.heard_text)

    def _hears_out(self) -> None:
        quiet_since, said = time.monotonic(), -1

        def is_over() -> bool:
            nonlocal quiet_since, said
            if self._chip.speaking or len(self._chip.said) != said:
                quiet_since, said = time.monotonic(), len(self._chip.said)
            return time.monotonic() > quiet_since + QUIET_S

        wait_until("the voice has finished", is_over)


@contextmanager
def touched_kiosk(
    folder: Path, broker: int, size: tuple[int, int], rotate: int, touch: int
) -> Iterator[TouchedKiosk]:
    """The sample hall's kiosk at a broker's port; on a panel without a desktop, turned and touched as told."""
    assert QUIET_S > Taps.SECONDS
    printer = EscposPrinterOnWire(PtyLine())
    glass, keys = TouchMachine(BITS), KeyboardMachine(BITS)
    chip = SpeechChip(seconds_per_character=SPOKEN_S)
    with (
        Wired(glass, PipeLine()) as glass_line,
        Wired(keys, PipeLine()) as keys_line,
        Wired(chip, PtyLine()) as chip_line,
        pytest.MonkeyPatch.context() as environment,
    ):
        environment.setenv("SDL_VIDEODRIVER", "dummy")
        hall_file = folder / "kiosk.toml"
        hall_file.write_text(
            _hall_text(
                _screen(size, rotate, touch, glass_line.address),
                f'printer = {{ model = "escpos", port = "serial:{printer.line.address}", proof = "id" }}',
                _tactile(keys_line.address),
                f'voice = {{ model = "syn6288", port = "serial:{chip_line.address}" }}',
            ),
            encoding="utf-8",
        )
        (folder / "sample-catalogue.toml").write_bytes(
            SAMPLE.with_name("sample-catalogue.toml").read_bytes()
        )
        hall = with_catalogue(load(hall_file, KIOSK), hall_file, KIOSK)
        board: Board = next(one for one in hall.boards if one.id == KIOSK)
        opener = Opener(folder)
        loop = BoardLoop(hall, board, folder, opener)
        thread = threading.Thread(
            target=loop.run, args=(Address("127.0.0.1", broker),), name="board"
        )
        thread.start()
        try:
            yield TouchedKiosk(opener, printer, glass, keys, chip)
        finally:
            loop.stop()
            thread.join()
            printer.close()


def _screen(size: tuple[int, int], rotate: int, touch: int, pipe: str) -> str:
    return (
        f'screen = {{ model = "pygame", width = {size[0]}, height = {size[1]}, fullscreen = false, rotate = {rotate},'
        f' touch = {{ port = "input:{pipe}", width = {EXTENT}, height = {EXTENT}, rotate = {touch} }} }}'
    )


def _tactile(pipe: str) -> str:
    keys = ", ".join(f'"{name}" = "{code}"' for name, code in TACTILE.items())
    return f'keys = {{ model = "usb", port = "input:{pipe}", keys = {{ {keys} }} }}'


def _hall_text(*hardware: str) -> str:
    """The sample hall's, with other hardware in its kiosk."""
    text = SAMPLE.read_text(encoding="utf-8")
    begin = text.index("[boards.devices.hardware]", text.index(f'[[boards]]\nid = "{KIOSK}"'))
    end = text.index("[[boards]]", begin)
    return os.linesep.join((text[:begin] + "[boards.devices.hardware]", *hardware, "", text[end:]))
