"""Reads a tar of plain files that came with the card or from the desk; nothing in it leads out of the folder that it fills."""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path, PurePosixPath

from firmware.onboard.durable import sync_tree

__all__ = ["TarFault", "fill"]


class TarFault(Exception):
    """It holds something else than plain files with plain names, or it is torn."""


def fill(folder: Path, tar: bytes, *, mode: int, folder_mode: int) -> None:
    """Write what the tar holds into a folder that is not there yet; on the disk when this returns.

    Files keep their time, by which an identity's age is known. Raises TarFault, OSError.
    """
    folder.mkdir(mode=folder_mode, parents=True)
    folder.chmod(folder_mode)
    try:
        with tarfile.open(fileobj=io.BytesIO(tar), mode="r:") as opened:
            for member in opened:
                _write(folder, opened, member, mode, folder_mode)
    except tarfile.TarError as fault:
        raise TarFault(f"it is torn ({fault})") from fault
    sync_tree(folder)


def _write(
    folder: Path, opened: tarfile.TarFile, member: tarfile.TarInfo, mode: int, folder_mode: int
) -> None:
    path = PurePosixPath(member.name)
    content = opened.extractfile(member) if member.isreg() else None
    if content is None or path.is_absolute() or ".." in path.parts or not path.parts:
        raise TarFault(f"{member.name!r} is no plain file")
    above = folder
    for part in path.parts[:-1]:
        above /= part
        if not above.exists():
            above.mkdir(folder_mode)
            above.chmod(folder_mode)
    to = folder / path
    with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content.read())
    to.chmod(mode)
    os.utime(to, (member.mtime, member.mtime))
