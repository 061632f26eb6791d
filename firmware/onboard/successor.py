"""The program outside the releases makes way for the one that a confirmed release brings, once that has proved itself."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from firmware.onboard.durable import write_durably
from firmware.onboard.places import Places
from firmware.onboard.state import read_state

__all__ = ["follow"]


def follow(places: Places) -> bool:
    """Whether this program was replaced, for the next that is started. Raises OSError; then it was not."""
    state = read_state(places)
    if state.candidate or not state.confirmed or not places.program.is_file():
        return False
    newer = (places.releases / state.confirmed / "onboard.pyz").read_bytes()
    if newer == places.program.read_bytes() or not _reads_whole(newer):
        return False
    write_durably(places.program, newer, 0o755)
    return True


def _reads_whole(program: bytes) -> bool:
    """It can be read by this Python, all of it, without any library."""
    with tempfile.TemporaryDirectory(prefix="jiaohao-") as folder:
        file = Path(folder, "onboard.pyz")
        file.write_bytes(program)
        tried = subprocess.run(
            [sys.executable, "-I", "-S", str(file), "self-test"],
            check=False,
            capture_output=True,
            timeout=300,
        )
    return tried.returncode == 0
