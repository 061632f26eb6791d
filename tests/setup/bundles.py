"""Small bundles, made and signed as the real ones: a release of a few lines that says which it is."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import mkdtemp

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from firmware.cards.packing import Release, pack
from firmware.cards.program import onboard_program
from firmware.cards.release_key import public_pem
from firmware.cards.targets import TargetKind
from firmware.onboard.manifest import Manifest, Target
from firmware.onboard.places import Places

__all__ = ["HERE", "KEY", "Board", "Made", "made", "other", "program"]

_here = Target.here()
HERE = TargetKind("here", _here.machine, _here.python, "amd64", "bookworm", 62, ())
KEY = Ed25519PrivateKey.from_private_bytes(b"jiaohao release key for tests 0\0")
FILES = {
    "site-packages/firmware/__init__.py": b"",
    "site-packages/firmware/self_test.py": b"import broker.cli\n",
    "site-packages/broker/__init__.py": b"",
    "site-packages/broker/cli.py": b"print('counter', %d)\n",
    "site-packages/broker/bytes.bin": bytes(range(256)) * 40,
}


@dataclass(frozen=True, slots=True)
class Made:
    path: Path
    manifest: Manifest

    @property
    def name(self) -> str:
        return self.manifest.name


@functools.cache
def program() -> bytes:
    return onboard_program()


def made(
    folder: Path,
    counter: int,
    *,
    files: dict[str, bytes] | None = None,
    key: Ed25519PrivateKey = KEY,
    min_from: int = 0,
    target: TargetKind = HERE,
) -> Made:
    """A bundle in `folder`; `files` come beside the usual ones, or in their place."""
    stage = Path(mkdtemp(dir=folder))
    content = {**FILES, "onboard.pyz": program(), **(files or {})}
    content["site-packages/broker/cli.py"] %= counter
    for name, raw in content.items():
        path = stage / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
    release = Release("1.0", counter, target, "board", built=1_700_000_000, min_from=min_from)
    return Made(*pack(stage, release, key, folder))


@dataclass(frozen=True, slots=True)
class Board:
    """A board's disk, with the key that its card brought, and a folder beside it for bundles."""

    folder: Path
    places: Places = field(init=False)

    def __post_init__(self) -> None:
        home = self.folder / "home"
        object.__setattr__(self, "places", Places(home, self.folder / "boot", self.folder / "run"))
        home.mkdir(parents=True)
        self.bundles.mkdir()
        self.places.release_keys[0].write_bytes(public_pem(KEY))

    @property
    def bundles(self) -> Path:
        return self.folder / "bundles"

    def bundle(self, counter: int, **wishes: object) -> Made:
        return made(self.bundles, counter, **wishes)  # type: ignore[arg-type]  # as `made` has them

    def kept(self) -> set[str]:
        """The names in the folder of releases."""
        folder = self.places.releases
        return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


def other(target: TargetKind, **changes: str) -> TargetKind:
    return replace(target, **changes)  # type: ignore[arg-type]  # names of its fields
