"""A sound card whose samples can be timed: SDL's disk driver writes them, in real time, into a pipe that is read at once."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import numpy as np

from firmware.hal.voice.sound_card import BUFFER
from tests.bench.row import BenchFault

__all__ = ["SoundLine"]

LOUD = 300  # of 32,768
PIECE = 4096  # the driver's file hands on so many bytes at a time, when the next buffer begins
PATIENCE_S = 5.0


class SoundLine:
    """Set up before the card is opened; `first_sample` tells when the first sound after a moment was given to the card."""

    def __init__(self, folder: Path) -> None:
        path = folder / "card.raw"
        os.mkfifo(path)
        os.environ |= {"SDL_AUDIODRIVER": "disk", "SDL_DISKAUDIOFILE": str(path)}
        self._fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        os.set_blocking(self._fd, True)
        self._pieces: list[tuple[int, np.ndarray]] = []
        self._came = threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()

    def first_sample(self, since: int) -> int:
        """In ns of the monotonic clock, to one buffer's mixing. Raises BenchFault."""
        deadline = time.monotonic() + PATIENCE_S
        with self._came:
            while (found := self._found(since)) is None:
                if not self._came.wait(max(0.0, deadline - time.monotonic())):
                    raise BenchFault("the card was given no sound")
            return found

    def forget(self) -> None:
        """Wait for silence, and begin anew."""
        with self._came:
            while len(self._pieces) < 3 or any(_loud(piece).size for _, piece in self._pieces[-2:]):
                if not self._came.wait(PATIENCE_S):
                    raise BenchFault("the card does not go on")
            del self._pieces[:-2]

    def _found(self, since: int) -> int | None:
        for number, (at, piece) in enumerate(self._pieces):
            loud = _loud(piece)
            if number and at >= since and loud.size:
                # A piece is handed on when the buffer after its last one is mixed.
                buffers = PIECE // (2 * BUFFER)
                step = (at - self._pieces[number - 1][0]) / buffers
                return round(at - step * (buffers - int(loud[0]) // BUFFER))
        return None

    def _read(self) -> None:
        held = b""
        while True:
            came = os.read(self._fd, PIECE)
            if not came:
                time.sleep(0.01)  # nobody has opened the card yet
                continue
            held += came
            while len(held) >= PIECE:
                with self._came:
                    piece = np.frombuffer(held[:PIECE], dtype="<i2")
                    self._pieces.append((time.monotonic_ns(), piece))
                    self._came.notify_all()
                held = held[PIECE:]


def _loud(piece: np.ndarray) -> np.ndarray:
    return np.flatnonzero(np.abs(piece.astype(np.int32)) > LOUD)
