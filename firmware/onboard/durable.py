"""Files that are there whole or not at all, also after a power cut."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

__all__ = ["point", "read_plainly", "sweep", "sync", "sync_tree", "write_durably"]


def sync(path: Path) -> None:
    """What stands in this file, or which names stand in this folder, is on the disk."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def sync_tree(folder: Path) -> None:
    """Every file and folder below, then the folder itself, is on the disk."""
    for path, _, names in os.walk(folder, topdown=False):
        for name in names:
            sync(Path(path, name))
        sync(Path(path))


def read_plainly(path: Path, most: int = 1 << 20) -> bytes:
    """What stands in a file that another user may have written: not through a link, not out of a pipe. Raises OSError."""
    opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(opened, "rb") as file:
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            raise OSError(f"{path} is no file")
        return file.read(most)


def write_durably(path: Path, content: bytes, mode: int = 0o644) -> None:
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    sync(path.parent)


def point(link: Path, target: str) -> None:
    """Let a link lead to a target relative to its folder: to the old one or to the new one, never to none."""
    part = link.with_name(link.name + ".part")
    part.unlink(missing_ok=True)
    part.symlink_to(target)
    part.replace(link)
    sync(link.parent)


def sweep(folder: Path) -> None:
    """Take a folder away. What a power cut leaves of it ends in `.part`, so that nobody takes it for whole."""
    part = folder.with_name(folder.name.removesuffix(".part") + ".part")
    if part != folder:
        if part.exists():
            shutil.rmtree(part)
        folder.rename(part)
        sync(folder.parent)
    shutil.rmtree(part)
