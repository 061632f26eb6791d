"""An ear for the sound card: SDL's disk driver keeps what would have sounded, and each piece is a tone of its own.

It measures frequencies in the samples that were played, and knows nothing of how they got there.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pygame
import soundfile

RATE = 24_000
FRAME = 240  # 10 ms
LOWEST, STEP = 400.0, 100.0  # Hz: what a frame of 10 ms tells apart
QUIET = 0.01
OUT = "SDL_DISKAUDIOFILE"


def tone(number: int, seconds: float, level: float = 0.3) -> np.ndarray:
    at = np.arange(round(seconds * RATE)) / RATE
    return (level * np.sin(2 * np.pi * (LOWEST + STEP * number) * at)).astype(np.float32)


def pack_of_tones(
    folder: Path,
    texts: list[str],
    *,
    seconds: float = 0.06,
    comma: int = 40,
    longer: Mapping[str, float] = MappingProxyType({}),
) -> Path:
    """A pack in which the nth text is the nth tone, written by hand as docs/voice.md says."""
    folder.mkdir()
    for number, text in enumerate(texts):
        sound = tone(number, longer.get(text, seconds))
        soundfile.write(folder / f"tone-{number}.ogg", sound, RATE, format="OGG")
    manifest = {
        "language": "zh",
        "voice": "tones",
        "maker": "the tests",
        "licence": "Apache-2.0",
        "provenance": "sines",
        "sample_rate": RATE,
        "loudness": -13.5,
        "pauses": {"between": 20, "comma": comma, "stop": 60},
        "clips": {text: f"tone-{number}.ogg" for number, text in enumerate(texts)},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


@dataclass(frozen=True)
class Tone:
    """`begins` in seconds of sound since the card was opened; `alone` says that nothing else sounded with it."""

    text: str
    begins: float
    seconds: float
    alone: bool


class Ear:
    """`fast`: the card plays as fast as it can be filled, else in real time."""

    def __init__(self, folder: Path, texts: list[str], monkeypatch, *, fast: bool) -> None:
        self._texts, self._folder, self._cards = texts, folder, 0
        self._env = monkeypatch.setenv
        pygame.mixer.quit()
        self._env("SDL_AUDIODRIVER", "disk")
        if fast:
            self._env("SDL_DISKAUDIODELAY", "1")
        self._new_card()

    def _new_card(self) -> None:
        self._cards += 1
        self._env(OUT, str(self._folder / f"card-{self._cards}.raw"))

    def unplug(self) -> None:
        """As an unplugged USB card: what plays breaks off, and none can be opened."""
        self._env("SDL_AUDIODRIVER", "no-card")
        pygame.mixer.quit()

    def replug(self) -> None:
        self._new_card()
        self._env("SDL_AUDIODRIVER", "disk")

    def heard(self) -> list[Tone]:
        """Every tone so far, in order, over all cards; waits until the card has written what it was given."""
        if pygame.mixer.get_init():
            self._settle()
        return [
            one
            for card in range(1, self._cards + 1)
            if (path := self._folder / f"card-{card}.raw").exists()
            for one in tones_of(np.fromfile(path, dtype="<i2") / 32768, self._texts)
        ]

    def _settle(self) -> None:
        """The file is written in blocks, so silence has to push out what was heard."""
        path = Path(os.environ[OUT])
        wanted = path.stat().st_size + 16_384
        deadline = time.monotonic() + 10
        while path.stat().st_size < wanted:
            assert time.monotonic() < deadline, "the card does not go on"
            time.sleep(0.001)


def tones_of(samples: np.ndarray, texts: list[str]) -> list[Tone]:
    """The tones in samples between -1 and 1."""
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    loud = np.sqrt(np.mean(frames**2, axis=1)) > QUIET
    tones: list[Tone] = []
    begin = None
    for number, now in enumerate([*loud, False]):
        if now and begin is None:
            begin = number
        elif not now and begin is not None:
            tones.append(_tone(frames[begin:number].ravel(), begin, texts))
            begin = None
    return tones


def _tone(samples: np.ndarray, begin: int, texts: list[str]) -> Tone:
    middle = samples[FRAME:-FRAME] if samples.size > 3 * FRAME else samples
    power = np.abs(np.fft.rfft(middle * np.hanning(middle.size), 1 << 14)) ** 2
    hertz = np.fft.rfftfreq(1 << 14, 1 / RATE)
    number = round((hertz[power.argmax()] - LOWEST) / STEP)
    near = np.abs(hertz - (LOWEST + STEP * number)) < STEP
    alone = bool(power[~near].sum() < 0.05 * power.sum())
    return Tone(texts[number], begin * FRAME / RATE, samples.size / RATE, alone)
