"""Parts of the suite as processes of their own, for tests and benches: started, killed, ended; it knows no hall."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

__all__ = ["REPOSITORY", "Processes", "free_port", "listens"]

REPOSITORY = Path(__file__).parents[1]
END_S = 20.0


class Processes:
    """Each has a name, and a log in `folder` of what it says to its standard error."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(
        self, module: str, *arguments: str, name: str, env: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start `python -m module`; its standard input and output are pipes."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=REPOSITORY,
                env={**os.environ, **(env or {})},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                # Ctrl-C at the terminal is for who started them, to end them in order.
                start_new_session=True,
            )
        return self.processes[name]

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def end(self, name: str, number: signal.Signals = signal.SIGTERM) -> int:
        """Give it a signal and wait for its exit code; what does not end is killed. Raises TimeoutExpired."""
        process = self.processes.pop(name)
        process.send_signal(number)
        try:
            return process.wait(END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        finally:
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    # What it did not read any more is lost with it.
                    with contextlib.suppress(OSError):
                        pipe.close()

    def end_all(self) -> None:
        """The last started first."""
        with contextlib.ExitStack() as all_:
            for name in self.processes:
                all_.callback(self.end, name)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as ear:
        return int(ear.getsockname()[1])


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
