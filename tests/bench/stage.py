"""One hall on this machine: broker, coordinator and what else a bench starts, on a folder of its own; it measures nothing."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from broker.journal import Journal
from broker.loading import parse
from tests.bench.row import BenchFault

__all__ = ["Stage", "wait_until"]

REPOSITORY = Path(__file__).parents[2]
START_S = 20.0
STOP_S = 10.0


def wait_until(done: Callable[[], object], what: str, seconds: float = START_S) -> None:
    """Look again and again. Raises BenchFault."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            raise BenchFault(f"{what} did not happen within {seconds:.0f} s")
        time.sleep(0.02)


class Stage:
    """A fresh hall with its broker and its coordinator running; all of it is gone at the end."""

    def __init__(self, text: str) -> None:
        self.hall = parse(text)
        # Not in /tmp, which may be memory: commits must reach the disk that a hall would have.
        place = REPOSITORY / "build"
        place.mkdir(exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix="bench-", dir=place))
        self._running: list[subprocess.Popen[bytes]] = []
        try:
            self._toml = self.folder / "hall.toml"
            self._toml.write_text(text, encoding="utf-8")
            self.port = _free_port()
            self._start_hall()
        except BaseException:
            self.close()
            raise

    def _start_hall(self) -> None:
        data = str(self.folder)
        broker = self.start(
            "broker.serve", "--port", str(self.port), "--data", data, "--until-eof", name="broker"
        )
        wait_until(lambda: _listens(self.port) or broker.poll() is not None, "the broker's start")
        self.hub = self.start(
            "broker.hub", *self.to_the_hall, "--data", data, "--until-eof", name="hub"
        )

    @property
    def to_the_hall(self) -> tuple[str, ...]:
        """The options that name this hall and its broker."""
        return ("--hall", str(self._toml), "--broker", f"127.0.0.1:{self.port}")

    def start(
        self, module: str, *arguments: str, name: str, env: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start `python -m module`; what it says to its standard error is in the log `name`."""
        with (self.folder / f"{name}.log").open("ab") as log:
            started = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=REPOSITORY,
                env={**os.environ, **(env or {})},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                # Ctrl-C at the terminal is for the bench; it ends the others in its order.
                start_new_session=True,
            )
        self._running.append(started)
        return started

    def said(self, name: str) -> str:
        """The last words in a log."""
        lines = (self.folder / f"{name}.log").read_text("utf-8", "replace").split("\n")
        return " / ".join(line for line in lines[-8:] if line)

    def stop(self) -> None:
        """End what runs, the last started first; the folder stays."""
        for child in reversed(self._running):
            child.terminate()
            try:
                child.wait(STOP_S)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe:
                    # What it did not read any more is lost with it.
                    with suppress(BrokenPipeError):
                        pipe.close()
        self._running.clear()

    def journal(self) -> Journal:
        """The journal, once the hub has stopped; close it after use."""
        return Journal(self.folder / "journal.db")

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as ear:
        port: int = ear.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=0.2).close()
    except OSError:
        return False
    return True
