"""Any program as an engine: it gets a text on its input and answers with a WAV file on its output."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator

from firmware.studio.engines import EngineFault
from firmware.studio.levels import Samples
from firmware.studio.ogg import decoded

__all__ = ["CommandEngine"]

_SECONDS = 120


class CommandEngine:
    """Its first sound tells its rate. Whose voice it is and what licence it has only who calls it can say."""

    def __init__(self, command: str, *, maker: str, licence: str, provenance: str) -> None:
        self._command = shlex.split(command)
        self.maker, self.licence, self.provenance = maker, licence, provenance
        self.rate = 0
        self.speak("1")

    def speak(self, text: str) -> Samples:
        try:
            done = subprocess.run(  # noqa: S603 - the operator's own program; the text goes through its input
                self._command,
                input=text.encode(),
                capture_output=True,
                check=True,
                timeout=_SECONDS,
            )
            samples, rate = decoded(done.stdout)
        except subprocess.CalledProcessError as fault:
            said = fault.stderr.decode(errors="replace").strip()
            raise EngineFault(f"{self._command[0]} failed at {text!r}: {said or fault}") from fault
        except (OSError, subprocess.TimeoutExpired, ValueError) as fault:
            raise EngineFault(
                f"{self._command[0]} made no WAV of {text!r}: {fault}; try it by hand:"
                f" echo '{text}' | {shlex.join(self._command)} > try.wav"
            ) from fault
        if self.rate not in (0, rate):
            raise EngineFault(f"{self._command[0]} changes its rate from {self.rate} to {rate}")
        self.rate = rate
        return samples

    def takes(self, text: str) -> Iterator[Samples]:  # noqa: ARG002 - other engines have several
        """A program says a text in one way."""
        return iter(())
