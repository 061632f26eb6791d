"""Clips to Ogg Vorbis and back, by libsndfile; the one place of the studio that knows it."""

from __future__ import annotations

import io

import numpy as np
import soundfile

from firmware.studio.levels import Samples

__all__ = ["decoded", "encoded"]

_QUALITY = 0.5  # of libsndfile, 0 best to 1 smallest: 24 kHz speech at about 45 kbit/s


def encoded(samples: Samples, rate: int) -> bytes:
    file = io.BytesIO()
    with soundfile.SoundFile(
        file, "w", rate, 1, format="OGG", subtype="VORBIS", compression_level=_QUALITY
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
