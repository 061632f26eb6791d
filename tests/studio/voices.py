"""A voice that is a tone, as a recorder or an engine hears it: silence around it, and a level one can choose."""

from __future__ import annotations

import numpy as np

from firmware.hal.voice.pack import Manifest
from firmware.studio.levels import Samples
from tests.ear import tone

RATE = 24_000

ABOUT = Manifest(
    language="zh",
    voice="tones",
    maker="the tests",
    licence="Apache-2.0",
    provenance="sines",
    sample_rate=RATE,
    loudness=-20.0,
    clips={},
)


def hush(seconds: float) -> Samples:
    """A quiet room: noise at -70 dB."""
    noise = np.random.default_rng(1).normal(0, 10 ** (-70 / 20), round(seconds * RATE))
    return noise.astype(np.float32)


def spoken(
    number: int = 0, *, seconds: float = 0.5, level: float = 0.1, around: float = 0.4
) -> Samples:
    parts = [hush(around), tone(number, seconds, level), hush(around)]
    return np.concatenate(parts).astype(np.float32)
