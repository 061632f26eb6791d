"""An arm64 Debian as a folder: what a board's Python and openssl need, unpacked and never booted; programs run in it under QEMU."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from firmware.cards.debs import fetch_debs
from firmware.cards.targets import TARGETS

__all__ = ["BUILD", "NEEDED", "Root"]

BUILD = Path(__file__).parents[2] / "build" / "arm64"
NEEDED = ("qemu-aarch64-static", "proot", "unshare")
# What Raspberry Pi OS Lite has of what the updater starts.
PACKAGES = ("python3", "openssl", "coreutils", "base-files", "libc-bin", "dash", "tzdata")


@dataclass(frozen=True, slots=True)
class Ran:
    said: str
    took_s: float


@dataclass(frozen=True, slots=True)
class Root:
    """A folder that programs see as `/`. Whoever runs them need not be root, and this machine needs no binfmt_misc."""

    folder: Path

    @staticmethod
    def made() -> Root:
        """The one below build, made if it is not there."""
        folder = BUILD / "root"
        if not folder.is_dir():
            debs = fetch_debs(TARGETS["aarch64-cp311"], BUILD / "debs", PACKAGES, ())
            part = folder.with_name("root.part")
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir(parents=True)
            for deb in debs:
                subprocess.run(["dpkg-deb", "-x", deb, part], check=True)
            part.rename(folder)
        return Root(folder)

    def run(self, *command: str, **environment: str) -> Ran:
        """Run a program of it, without any network. Raises CalledProcessError, whose output says more."""
        began = time.monotonic()
        isolated = ["unshare", "--user", "--map-root-user", "--net"]
        proot = ["proot", "-q", "qemu-aarch64-static", "-r", str(self.folder), "-w", "/"]
        binds: Sequence[str] = ("-b", "/proc", "-b", "/dev")
        # proot traces system calls; its quicker way, by seccomp, does not see all that QEMU makes of them.
        quiet = {
            "PATH": "/usr/bin:/bin",
            "HOME": "/root",
            "LC_ALL": "C.UTF-8",
            "PROOT_NO_SECCOMP": "1",
        }
        ran = subprocess.run(
            [
                *map(_found, isolated[:1]),
                *isolated[1:],
                _found(proot[0]),
                *proot[1:],
                *binds,
                *command,
            ],
            check=True,
            capture_output=True,
            text=True,
            env={**quiet, "QEMU_CPU": "max", **environment, "PROOT_TMP_DIR": _temporary()},
        )
        return Ran(ran.stdout, time.monotonic() - began)


def _found(program: str) -> str:
    return shutil.which(program) or program


def _temporary() -> str:
    folder = BUILD / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    return os.fspath(folder)
