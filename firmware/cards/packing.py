"""Writes a bundle: manifest and signature first, then its files in their order; the same content makes the same bytes."""

from __future__ import annotations

import gzip
import json
import os
import tarfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import IO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from firmware.cards.targets import TargetKind
from firmware.onboard.manifest import FORMAT, Manifest, read_manifest
from firmware.onboard.whole import MANIFEST, SIGNATURE

__all__ = ["Licence", "Release", "pack"]


@dataclass(frozen=True, slots=True)
class Licence:
    """A package in the bundle, and what its makers say of its licence."""

    name: str
    version: str
    licence: str


@dataclass(frozen=True, slots=True)
class Release:
    """What a manifest says beside its files; `built` is in seconds since 1970."""

    version: str
    counter: int
    target: TargetKind
    role: str
    built: int
    min_from: int = 0
    licences: tuple[Licence, ...] = ()


def pack(
    folder: Path, release: Release, key: Ed25519PrivateKey, out: Path
) -> tuple[Path, Manifest]:
    """Pack all files below `folder` into a bundle in the folder `out`. Raises OSError, ReleaseFault, ValueError."""
    paths = sorted(path.relative_to(folder).as_posix() for path in _files(folder))
    raw = _manifest(folder, paths, release)
    # By the eyes of the boards that will read it.
    manifest = read_manifest(raw)
    out.mkdir(parents=True, exist_ok=True)
    kind = release.target.name + ("-hub" if release.role == "hub" else "")
    bundle = out / f"jiaohao-{release.version}-{release.counter}-{kind}.bundle"
    part = bundle.with_name(bundle.name + ".part")
    with part.open("wb") as file:
        with gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
            _write(packed, MANIFEST, len(raw), BytesIO(raw))
            signature = key.sign(raw)
            _write(packed, SIGNATURE, len(signature), BytesIO(signature))
            for member in manifest.files:
                with (folder / member.path).open("rb") as content:
                    _write(packed, member.path, member.size, content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(bundle)
    return bundle, manifest


def _files(folder: Path) -> Iterable[Path]:
    for path in folder.rglob("*"):
        if path.is_symlink():
            raise ValueError(f"{path} is a link: a bundle holds files alone")
        if path.is_file():
            yield path


def _manifest(folder: Path, paths: Iterable[str], release: Release) -> bytes:
    files = []
    for path in paths:
        content = (folder / path).read_bytes()
        files.append({"path": path, "size": len(content), "sha256": sha256(content).hexdigest()})
    says = {
        "format": FORMAT,
        "version": release.version,
        "counter": release.counter,
        "target": {"machine": release.target.machine, "python": release.target.python},
        "min_from": release.min_from,
        "role": release.role,
        "built": datetime.fromtimestamp(release.built, UTC).isoformat(),
        "files": files,
        "licences": [
            {"name": one.name, "version": one.version, "licence": one.licence}
            for one in release.licences
        ],
    }
    return json.dumps(says, indent=0, ensure_ascii=False).encode()


def _write(packed: gzip.GzipFile, name: str, size: int, content: IO[bytes]) -> None:
    header = tarfile.TarInfo(name)
    header.size = size
    # Plain tar: a name that does not fit is refused here, and never told in a way that boards do not read.
    packed.write(header.tobuf(tarfile.USTAR_FORMAT, "ascii", "strict"))
    left = size
    while left:
        piece = content.read(min(1 << 20, left))
        if not piece:
            raise ValueError(f"{name} became shorter while it was packed")
        packed.write(piece)
        left -= len(piece)
    packed.write(bytes(-size % tarfile.BLOCKSIZE))
