"""What is fuzzed of the readers: whatever may come from card readers, scanners, keyboards and touch screens, noise and good frames mixed."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from pathlib import Path
from random import Random

from firmware.hal.buses.input_events import BY_TOUCH, EventSize, InputEvents
from firmware.hal.card_reader.id_card import holder, text_of
from firmware.hal.card_reader.sdt_frames import Reply
from firmware.hal.card_reader.sdt_frames import Unframer as SdtUnframer
from firmware.hal.scanner.codes import LONGEST
from firmware.hal.scanner.serial_frames import Code, SerialFrames
from firmware.hal.scanner.typewriter import Typewriter
from firmware.hal.screen.fingers import Fingers, Point
from hal_mocks.wires.gm65 import ScannerMachine
from hal_mocks.wires.id_cards import IdCard
from hal_mocks.wires.keyboard import KeyboardMachine
from hal_mocks.wires.sdt import CardReaderMachine
from hal_mocks.wires.touch import TouchMachine
from tests.fuzz.shapes import bent, noise

__all__ = ["FromCardReaders", "FromKeyboards", "FromScanners", "FromTouchScreens"]

_QUESTIONS = [
    bytes.fromhex("AA AA AA 96 69 00 03 " + rest) for rest in ("20 01 22", "20 02 21", "30 01 32")
]
_LONGEST_SDT = 2407
_LONGEST_ANSWER = 261


def _in_pieces(
    random: Random, stream: bytes, feed: Callable[[bytes], list[object]]
) -> list[object]:
    found: list[object] = []
    while stream:
        size = random.randrange(1, len(stream) + 1)
        found += feed(stream[:size])
        stream = stream[size:]
    return found


def _dirty(random: Random, frames: list[bytes]) -> bytes:
    """Good frames, bent ones, and noise."""
    return b"".join(
        random.choice((frame, bent(random, frame), frame[: random.randrange(len(frame))]))
        if random.random() < 0.8
        else noise(random)
        for frame in random.choices(frames, k=random.randrange(1, 5))
    )


class FromCardReaders:
    """The parser lives on: what it keeps is bounded, and a clean frame is found after the longest that noise can feign."""

    def __init__(self, _folder: Path) -> None:
        self._unframer = SdtUnframer()
        self._frames = list(chain.from_iterable(map(self._answers, ("", "J", "I", "Y"))))

    @staticmethod
    def _answers(kind: str) -> list[bytes]:
        machine = CardReaderMachine()
        card = IdCard(kind="J") if kind == "J" else IdCard()
        if kind in ("I", "Y"):
            number = "CAN110181011012" if kind == "I" else "911124198108030024"
            card = IdCard(kind="I" if kind == "I" else "Y", number=number, born="19810803")
        machine.lay(card)
        answers = []
        for question in _QUESTIONS:
            answer = machine.heard(question, 0.0)
            while piece := machine.passed(0.0):
                answer += piece
            answers.append(answer)
        return answers

    def feed(self, random: Random) -> None:
        for found in _in_pieces(random, _dirty(random, self._frames), self._unframer.feed):  # type: ignore[arg-type] # a list of less
            if isinstance(found, Reply):
                text = text_of(found.data) or found.data
                holder(text)
                holder(bent(random, text)[:256].ljust(256, b"\0"))
        assert len(self._unframer._came) < _LONGEST_SDT
        if random.random() < 0.05:
            self._unframer.feed(bytes(_LONGEST_SDT))
            good = random.choice(self._frames)
            assert len(self._unframer.feed(good)) == 1, "a clean frame after noise is not found"

    def close(self) -> None:
        pass


class FromScanners:
    """Those on serial lines."""

    def __init__(self, _folder: Path) -> None:
        self._parser = SerialFrames()
        trigger = bytes.fromhex("7E 00 08 01 00 02 01 AB CD")
        self._frames = [
            ScannerMachine().heard(trigger, 0.0),
            b"https://hall.example/20261125/A017/7KQ4\r",
            "社保卡\r\n".encode("gb18030"),
            b"\x02" * 5,
            b"x" * (LONGEST + 1),
        ]

    def feed(self, random: Random) -> None:
        _in_pieces(random, _dirty(random, self._frames), self._parser.feed)  # type: ignore[arg-type] # as above
        kept = len(self._parser._came) + len(self._parser._text)
        assert kept <= LONGEST + _LONGEST_ANSWER
        if random.random() < 0.2:
            self._parser.pause()
            assert self._parser.feed(b"A017\r") == [Code("A017")]

    def close(self) -> None:
        pass


class FromKeyboards:
    """Pads and scanners, for either word size."""

    def __init__(self, _folder: Path) -> None:
        self._both = (_Keyboard(24), _Keyboard(16))

    def feed(self, random: Random) -> None:
        random.choice(self._both).feed(random)

    def close(self) -> None:
        pass


class _Keyboard:
    def __init__(self, size: EventSize) -> None:
        self._size = size
        self._machine = KeyboardMachine(64 if size == 24 else 32)
        self._events = InputEvents(size)
        self._typewriter = Typewriter()
        self._key = [(76, 1), (76, 0)]

    def feed(self, random: Random) -> None:
        event = self._machine.event
        frames = [
            self._machine.events(self._key),
            self._machine.events([(random.randrange(0x300), random.randrange(3))]),
            event(0, 3, 0),
            event(random.randrange(2**16), random.randrange(2**16), random.randrange(2**32)),
        ]
        for one in self._events.feed(_dirty(random, frames)):
            self._typewriter.feed(one)
        assert len(self._events._came) < self._size
        assert len(self._typewriter._text) <= LONGEST
        if random.random() < 0.2:
            # The first may go with what half a frame has left.
            self._events.feed(self._machine.events(self._key))
            found = self._events.feed(self._machine.events(self._key))
            assert [(e.code, e.value) for e in found if e.type == 1] == self._key


class FromTouchScreens:
    """Whatever came before, an empty screen that is touched tells where, for either word size and sort of screen."""

    def __init__(self, _folder: Path) -> None:
        self._all = [
            _TouchScreen(size, several=several) for size in _SIZES for several in (True, False)
        ]

    def feed(self, random: Random) -> None:
        random.choice(self._all).feed(random)

    def close(self) -> None:
        pass


_SIZES: tuple[EventSize, ...] = (24, 16)


class _TouchScreen:
    def __init__(self, size: EventSize, *, several: bool) -> None:
        self._size, self._several = size, several
        self._events = InputEvents(size, BY_TOUCH)
        self._fingers = Fingers()

    def _machine(self) -> TouchMachine:
        return TouchMachine(64 if self._size == 24 else 32, several=self._several)

    def feed(self, random: Random) -> None:
        machine = self._machine()
        machine.down(random.randrange(4096), random.randrange(4096), random.randrange(3))
        machine.slide(random.randrange(4096), random.randrange(4096), 0)
        machine.overrun()
        frames = [machine.passed(0.0) for _ in range(3)]
        frames.append(random.randbytes(self._size * random.randrange(1, 9)))
        self._take(_dirty(random, frames))
        assert len(self._events._came) < self._size
        assert len(self._fingers._places) <= 64
        if random.random() < 0.2:
            self._empty()
            x, y = random.randrange(4096), random.randrange(4096)
            last = self._machine()
            last.down(x, y)
            assert self._take(last.passed(0.0)) == [Point(x, y)]

    def _empty(self) -> None:
        """All fingers leave; the first frame may go with what half a frame has left."""
        event = self._machine()._event
        frame = event(1, 0x14A, 0)
        for slot in range(64):
            frame += event(3, 0x2F, slot) + event(3, 0x39, 0xFFFFFFFF)
        frame += event(3, 0x2F, 0) + event(0, 0, 0)
        self._take(frame + frame)

    def _take(self, chunk: bytes) -> list[Point]:
        points = [self._fingers.feed(event) for event in self._events.feed(chunk)]
        return [point for point in points if point is not None]
