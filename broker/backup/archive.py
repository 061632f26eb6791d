"""One backup as one file: a manifest of hashes, then every file; packed, proved and unpacked, sealed where there is a passphrase."""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import IO

import msgspec
from msgspec import Struct

from broker.backup.sealing import SEAL, Sealed, SealFault, Unsealed

__all__ = ["BackupFault", "Manifest", "examine", "manifest_of", "pack", "unpack"]

FORMAT = 1
MANIFEST = "manifest.json"
PIECE = 1 << 20
# A card's journal holds 80 MB a month; the quickest level already halves it three times.
LEVEL = 1

Content = bytes | Path


class BackupFault(OSError):
    """The backup cannot be used; the sentence says why."""


class File(Struct, frozen=True, kw_only=True):
    path: str
    size: int
    sha256: str


class Manifest(Struct, frozen=True, kw_only=True):
    """`seq`, `last_at` and `head` are the journal's end: its rows, the time of the last in ms, its seal in hex."""

    format: int
    hall: str
    made: int
    version: str
    seq: int
    last_at: int
    head: str
    files: tuple[File, ...]


def manifest_of(
    contents: Mapping[str, Content],
    *,
    hall: str,
    made: int,
    version: str,
    end: tuple[int, int, bytes],
) -> Manifest:
    """`contents` are files by their path in the backup, as bytes or as a file that nobody changes meanwhile."""
    seq, last_at, head = end
    return Manifest(
        format=FORMAT,
        hall=hall,
        made=made,
        version=version,
        seq=seq,
        last_at=last_at,
        head=head.hex(),
        files=tuple(_described(path, content) for path, content in contents.items()),
    )


def _described(path: str, content: Content) -> File:
    digest, size = sha256(), 0
    for piece in _pieces(content):
        digest.update(piece)
        size += len(piece)
    return File(path=path, size=size, sha256=digest.hexdigest())


def _pieces(content: Content) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def pack(
    out: IO[bytes], manifest: Manifest, contents: Mapping[str, Content], passphrase: bytes = b""
) -> None:
    """Write the whole backup to `out`. Raises OSError."""
    with _packing(out, passphrase) as tar:
        _add(tar, MANIFEST, msgspec.json.encode(manifest), manifest.made)
        for path, content in contents.items():
            _add(tar, path, content, manifest.made)


@contextmanager
def _packing(out: IO[bytes], passphrase: bytes) -> Iterator[tarfile.TarFile]:
    if not passphrase:
        with (
            gzip.GzipFile("", "wb", LEVEL, out, mtime=0) as zipped,
            tarfile.open(fileobj=zipped, mode="w|") as tar,
        ):
            yield tar
        return
    with (
        io.BufferedWriter(Sealed(out, passphrase), PIECE) as sealed,
        gzip.GzipFile("", "wb", LEVEL, sealed, mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w|") as tar,
    ):
        yield tar


def _add(tar: tarfile.TarFile, path: str, content: Content, made: int) -> None:
    member = tarfile.TarInfo(path)
    member.mode, member.mtime = 0o600, made // 1000
    if isinstance(content, bytes):
        member.size = len(content)
        tar.addfile(member, io.BytesIO(content))
        return
    member.size = content.stat().st_size
    with content.open("rb") as file:
        tar.addfile(member, file)


def examine(backup: Path, passphrase: bytes = b"") -> Manifest:
    """Read a backup whole: what its manifest says, once every file in it was as that says. Raises BackupFault."""
    return _read(backup, passphrase, None)


def unpack(backup: Path, folder: Path, passphrase: bytes = b"") -> Manifest:
    """As `examine`; every file is then in `folder`, for its owner alone. Raises BackupFault, OSError."""
    return _read(backup, passphrase, folder)


def _read(backup: Path, passphrase: bytes, folder: Path | None) -> Manifest:
    try:
        with backup.open("rb") as file, _unpacking(file, passphrase) as tar:
            return _members(tar, folder)
    except BackupFault as fault:
        raise BackupFault(f"{backup} is no whole backup: {fault}") from fault
    except SealFault as fault:
        raise BackupFault(f"{backup} cannot be read: {fault}") from fault
    except (tarfile.TarError, EOFError, gzip.BadGzipFile, zlib.error) as damage:
        raise BackupFault(
            f"{backup} is no whole backup: it is damaged or cut off ({damage})"
        ) from damage


@contextmanager
def _unpacking(file: IO[bytes], passphrase: bytes) -> Iterator[tarfile.TarFile]:
    sealed = file.read(len(SEAL)) == SEAL
    file.seek(0)
    if sealed and not passphrase:
        raise SealFault("it is sealed; name the file of its passphrase with --passphrase-file")
    plain = io.BufferedReader(Unsealed(file, passphrase)) if sealed else file
    with gzip.GzipFile(fileobj=plain) as zipped, tarfile.open(fileobj=zipped, mode="r|") as tar:
        yield tar
        # Its checksum stands at its end, behind what the archive needs; so does the seal's.
        while zipped.read(PIECE):
            pass


def _members(tar: tarfile.TarFile, folder: Path | None) -> Manifest:
    members = iter(tar)
    first = next(members, None)
    if first is None or first.name != MANIFEST:
        raise BackupFault("its manifest is missing")
    try:
        manifest = msgspec.json.decode(_bytes_of(tar, first), type=Manifest)
    except msgspec.DecodeError as damage:
        raise BackupFault(f"its manifest cannot be read: {damage}") from damage
    if manifest.format != FORMAT:
        raise BackupFault(f"it is of format {manifest.format}, this software knows {FORMAT}")
    wanted = {file.path: file for file in manifest.files}
    for member in members:
        told = wanted.pop(member.name, None)
        if told is None or not member.isreg() or not _stays_inside(member.name):
            raise BackupFault(f"{member.name!r} is in it, of which its manifest does not tell")
        _keep(tar, member, told, folder)
    if wanted:
        raise BackupFault(f"{', '.join(sorted(wanted))} is missing from it")
    return manifest


def _stays_inside(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return bool(parts) and parts[0] != "/" and ".." not in parts


def _bytes_of(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(member)
    return file.read() if file else b""


def _keep(tar: tarfile.TarFile, member: tarfile.TarInfo, told: File, folder: Path | None) -> None:
    digest, size = sha256(), 0
    came = tar.extractfile(member)
    out = _for_owner(folder / member.name) if folder else None
    try:
        while came and (piece := came.read(PIECE)):
            digest.update(piece)
            size += len(piece)
            if out:
                out.write(piece)
    finally:
        if out:
            out.close()
    if (size, digest.hexdigest()) != (told.size, told.sha256):
        raise BackupFault(f"{told.path!r} in it is not as it was when it was made")


def _for_owner(path: Path) -> IO[bytes]:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    return path.open("wb")
