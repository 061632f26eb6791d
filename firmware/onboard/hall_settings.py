"""The hall's settings on this board: a folder for each version, and a link that chooses; a new one has to please the release first."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from firmware.onboard.durable import point, sync
from firmware.onboard.places import Places
from firmware.onboard.tar_files import TarFault, fill
from firmware.onboard.whole import PACKAGES

__all__ = ["PREFIX", "SettingsFault", "check", "choose", "in_force", "name_of", "put", "tidy"]

PREFIX = "settings-"
DIGITS = 16
HALL = "hall.toml"


class SettingsFault(Exception):
    """These settings are not used; the sentence is for the technician."""


def name_of(digest: str) -> str:
    """The folder of the settings whose tar has this SHA-256 (hex)."""
    return f"{PREFIX}{digest[:DIGITS]}"


def in_force(places: Places, digest: str) -> bool:
    link = places.settings
    return link.is_symlink() and link.readlink().name == name_of(digest)


def put(places: Places, tar: bytes) -> Path:
    """The folder of these settings, on the disk; nothing uses it yet. Raises SettingsFault, OSError."""
    folder = places.home / name_of(sha256(tar).hexdigest())
    if folder.is_dir():
        return folder
    part = folder.with_name(f"{folder.name}.part")
    if part.exists():
        shutil.rmtree(part)
    try:
        fill(part, tar, mode=0o644, folder_mode=0o755)
    except TarFault as fault:
        raise SettingsFault(f"the settings cannot be unpacked: {fault}") from fault
    if not (part / HALL).is_file():
        raise SettingsFault(f"the settings hold no {HALL}")
    part.rename(folder)
    sync(folder.parent)
    return folder


def check(places: Places, folder: Path, board: str) -> None:
    """Whether the release that runs can use them for this board. Raises SettingsFault with what it says."""
    said = subprocess.run(
        [sys.executable, "-P", "-c", CHECK, str(folder / HALL), board],
        check=False,
        capture_output=True,
        text=True,
        env={
            **os.environ,
            "PYTHONPATH": str(places.current.resolve() / PACKAGES),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        timeout=300,
    )
    if said.returncode:
        first = (said.stdout.strip() or said.stderr.strip()).splitlines()[-1:]
        raise SettingsFault(
            f"the release on this board cannot use these settings: {''.join(first)}"
        )


# What a board itself does with them as it starts.
CHECK = """
import sys
from pathlib import Path
from firmware.check import load
try:
    load(Path(sys.argv[1]), sys.argv[2])
except Exception as fault:
    sys.exit(str(fault))
"""


def choose(places: Places, folder: Path) -> None:
    """From the next start on, these settings are in force."""
    point(places.settings, folder.name)


def tidy(places: Places, before: str = "") -> None:
    """Take away the settings that are not in force any more, but for the folder `before`, and what is left of half ones."""
    in_use = places.settings.readlink().name if places.settings.is_symlink() else ""
    for folder in places.home.glob(f"{PREFIX}*"):
        if folder.name not in (in_use, before):
            shutil.rmtree(folder)
