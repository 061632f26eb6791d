"""What root makes in another's folder belongs to that other: else the coordinator could not open its own journal."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["owned_as"]


def owned_as(folder: Path, *paths: Path) -> None:
    """Give each path, with everything in it, to whom the folder belongs. Nothing is done unless we are root."""
    if os.geteuid() != 0:
        return
    owner = folder.stat()
    for path in paths:
        # Not into a link: it may lead anywhere.
        inside = path.rglob("*") if path.is_dir() and not path.is_symlink() else ()
        for one in (path, *inside) if path.exists() else ():
            os.chown(one, owner.st_uid, owner.st_gid, follow_symlinks=False)
