"""Reads a bundle from its beginning to its end: manifest and signature first, then exactly the files that they name."""

from __future__ import annotations

import gzip
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

from firmware.onboard.manifest import Manifest, Member, ReleaseFault, read_manifest
from firmware.onboard.signature import SIGNATURE_BYTES
from firmware.onboard.whole import MANIFEST, SIGNATURE

__all__ = ["Bundle"]

BLOCK = tarfile.BLOCKSIZE
# Ten times what a whole hub needs. It is read into memory before anybody is known to have signed it.
MANIFEST_BYTES = 16 << 20
PIECE = 1 << 20


class Bundle:
    """An opened bundle. What `manifest_bytes` and `signature` say is not to be believed before it is checked.

    Its headers are read one by one, as plain tar alone: tarfile would follow what they say of long names and links,
    with as much memory as they like. Raises ReleaseFault for what is torn or of another form.
    """

    def __init__(self, path: Path) -> None:
        self._raw = path.open("rb")
        self._file = gzip.GzipFile(fileobj=self._raw)
        try:
            self.manifest_bytes = self._small(MANIFEST, MANIFEST_BYTES)
            self.signature = self._small(SIGNATURE, SIGNATURE_BYTES)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()
        self._raw.close()

    @property
    def manifest(self) -> Manifest:
        """What it says that it holds. Raises ReleaseFault."""
        return read_manifest(self.manifest_bytes)

    def unpack(self, manifest: Manifest, folder: Path) -> None:
        """Write the files of the manifest, once, into a folder that is there; nothing is synced.

        Raises ReleaseFault if the bundle is not what its manifest says, OSError if the disk does not take it.
        """
        for member in manifest.files:
            path = folder / member.path
            path.parent.mkdir(parents=True, exist_ok=True)
            self._copy(member, path)

    def _copy(self, member: Member, to: Path) -> None:
        size = self._header(member.path)
        if size != member.size:
            raise ReleaseFault(_altered(f"{member.path} has {size} bytes, not {member.size}"))
        digest = sha256()
        with to.open("xb") as file:
            for piece in self._pieces(size):
                digest.update(piece)
                file.write(piece)
        if digest.hexdigest() != member.sha256:
            raise ReleaseFault(_altered(f"{member.path} is not what was signed"))

    def _small(self, name: str, limit: int) -> bytes:
        size = self._header(name)
        if size > limit:
            raise ReleaseFault(_altered(f"its {name} has {size} bytes"))
        return b"".join(self._pieces(size))

    def _header(self, name: str) -> int:
        """The size of the next file, which must be this one."""
        with _torn():
            found = tarfile.TarInfo.frombuf(self._exactly(BLOCK), "ascii", "strict")
        if found.name != name or found.type != tarfile.REGTYPE:
            raise ReleaseFault(_altered(f"{found.name!r} stands where {name} should"))
        return found.size

    def _pieces(self, size: int) -> Iterator[bytes]:
        """A file's content, and over the gap behind it."""
        left = size
        while left:
            piece = self._exactly(min(PIECE, left))
            left -= len(piece)
            yield piece
        self._exactly(-size % BLOCK)

    def _exactly(self, size: int) -> bytes:
        with _torn():
            found = self._file.read(size)
        if len(found) != size:
            raise ReleaseFault(_altered("it ends too early"))
        return found


def _altered(why: str) -> str:
    return f"the bundle is torn or was altered ({why}): copy it here anew"


@contextmanager
def _torn() -> Iterator[None]:
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile, tarfile.TarError, UnicodeDecodeError) as fault:
        raise ReleaseFault(_altered(f"{fault}")) from fault
