"""Runs the operating system's own commands, and says in their words why one failed."""

from __future__ import annotations

import os
import subprocess

__all__ = ["run"]


def run(*words: str, given: bytes = b"", timeout_s: float = 120) -> bytes:
    """What the command has told. Raises OSError with what it complains of."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    called = " ".join(words[:2])
    try:
        said = subprocess.run(
            words, input=given, check=False, capture_output=True, env=quiet, timeout=timeout_s
        )
    except subprocess.TimeoutExpired as fault:
        raise OSError(f"{called} did not come to an end") from fault
    if said.returncode:
        text = (said.stderr or said.stdout).decode(errors="replace").strip().splitlines()
        raise OSError(f"{called} failed: {text[-1] if text else said.returncode}")
    return said.stdout
