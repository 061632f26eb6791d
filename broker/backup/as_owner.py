"""Root mounts the stick and does no more: all else is done as the user to whom the hub's folder belongs."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from broker.backup.places import LABEL, STICK, NotMounted, PlaceFault, stick_mount

__all__ = ["as_owner_of", "mounted_stick"]

OURS = Path("/run/jiaohao-stick")
PATIENCE_S = 60


@contextmanager
def mounted_stick(owner: Path) -> Iterator[Path]:
    """Where the stick is mounted; root mounts one that is not, so that the owner of a folder may write on it. Raises PlaceFault."""
    found: Path | None = None
    try:
        found = stick_mount()
    except NotMounted:
        if os.geteuid() != 0:
            raise
    if found is not None:
        yield found
        return
    OURS.mkdir(mode=0o755, exist_ok=True)
    _mount(owner)
    try:
        yield OURS
    finally:
        subprocess.run(["umount", str(OURS)], check=False, timeout=PATIENCE_S)  # noqa: S603, S607


def _mount(owner: Path) -> None:
    whose = owner.stat()
    device = f"/dev/disk/by-label/{LABEL}"
    safe = "nosuid,nodev,noexec"
    # FAT and exFAT know no owners: all on it is one's own who mounts it. Others do, and do not know the option.
    tries = (f"{safe},uid={whose.st_uid},gid={whose.st_gid},umask=077", safe)
    said = ""
    for options in tries:
        ran = subprocess.run(  # noqa: S603
            ["mount", "-o", options, device, str(OURS)],  # noqa: S607
            check=False,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
        )
        if ran.returncode == 0:
            folder = OURS / STICK
            with suppress(FileExistsError):
                folder.mkdir(mode=0o700)
            # Refused on FAT, where it is so already.
            with suppress(OSError):
                os.chown(folder, whose.st_uid, whose.st_gid, follow_symlinks=False)
            return
        said = ran.stderr.strip().partition("\n")[0]
    raise PlaceFault(f"the stick named {LABEL} cannot be mounted: {said}; use another one")


def as_owner_of(folder: Path, do: Callable[[], int]) -> int:
    """What `do` answers; of root it is done in a child that is the folder's owner for good, so that no link of that
    user's leads root anywhere.
    """
    whose = folder.stat()
    if os.geteuid() != 0 or whose.st_uid == 0:
        return do()
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status)
    code = 1
    try:
        os.setgroups([])
        os.setgid(whose.st_gid)
        os.setuid(whose.st_uid)
        with suppress(KeyError):
            os.environ["HOME"] = pwd.getpwuid(
                whose.st_uid
            ).pw_dir  # where its ssh looks for its key
        code = do()
    except BaseException:  # noqa: BLE001  # the child has no other end
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
