"""A microphone, by the program arecord: records from start to stop."""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
from pathlib import Path
from typing import Protocol

import numpy as np

from firmware.studio.levels import Samples

__all__ = ["Microphone", "MicrophoneFault", "Recorder"]


class MicrophoneFault(OSError):
    """What to do, in a sentence."""


class Recorder(Protocol):
    @property
    def rate(self) -> int: ...
    def start(self) -> None: ...
    def stop(self) -> Samples: ...


class Microphone:
    """`card` is a name that `arecord -L` lists, such as plughw:1; the system's if it is empty. ALSA converts the rate."""

    rate = 24_000

    def __init__(self, card: str = "") -> None:
        self._card = card
        self._running: subprocess.Popen[bytes] | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="jiaohao-")
        self._raw = Path(self._folder.name) / "take.raw"

    def start(self) -> None:
        """Raises MicrophoneFault."""
        which = ["-D", self._card] if self._card else []
        shape = ["-q", "-t", "raw", "-f", "S16_LE", "-c", "1", "-r", str(self.rate)]
        self._raw.write_bytes(b"")
        try:
            self._running = subprocess.Popen(  # noqa: S603 - a fixed program and its options
                ["arecord", *which, *shape, str(self._raw)],  # noqa: S607 - as the system has it
                stderr=subprocess.PIPE,
            )
        except OSError as fault:
            raise MicrophoneFault(
                "There is no program arecord: `sudo apt install alsa-utils`"
            ) from fault

    def stop(self) -> Samples:
        """What was heard since `start`. Raises MicrophoneFault."""
        running, self._running = self._running, None
        if running is None:
            raise MicrophoneFault("Nothing is being recorded")
        ended_itself = running.poll() is not None
        with contextlib.suppress(ProcessLookupError):
            running.terminate()
        _, said = running.communicate(timeout=5)
        raw = self._raw.read_bytes()
        if ended_itself or not raw:
            why = said.decode(errors="replace").strip() or "it wrote nothing"
            raise MicrophoneFault(
                f"arecord recorded nothing: {why}; see that `arecord -l` lists a microphone"
            )
        samples = np.frombuffer(raw[: len(raw) // 2 * 2], dtype="<i2")
        return samples.astype(np.float32) / np.float32(32768)

    def close(self) -> None:
        if self._running is not None:
            self._running.kill()
            self._running.wait()
            if self._running.stderr:
                self._running.stderr.close()
        self._folder.cleanup()
