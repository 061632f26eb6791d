"""A release's folder: whole or not, and what was altered in it since; it changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from firmware.onboard.manifest import Manifest, read_manifest
from firmware.onboard.places import Places

__all__ = [
    "COMPLETE",
    "MANIFEST",
    "PACKAGES",
    "SIGNATURE",
    "altered",
    "is_whole",
    "manifest_of",
    "names",
]

MANIFEST, SIGNATURE, COMPLETE = "manifest.json", "manifest.sig", "complete.json"
PACKAGES = "site-packages"


def names(places: Places) -> list[str]:
    """The releases that bear their name: what ends in `.part` is none."""
    if not places.releases.is_dir():
        return []
    return sorted(p.name for p in places.releases.iterdir() if not p.name.endswith(".part"))


def is_whole(places: Places, name: str) -> bool:
    """It was written to its end, of this manifest. What its files hold now, `altered` says."""
    release = places.releases / name
    try:
        complete = json.loads((release / COMPLETE).read_bytes())
        manifest = (release / MANIFEST).read_bytes()
    except (OSError, ValueError):
        return False
    return bool(complete == {"manifest": sha256(manifest).hexdigest()})


def manifest_of(places: Places, name: str) -> Manifest:
    """Raises ReleaseFault or OSError."""
    return read_manifest((places.releases / name / MANIFEST).read_bytes())


def altered(release: Path) -> Iterator[str]:
    """Every file of the manifest that is missing from the folder, or holds something else. Reads all of it."""
    for member in read_manifest((release / MANIFEST).read_bytes()).files:
        try:
            with (release / member.path).open("rb") as file:
                digest = sha256()
                while piece := file.read(1 << 20):
                    digest.update(piece)
        except OSError:
            yield member.path
        else:
            if digest.hexdigest() != member.sha256:
                yield member.path
