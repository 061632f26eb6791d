"""What a bundle says that it holds: read strictly, before any of it is believed; it checks no signature."""

from __future__ import annotations

import json
import platform
import re
import sys
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

__all__ = ["FORMAT", "Manifest", "Member", "ReleaseFault", "Target", "read_manifest"]

FORMAT = 1
VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+_]{0,39}")
# What pip unpacks, and fits into the oldest form of tar: no other letters, nothing that leads out of the folder.
PATH = re.compile(r"(site-packages/[!-~ ]+|debs/[!-~]+\.deb|onboard\.pyz)")
SHA256 = re.compile(r"[0-9a-f]{64}")


class ReleaseFault(Exception):
    """A bundle or a release is refused: a sentence for the technician; nothing of it is in force."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a bundle was made for."""

    machine: str
    python: str

    @staticmethod
    def here() -> Target:
        return Target(platform.machine(), f"{sys.version_info[0]}.{sys.version_info[1]}")

    def __str__(self) -> str:
        return f"{self.machine} with Python {self.python}"


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a bundle; `size` in bytes."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`counter` grows with every bundle that is made; `min_from` is the least counter that it may follow."""

    version: str
    counter: int
    target: Target
    min_from: int
    role: str
    files: tuple[Member, ...]
    digest: str

    @property
    def name(self) -> str:
        """The release's folder: two bundles never share one."""
        return f"{self.version}-{self.digest[:8]}"

    @property
    def size(self) -> int:
        return sum(member.size for member in self.files)


def read_manifest(raw: bytes) -> Manifest:
    """Raises ReleaseFault for what is no manifest, or one that no board should follow."""
    try:
        found = json.loads(raw)
        if not isinstance(found, dict) or found.get("format") != FORMAT:
            raise ReleaseFault(
                f"the bundle is of another form than this board reads (format {FORMAT}): update this board in steps, or write its card anew"
            )
        manifest = Manifest(
            version=_text(found["version"], VERSION),
            counter=_count(found["counter"]),
            target=Target(str(found["target"]["machine"]), str(found["target"]["python"])),
            min_from=_count(found.get("min_from", 0)),
            role=str(found.get("role", "board")),
            files=tuple(_member(one) for one in found["files"]),
            digest=sha256(raw).hexdigest(),
        )
    except (ValueError, KeyError, TypeError, RecursionError) as fault:
        raise ReleaseFault(f"the bundle's manifest cannot be read: {fault!r}") from fault
    _check_paths([member.path for member in manifest.files])
    return manifest


def _member(one: Any) -> Member:
    return Member(_text(one["path"], PATH), _count(one["size"]), _text(one["sha256"], SHA256))


def _text(value: Any, form: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise ValueError(f"{value!r} is not of the form {form.pattern}")
    return value


def _count(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 1 << 53:
        raise ValueError(f"{value!r} is no count")
    return value


def _check_paths(paths: list[str]) -> None:
    folders: set[str] = set()
    for path in paths:
        parts = path.split("/")
        if not {"", ".", ".."}.isdisjoint(parts):
            raise ReleaseFault(f"the bundle names a file that leads elsewhere: {path!r}")
        folders.update("/".join(parts[:n]) for n in range(1, len(parts)))
    if len(set(paths)) != len(paths) or not folders.isdisjoint(paths):
        raise ReleaseFault("the bundle names a file twice")
    if "onboard.pyz" not in paths:
        raise ReleaseFault("the bundle holds no onboard.pyz")
