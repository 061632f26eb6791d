"""What is fuzzed on shared lines: the parsers of both ends, on whole frames, bent ones, and noise, glued and cut anyhow."""

from __future__ import annotations

from pathlib import Path
from random import Random

from firmware.hal.buses import ff68
from firmware.hal.led_panel import bxk
from firmware.hal.led_panel.strip_frames import StripFrame, framed
from hal_mocks.wires.ff68 import Ff68Line, Ff68Station
from hal_mocks.wires.onbon import OnbonCard
from hal_mocks.wires.strip import StripScreen
from tests.fuzz.shapes import bent, noise

__all__ = ["InBxkFrames", "InFf68Frames", "InStripFrames"]

SPLICES = (
    b"\xa5" * 8,
    b"\x5a",
    b"\xa6",
    b"\x5b\x02",
    b"\xff\x68",
    b"\x16",
    b"\xff",
    b"\xaa",
    b"\x00" * 40,
)


def stream(random: Random, whole: bytes) -> list[bytes]:
    """A frame, or several, bent or among noise, in pieces."""
    wire = whole * random.randrange(1, 3)
    kind = random.randrange(4)
    if kind == 0:
        wire = noise(random) + wire + noise(random)
    elif kind == 1:
        wire = bent(random, wire, SPLICES)
    elif kind == 2:
        wire = noise(random)
    pieces = []
    while wire:
        size = random.randrange(1, 80)
        pieces.append(wire[:size])
        wire = wire[size:]
    return pieces


class InBxkFrames:
    """LED cards' frames, to the driver's parser and to the emulated card; also good frames with odd commands."""

    GOOD = bxk.Packet(bxk.HOST, 1, bxk.reply())

    def __init__(self, _folder: Path) -> None:
        self._unframer = bxk.Unframer()
        self._card = OnbonCard()

    def feed(self, random: Random) -> None:
        area = bxk.Area(random.randrange(8, 200), 16, random.randbytes(random.randrange(60)))
        payload = random.choice(
            (bxk.show_area(area, "6K"), bxk.ping(), bxk.delete_areas(), bxk.reply(3))
        )
        if random.random() < 0.3:
            payload = bent(random, payload, SPLICES)
        sent = bxk.frame(bxk.Packet(1, bxk.HOST, payload))
        for piece in stream(random, sent):
            for found in self._unframer.feed(piece):
                if isinstance(found, bxk.Packet):
                    bxk.read_reply(found.payload)
            assert len(self._unframer._body or b"") < 5000
            self._card.heard(piece, 0.0)
        # Whatever came before, the next frame is whole.
        assert self._unframer.feed(bxk.frame(self.GOOD))[-1] == self.GOOD
        self._card.heard(bxk.frame(bxk.Packet(1, bxk.HOST, bxk.ping())), 0.0)
        self._card.history.clear()
        assert len(self._card.areas) <= 256

    def close(self) -> None:
        pass


class InFf68Frames:
    """Keypads' frames, to the driver's parser and what it answers, and to the emulated keypads."""

    def __init__(self, _folder: Path) -> None:
        self._unframer = ff68.Unframer()
        self._talk = ff68.Conversation()
        self._line = Ff68Line([Ff68Station(3), Ff68Station(4)])
        self._at = 0.0

    def feed(self, random: Random) -> None:
        self._at += random.random() / 4
        frame = ff68.Frame(
            random.randrange(256),
            random.choice((1, 2, 3, 0x11, random.randrange(256))),
            random.randbytes(random.randrange(8)),
        )
        for piece in stream(random, ff68.framed(frame)):
            for found in self._unframer.feed(piece):
                answer, _ = self._talk.hear(found, self._at)
                if answer is not None:
                    self._talk.say(answer, self._at)
            assert len(self._unframer._held) < 50
            self._line.heard(piece, self._at)
            assert len(self._line._came) < 300
        self._unframer.give_up()
        # After a moment's silence the next frame is whole, whatever came before.
        assert self._unframer.feed(ff68.framed(frame)) == [frame]
        assert len(self._talk._last) <= 512
        assert len(self._talk._sent) <= 256
        for station in self._line.stations.values():
            station.history.clear()

    def close(self) -> None:
        pass


class InStripFrames:
    """Strip screens' frames, to the emulated screens, whose reading is the witness of the tests."""

    KINDS: tuple[StripFrame, ...] = ("S1", "S2", "S3")

    def __init__(self, _folder: Path) -> None:
        self._screens = {kind: StripScreen(kind, 3) for kind in self.KINDS}

    def feed(self, random: Random) -> None:
        kind = random.choice(self.KINDS)
        text = "".join(random.choices("请A0129号到窗口㙍\n\\ \x00", k=random.randrange(40)))
        frame = framed(kind, 3, text, main=False, sequence=random.randrange(256))
        screen = self._screens[kind]
        for piece in stream(random, frame):
            screen.hear(piece)
            assert len(screen._held) < 1000
        screen.forget()
        screen.shown.clear()
        screen.hear(frame)
        assert len(screen.shown) == 1

    def close(self) -> None:
        pass
