"""What the system found wrong as it started, by the program that looks (`firmware.onboard.read_only_root`); read once."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

__all__ = ["boot_faults"]

FILE = "root.json"


def boot_faults() -> tuple[str, ...]:
    """Sentences for the technician; none where no such program looked."""
    folder = os.environ.get("RUNTIME_DIRECTORY", "").partition(":")[0]
    try:
        return msgspec.json.decode((Path(folder) / FILE).read_bytes(), type=tuple[str, ...])
    except (OSError, msgspec.DecodeError):
        return ()
