"""A bundle in the technician's hand: who signed it and what it is, before any board hears of it; nothing is unpacked."""

from __future__ import annotations

import json
import shutil
import tarfile
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from broker.private import make_private_folder
from broker.updates.wanted import Release, bundles

__all__ = ["BundleFault", "keep", "read_bundle"]

MANIFEST_BYTES = 16 << 20
SPARE_BYTES = 200_000_000


class BundleFault(ValueError):
    """No board would take it: a sentence for the technician."""


def read_bundle(path: Path, keys: Sequence[bytes]) -> Release:
    """What the bundle is, signed by one of the public keys (PEM). Raises BundleFault, OSError."""
    try:
        with tarfile.open(path, "r|gz") as tar:
            manifest = _next(tar, "manifest.json")
            signature = _next(tar, "manifest.sig")
    except (tarfile.TarError, EOFError) as fault:
        raise BundleFault(f"{path} is no bundle, or a torn one: {fault}") from fault
    if not any(_signed(manifest, signature, key) for key in keys):
        raise BundleFault(
            f"{path} was signed by another key than this hall's: no board would take it"
        )
    try:
        says = json.loads(manifest)
        return Release(
            name=f"{says['version']}-{sha256(manifest).hexdigest()[:8]}",
            file=path.name,
            sha256=_digest(path),
            size=path.stat().st_size,
            counter=says["counter"],
            version=says["version"],
            machine=says["target"]["machine"],
            python=says["target"]["python"],
        )
    except (ValueError, KeyError, TypeError) as fault:
        raise BundleFault(f"{path}: its manifest cannot be read: {fault!r}") from fault


def _next(tar: tarfile.TarFile, name: str) -> bytes:
    member = tar.next()
    if member is None or member.name != name or not member.isreg() or member.size > MANIFEST_BYTES:
        raise tarfile.TarError(f"{name} is not where it should be")
    file = tar.extractfile(member)
    return file.read() if file else b""


def _signed(content: bytes, signature: bytes, pem: bytes) -> bool:
    try:
        key = load_pem_public_key(pem)
    except ValueError:
        return False
    if not isinstance(key, Ed25519PublicKey):
        return False
    try:
        key.verify(signature, content)
    except InvalidSignature:
        return False
    return True


def _digest(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def keep(path: Path, release: Release, desk: Path) -> None:
    """Copy it where the desk gives it from. Raises BundleFault if the disk is too full, OSError."""
    folder = bundles(desk)
    make_private_folder(desk)
    folder.mkdir(mode=0o700, exist_ok=True)
    kept = folder / release.file
    if kept.exists() and _digest(kept) == release.sha256:
        return
    free = shutil.disk_usage(folder).free
    if free < release.size + SPARE_BYTES:
        raise BundleFault(
            f"the hub's disk is too full: {(release.size + SPARE_BYTES) >> 20} MB are needed in {folder}, {free >> 20} are free"
        )
    part = kept.with_name(f"{kept.name}.part")
    shutil.copyfile(path, part)
    if _digest(part) != release.sha256:
        part.unlink()
        raise BundleFault(f"{path} became another while it was copied: try again")
    part.replace(kept)
