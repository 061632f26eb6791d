"""How loud a clip is, where its speech begins and ends, and the same made equal; samples between -1 and 1, no files."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "CLIPPED",
    "PEAK",
    "SILENT",
    "Samples",
    "decibels",
    "levelled",
    "loudness",
    "peak",
    "quiet_ends",
    "trimmed",
]

Samples = NDArray[np.float32]

PEAK = 10 ** (-1 / 20)  # what levelling never goes beyond: Ogg adds a little
CLIPPED = 0.985  # a clip that comes so near to full scale was recorded too loud
SILENT = -50.0  # dB: nothing was said
_FRAME_SECONDS = 0.01
_SPEECH_BELOW_LOUDEST = 35.0  # dB: breath and consonants are speech, a room is not
_GATE = 20.0  # dB below the loudest frame: what counts for loudness
_PAD_FRAMES = 2
_FADE_SECONDS = 0.004


def decibels(level: float) -> float:
    """Of a level between 0 and 1; no sound at all is -120.

    >>> decibels(1.0), round(decibels(0.1)), decibels(0)
    (0.0, -20, -120.0)
    """
    return max(-120.0, 20 * float(np.log10(max(level, 1e-6))))


def peak(samples: Samples) -> float:
    return float(np.max(np.abs(samples), initial=0.0))


def loudness(samples: Samples, rate: int) -> float:
    """RMS in dB below full scale, of the frames that are not much quieter than the loudest."""
    frames = _frames(samples, rate)
    loud = frames[frames >= frames.max(initial=0.0) * 10 ** (-_GATE / 20)]
    return decibels(float(np.sqrt(np.mean(loud**2)))) if loud.size else -120.0


def trimmed(samples: Samples, rate: int) -> Samples:
    """From just before the speech to just after it, faded in and out so that no joint clicks; empty if nobody speaks."""
    bounds = _speech(samples, rate)
    if bounds is None:
        return samples[:0]
    kept = samples[slice(*bounds)].copy()
    fade = min(round(_FADE_SECONDS * rate), kept.size // 2)
    ramp = np.linspace(0, 1, fade, dtype=np.float32)
    kept[:fade] *= ramp
    kept[kept.size - fade :] *= ramp[::-1]
    return kept


def quiet_ends(samples: Samples, rate: int) -> tuple[float, float]:
    """Seconds before the speech and after it."""
    bounds = _speech(samples, rate)
    if bounds is None:
        return samples.size / rate, 0.0
    return bounds[0] / rate, (samples.size - bounds[1]) / rate


def levelled(samples: Samples, rate: int, target: float) -> Samples:
    """As loud as `target` dB, or as near as its peaks allow."""
    now = loudness(samples, rate)
    if now <= SILENT:
        return samples
    gain = min(10 ** ((target - now) / 20), PEAK / peak(samples))
    return (samples * gain).astype(np.float32)


def _frames(samples: Samples, rate: int) -> NDArray[np.float64]:
    """The RMS of each 10 ms."""
    size = round(_FRAME_SECONDS * rate)
    whole: Any = samples[: samples.size // size * size].astype(np.float64)
    return np.sqrt(np.mean(whole.reshape(-1, size) ** 2, axis=1)) if whole.size else np.zeros(0)


def _speech(samples: Samples, rate: int) -> tuple[int, int] | None:
    frames = _frames(samples, rate)
    loudest = frames.max(initial=0.0)
    if decibels(loudest) <= SILENT:
        return None
    spoken = np.flatnonzero(frames >= loudest * 10 ** (-_SPEECH_BELOW_LOUDEST / 20))
    size = round(_FRAME_SECONDS * rate)
    first = max(0, int(spoken[0]) - _PAD_FRAMES) * size
    return first, min(samples.size, (int(spoken[-1]) + 1 + _PAD_FRAMES) * size)
