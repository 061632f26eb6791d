"""A virtual hall opened as a visitor of the project would: `jiaohao demo`, its own folder, any free port."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import psutil

PATIENCE_S = 30.0

T = TypeVar("T")


class Demo:
    """The running command and all that it started."""

    def __init__(self, data: Path, *options: str, port: int = 0) -> None:
        self.data = data
        data.mkdir(parents=True, exist_ok=True)
        with (data / "terminal.log").open("ab") as terminal:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "hal_mocks.virtual_hall.demo"),
                    *("--port", str(port), "--data", str(data), *options),
                ],
                stdout=terminal,
                stderr=subprocess.STDOUT,
            )
        self.address = wait_for(self._said_address)

    @property
    def terminal(self) -> str:
        return (self.data / "terminal.log").read_text(encoding="utf-8")

    @property
    def port(self) -> int:
        return int(self.address.rstrip("/").rpartition(":")[2])

    def _said_address(self) -> str:
        assert self._process.poll() is None, self.terminal
        said = [line for line in self.terminal.splitlines() if line.startswith("The hall is open")]
        return said[-1].rpartition(" ")[2] if said else ""

    def family(self) -> list[psutil.Process]:
        """Every process that the demo started, however deep."""
        return psutil.Process(self._process.pid).children(recursive=True)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End it, and give its exit code."""
        if self._process.poll() is None:
            os.kill(self._process.pid, number)
        return self._process.wait(timeout=PATIENCE_S)


def wait_for(seen: Callable[[], T], why: str = "") -> T:
    """What `seen` gives as soon as it is true; the test fails when that takes too long."""
    end = time.monotonic() + PATIENCE_S
    while not (found := seen()):
        assert time.monotonic() < end, why or f"waited {PATIENCE_S:.0f} s for nothing"
        time.sleep(0.05)
    return found
