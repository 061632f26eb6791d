"""The edge: what files, commands, disks and lines of this machine say; a test puts a folder tree in their place. It judges nothing."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Machine", "Usage"]

PATIENCE_S = 10
REACH_S = 3.0


@dataclass(frozen=True, slots=True)
class Usage:
    """Bytes and inodes of a file system; 0 inodes where it does not count them."""

    size: int
    free: int
    inodes: int
    inodes_free: int


def _run(*words: str) -> str:
    """A command's output, empty where it is not there, fails or takes too long."""
    try:
        ran = subprocess.run(  # noqa: S603  # the words are this room's own
            words,
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return ran.stdout.decode(errors="replace") if ran.returncode == 0 else ""


def _usage(path: Path) -> Usage | None:
    try:
        found = os.statvfs(path)
    except OSError:
        return None
    unit = found.f_frsize
    return Usage(found.f_blocks * unit, found.f_bavail * unit, found.f_files, found.f_favail)


def _reach(host: str, port: int) -> float | None:
    """How long a connection takes, in ms; None if there is none."""
    began = time.monotonic()
    try:
        socket.create_connection((host, port), REACH_S).close()
    except OSError:
        return None
    return (time.monotonic() - began) * 1000


@dataclass(frozen=True, slots=True)
class Machine:
    """Everything by which a check learns of the machine. What is not there reads as empty."""

    root: Path = Path("/")
    run: Callable[..., str] = _run
    usage: Callable[[Path], Usage | None] = _usage
    reach: Callable[[str, int], float | None] = _reach
    clock: Callable[[], float] = time.time

    def at(self, path: str | Path) -> Path:
        return self.root / str(path).lstrip("/")

    def text(self, path: str | Path) -> str:
        try:
            return self.at(path).read_text(encoding="utf-8", errors="replace").rstrip("\0\n")
        except OSError:
            return ""

    def names(self, path: str | Path) -> list[str]:
        try:
            return sorted(one.name for one in self.at(path).iterdir())
        except OSError:
            return []

    def table(self, path: str | Path) -> dict[str, Any]:
        """A JSON file's table; an empty one where there is none."""
        try:
            found = json.loads(self.text(path) or "{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}
