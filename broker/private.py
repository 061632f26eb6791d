"""Files that nobody else may read: written whole or not at all, and refused once others could read them.

What root makes here belongs to whom the folder belongs: else a PIN or a revocation that a technician gives by `sudo` could not be
read by the hall's own programs.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

__all__ = ["check_private", "make_private_folder", "write_private"]


def make_private_folder(path: Path) -> None:
    """Make the folder for its owner alone. Raises OSError if it is there and others may enter it."""
    fresh = not path.exists()
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if fresh and os.geteuid() == 0:
        owner = path.parent.stat()
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)
    check_private(path)


def check_private(path: Path) -> None:
    """Raises OSError with a sentence if anybody but the owner may read or write this file or folder."""
    found = path.stat()
    if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        mode = "700" if stat.S_ISDIR(found.st_mode) else "600"
        raise PermissionError(
            f"{path} can be read or written by others (mode {stat.S_IMODE(found.st_mode):o}),"
            f" so it may no longer be a secret: chmod {mode} {path}, or replace it"
        )


def write_private(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write a file that is there whole or not at all, also after a power cut."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        if os.geteuid() == 0:
            owner = path.parent.stat()
            os.fchown(file.fileno(), owner.st_uid, owner.st_gid)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
