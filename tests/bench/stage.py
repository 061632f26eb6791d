"""One hall on this machine: broker, coordinator and what else a bench starts, on a folder of its own; it measures nothing."""

from __future__ import annotations

import contextlib
import io
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from broker import enrol
from broker.journal import Journal
from broker.loading import parse
from tests.bench.row import BenchFault
from tests.processes import REPOSITORY, Processes, free_port, listens

__all__ = ["Stage", "wait_until"]

START_S = 20.0


def wait_until(done: Callable[[], object], what: str, seconds: float = START_S) -> None:
    """Look again and again. Raises BenchFault."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            raise BenchFault(f"{what} did not happen within {seconds:.0f} s")
        time.sleep(0.02)


class Stage(Processes):
    """A fresh hall with its broker and its coordinator running; all of it is gone at the end."""

    def __init__(self, text: str) -> None:
        self.hall = parse(text)
        # Not in /tmp, which may be memory: commits must reach the disk that a hall would have.
        place = REPOSITORY / "build"
        place.mkdir(exist_ok=True)
        super().__init__(Path(tempfile.mkdtemp(prefix="bench-", dir=place)))
        try:
            self._toml = self.folder / "hall.toml"
            self._toml.write_text(text, encoding="utf-8")
            self.port = free_port()
            self._start_hall()
        except BaseException:
            self.close()
            raise

    def _start_hall(self) -> None:
        data = str(self.folder)
        broker = self.start(
            "broker.serve", "--port", str(self.port), "--data", data, "--until-eof", name="broker"
        )
        wait_until(lambda: listens(self.port) or broker.poll() is not None, "the broker's start")
        self.hub = self.start(
            "broker.hub", *self.to_the_hall, "--data", data, "--until-eof", name="hub"
        )

    def go_secure(self) -> None:
        """Start the hall again behind TLS: with identities, as a real hall's `jiaohao broker` has it."""
        self.end_all()
        data = ("--data", str(self.folder))
        with contextlib.redirect_stdout(io.StringIO()):
            made = enrol.main(["--hall", str(self._toml), *data])
        if made != 0:
            raise BenchFault("the identities were not made; the reason stands above")
        where = ("--hall", str(self._toml), "--port", str(self.port))
        broker = self.start("broker.serve", *where, *data, "--until-eof", name="broker")
        wait_until(lambda: listens(self.port) or broker.poll() is not None, "the broker's start")
        identity = ("--identity", str(self.identity("coordinator")))
        self.hub = self.start(
            "broker.hub", *self.to_the_hall, *data, *identity, "--until-eof", name="hub"
        )

    def identity(self, name: str) -> Path:
        """The folder of a board's or console's identity, once the hall is secure."""
        return self.folder / "ca" / "identities" / name

    @property
    def to_the_hall(self) -> tuple[str, ...]:
        """The options that name this hall and its broker."""
        return ("--hall", str(self._toml), "--broker", f"127.0.0.1:{self.port}")

    def said(self, name: str) -> str:
        """The last words in a log."""
        return " / ".join(line for line in self.log(name).split("\n")[-8:] if line)

    def stop(self) -> None:
        """End what runs; the folder stays."""
        self.end_all()

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
