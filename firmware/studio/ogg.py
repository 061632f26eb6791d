"""Clips to Ogg and back, by libsndfile; the one place of the studio that knows it."""

from __future__ import annotations

import io

import numpy as np
import soundfile

from firmware.studio.levels import Samples

__all__ = ["decoded", "encoded"]

# Opus knows these rates alone; at 0.94 of libsndfile's scale speech takes 30 kbit/s, and is understood as before.
_OPUS_RATES = (8000, 12000, 16000, 24000, 48000)
_OPUS_LEVEL = 0.94
_VORBIS_LEVEL = 0.5


def encoded(samples: Samples, rate: int) -> bytes:
    """Opus, or Vorbis at a rate that Opus does not know."""
    opus = rate in _OPUS_RATES
    file = io.BytesIO()
    with soundfile.SoundFile(
        file,
        "w",
        rate,
        1,
        format="OGG",
        subtype="OPUS" if opus else "VORBIS",
        compression_level=_OPUS_LEVEL if opus else _VORBIS_LEVEL,
    ) as sound:
        sound.write(samples)
    return file.getvalue()


def decoded(sound: bytes) -> tuple[Samples, int]:
    """Samples and rate of an Ogg or WAV file; two channels become one. Raises ValueError."""
    try:
        samples, rate = soundfile.read(io.BytesIO(sound), dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as fault:
        raise ValueError(str(fault)) from fault
    return np.mean(samples, axis=1, dtype=np.float32), int(rate)
