"""A sound card that is a file, by SDL's own disk driver: what would have sounded can be measured, and listened to."""

from __future__ import annotations

import json
import math
import time
import wave
from array import array
from collections.abc import Mapping, Sequence
from pathlib import Path

__all__ = ["SoundFile", "pack_of_beeps"]

RATE = 24_000  # as the drivers play: 16 bit, one channel
FRAME = RATE // 100
QUIET = 300  # of 32767
BLOCK = 16_384  # bytes that SDL keeps until it writes them
PATIENCE_S = 5.0
BEEP_S, LOUD = 0.4, 9000


class SoundFile:
    """`environment` is what makes SDL write to it instead of a card, said before one is opened."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.environment: Mapping[str, str] = {
            "SDL_AUDIODRIVER": "disk",
            "SDL_DISKAUDIOFILE": str(path),
        }

    def now(self) -> int:
        """How many bytes have sounded."""
        return self._path.stat().st_size if self._path.exists() else 0

    def settle(self) -> None:
        """Wait until silence has pushed out what was played."""
        wanted, deadline = self.now() + BLOCK, time.monotonic() + PATIENCE_S
        while self.now() < wanted and time.monotonic() < deadline:
            time.sleep(0.005)

    def seconds_since(self, before: int) -> float:
        """How long it was loud since so many bytes."""
        heard = self._samples()[before // 2 :]
        frames = (heard[at : at + FRAME] for at in range(0, len(heard), FRAME))
        return sum(max(map(abs, frame)) > QUIET for frame in frames) * FRAME / RATE

    def save(self) -> Path:
        """All that sounded, as a file that one can play."""
        path = self._path.with_suffix(".wav")
        _write(path, self._samples())
        return path

    def _samples(self) -> array[int]:
        came = self._path.read_bytes()
        return array("h", came[: len(came) // 2 * 2])


def pack_of_beeps(folder: Path, texts: Sequence[str]) -> Path:
    """A voice pack that says each text with a tone of its own."""
    # A manifest names Ogg files alone; SDL looks at what is in them.
    folder.mkdir()
    for number, _ in enumerate(texts):
        turn = 2 * math.pi * (440 + 110 * number) / RATE
        samples = array(
            "h", (round(LOUD * math.sin(turn * at)) for at in range(int(RATE * BEEP_S)))
        )
        _write(folder / f"beep-{number}.ogg", samples)
    manifest = {
        "language": "zh",
        "voice": "beeps",
        "maker": "Jiaohao",
        "licence": "Apache-2.0",
        "provenance": "sines",
        "sample_rate": RATE,
        "loudness": -13.5,
        "pauses": {"between": 20, "comma": 200, "stop": 400},
        "clips": {text: f"beep-{number}.ogg" for number, text in enumerate(texts)},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def _write(path: Path, samples: array[int]) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
