"""`jiaohao desk settings FILE`: gives the hub another hall.toml, with all that it names; checked first, and then whole or not at all."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tomllib
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from broker.desk.packing import HALL, pack_settings
from firmware import check
from firmware.onboard import hall_settings
from firmware.onboard.durable import sweep, sync_tree
from firmware.onboard.idle import while_idle
from firmware.onboard.launching import UNITS
from firmware.onboard.machine import ThisMachine, is_hub, service
from firmware.onboard.places import Places

__all__ = ["NotTaken", "give", "main"]

BY_HAND = f"{hall_settings.PREFIX}by-hand"
"""Settings that were edited where they lie, so that their folder's name is not that of their content."""


class NotTaken(Exception):
    """What was in force still is; the sentence is for the technician."""


def start_anew(places: Places) -> None:
    ThisMachine(places).start_anew()


def main(argv: list[str], start: Callable[[Places], None] = start_anew) -> int:
    """Exit status 0 if they are in force, else 1, and nothing was changed. `start` starts the hub's units anew."""
    parser = argparse.ArgumentParser(
        prog="jiaohao desk settings",
        description="Give the hub another hall.toml, with the catalogue, photos, themes and voices that lie beside it. Boards fetch it from the hub.",
    )
    parser.add_argument("path", type=Path, help="hall.toml, or the folder that it lies in")
    parser.add_argument(
        "--now",
        action="store_true",
        help="also while somebody is served: the hub is away for seconds",
    )
    parser.add_argument("--home", type=Path, default=Places().home, help="the hub's own folder")
    parser.add_argument("--run", type=Path, default=Places().run, help="what ends with each boot")
    options = parser.parse_args(argv)
    places = Places(home=options.home, run=options.run)
    hall_toml: Path = options.path / HALL if options.path.is_dir() else options.path
    try:
        before = give(places, hall_toml, now=options.now)
    except PermissionError as fault:
        sys.stderr.write(f"jiaohao desk settings: {fault}: run it by sudo; nothing was changed\n")
        return 1
    except (NotTaken, hall_settings.SettingsFault, OSError, ValueError) as fault:
        sys.stderr.write(f"jiaohao desk settings: {fault}; nothing was changed\n")
        return 1
    if before is None:
        print("these settings are in force already")
        return 0
    units = " ".join(service(unit) for unit in UNITS["hub"])
    if os.geteuid() == 0:
        start(places)
        print(f"in force; started anew: {units}. Boards fetch them within a minute.")
    else:
        print(f"in force once these are started anew: sudo systemctl restart {units}")
    print(f"to go back: sudo jiaohao desk settings {before}")
    return 0


def give(places: Places, hall_toml: Path, *, now: bool = False) -> Path | None:
    """Put them in force, durably; answers the folder of those before, None if they are the same.

    Raises NotTaken, SettingsFault, OSError, ValueError; then those before are still in force.
    """
    if not is_hub(places):
        raise NotTaken(
            f"this is no hub ({places.role}): settings are given to the hub, and boards fetch them"
        )
    if check.main([str(hall_toml)]) != 0:
        raise NotTaken(f"{hall_toml} cannot be used as it is, see above")
    mine, theirs = _hall_of(places.settings / HALL), _hall_of(hall_toml)
    if mine not in ("", theirs):
        raise NotTaken(f"this hub is that of the hall {mine!r}, and {hall_toml} is of {theirs!r}")
    tar = pack_settings(hall_toml)
    if _holds(places.settings, tar):
        return None
    with while_idle(places) as idle:
        if not idle and not now:
            raise NotTaken("somebody is being served: come back in the evening, or add --now")
        return _swap(places, tar)


def _swap(places: Places, tar: bytes) -> Path:
    folder = places.home / hall_settings.name_of(sha256(tar).hexdigest())
    if folder.is_dir() and not _holds(folder, tar):
        _set_aside(places, folder)
    was_here = folder.is_dir()
    folder = hall_settings.put(places, tar)
    # What a file names outside its folder was found there, and is not among what was packed.
    if check.faults(folder / HALL):
        if not was_here:
            sweep(folder)
        raise NotTaken(
            "all that these settings name has to lie in the folder of hall.toml, or below"
        )
    before = places.settings.resolve()
    hall_settings.choose(places, folder)
    hall_settings.tidy(places, before.name)
    return before


def _set_aside(places: Places, folder: Path) -> None:
    """Make way for what the folder is named after; the link leads to whole settings at any moment."""
    if places.settings.resolve() == folder:
        aside = places.home / BY_HAND
        if aside.exists():
            sweep(aside)
        shutil.copytree(folder, aside)
        sync_tree(aside)
        hall_settings.choose(places, aside)
    sweep(folder)


def _holds(folder: Path, tar: bytes) -> bool:
    """Whether these settings, and no others, lie there."""
    try:
        return pack_settings(folder / HALL) == tar
    except (OSError, ValueError):
        return False


def _hall_of(hall_toml: Path) -> str:
    """The hall's id; empty where that cannot be read, as when the file in force was broken by hand."""
    try:
        found = tomllib.loads(hall_toml.read_text(encoding="utf-8-sig"))
        return str(found["hall"]["id"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
