"""What the desk tells boards to run, and what they reported: files in the desk's folder, written whole or not at all."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

from broker.private import make_private_folder, write_private

__all__ = [
    "HUB",
    "Release",
    "Report",
    "Wanted",
    "bundles",
    "keep_report",
    "read_reports",
    "read_wanted",
    "write_wanted",
]

# The hub's own name among the boards: its updater reads these files itself, for its desk may be what is broken.
HUB = "hub"


class Release(Struct, frozen=True, kw_only=True):
    """A bundle in the desk's folder `releases`, by its `file` name; `name` is the release's folder on a board; `size` in bytes.

    Without a `file` it is one that the board still has. `again` is when a technician wanted it tried once more where it did not
    run well, in ms since 1970, 0 if never.
    """

    name: str
    file: str
    sha256: str
    size: int
    counter: int
    version: str
    machine: str
    python: str
    again: int = 0


class Wanted(Struct, frozen=True, kw_only=True):
    """By board; who is not named goes on with what it has."""

    boards: dict[str, Release] = {}


class Report(Struct, frozen=True, kw_only=True):
    """What a board told last: the release that runs, the one before it, and how far it is with the one that is `wanted`.

    `state` is a word of firmware.onboard.updating, `at` when the desk heard it, in ms since 1970 by the hub's clock.
    """

    release: str
    version: str
    counter: int
    state: str
    sentence: str = ""
    wanted: str = ""
    previous: str = ""
    machine: str = ""
    python: str = ""
    at: int = 0


def bundles(desk: Path) -> Path:
    return desk / "releases"


def read_wanted(desk: Path) -> Wanted:
    """Raises OSError, or ValueError if the file is damaged."""
    try:
        return msgspec.json.decode((desk / "wanted.json").read_bytes(), type=Wanted)
    except FileNotFoundError:
        return Wanted()


def write_wanted(desk: Path, wanted: Wanted) -> None:
    """Raises OSError; then what was wanted before is."""
    make_private_folder(desk)
    write_private(desk / "wanted.json", msgspec.json.format(msgspec.json.encode(wanted)))


def keep_report(desk: Path, board: str, report: Report) -> None:
    """`board` is a name that an identity has shown. Raises OSError."""
    make_private_folder(desk / "reports")
    write_private(desk / "reports" / f"{board}.json", msgspec.json.encode(report))


def read_reports(desk: Path) -> dict[str, Report]:
    """By board. What cannot be read is as if it had not been told. Raises OSError."""
    found = {}
    for path in (desk / "reports").glob("*.json"):
        try:
            found[path.stem] = msgspec.json.decode(path.read_bytes(), type=Report)
        except (msgspec.DecodeError, FileNotFoundError):
            continue
    return found
