"""A small disk that can be filled and emptied: a memory file system where this machine lets us mount one, else a limit."""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

__all__ = ["SmallDisk", "small_disk"]

SIZE_MB = 4


class SmallDisk:
    """`fill` leaves no byte free, `free` gives all of it back."""

    def __init__(self, folder: Path, pid: Callable[[], int], *, mounted: bool) -> None:
        self.folder, self._pid, self._mounted = folder, pid, mounted
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        if not self._mounted:
            # No file of this process may grow any more; SQLite sees a write that fails, as on a full disk.
            newest = max(path.stat().st_size for path in self.folder.glob("*.db-wal"))
            self._limit(newest)
            return
        with self._ballast.open("ab", buffering=0) as file, contextlib.suppress(OSError):
            for size in (65_536, 4096, 1):
                with contextlib.suppress(OSError):
                    while True:
                        file.write(bytes(size))

    def free(self) -> None:
        if self._mounted:
            self._ballast.unlink(missing_ok=True)
        else:
            self._limit(resource.RLIM_INFINITY)

    def _limit(self, size: int) -> None:
        resource.prlimit(self._pid(), resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@contextlib.contextmanager
def small_disk(folder: Path, pid: Callable[[], int]) -> Iterator[SmallDisk]:
    """`pid` is the process whose files the limit is for, where nothing can be mounted."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "chaos", str(folder)]
    mounted = os.geteuid() == 0 and subprocess.run(mount, check=False).returncode == 0
    try:
        yield SmallDisk(folder, pid, mounted=mounted)
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
