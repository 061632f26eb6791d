"""The Debian packages that a hub, or a read-only root, needs beside Raspberry Pi OS Lite; by apt's own means, in a folder of its own."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from firmware.cards.packing import Licence
from firmware.cards.targets import TargetKind
from firmware.onboard.read_only_root import NEEDED

__all__ = ["FOR_HUB", "FOR_ROOT", "DebsFault", "fetch_debs", "licences"]

FOR_HUB = ("mosquitto", "chrony")
FOR_ROOT = NEEDED
# What every Debian has is on the card, and what is there as new is not installed anyway.
PRESENT = frozenset({"required", "important"})
# Raspberry Pi OS has its own, with which its kernels start: never one of Debian's in its place.
ON_EVERY_CARD = ("initramfs-tools",)
LICENCE = re.compile(r"^License:[ \t]*(\S.*)$", re.MULTILINE)


class DebsFault(Exception):
    """The packages cannot be had here: a sentence for the technician."""


def fetch_debs(
    target: TargetKind,
    into: Path,
    wanted: Sequence[str] = FOR_HUB,
    present: Collection[str] = PRESENT,
) -> tuple[Path, ...]:
    """Download them into a folder, with what they need beside packages of the priorities `present` and an initramfs. Raises DebsFault.

    apt checks who signed them.
    """
    if shutil.which("apt-get") is None:
        raise DebsFault("there is no apt-get here: give a folder of the packages with --debs")
    with TemporaryDirectory(prefix="jiaohao-") as folder:
        apt = _Apt(Path(folder), target)
        apt.run("apt-get", "update")
        apt.check_suite()
        if present:
            apt.pretend_there(present)
        apt.run("apt-get", "--no-install-recommends", "--download-only", "install", *wanted)
        into.mkdir(parents=True, exist_ok=True)
        found = sorted(apt.archives.glob("*.deb"))
        for deb in found:
            # apt writes a version's colon as %3a.
            shutil.copy(deb, into / deb.name.replace("%3a", "_"))
    if not found:
        raise DebsFault(f"apt brought none of {', '.join(wanted)}")
    return tuple(sorted(into.glob("*.deb")))


class _Apt:
    """An apt of its own, as a fresh machine of the target would have it, by this machine's sources."""

    def __init__(self, folder: Path, target: TargetKind) -> None:
        self.archives = folder / "archives"
        for path in (self.archives / "partial", folder / "lists" / "partial"):
            path.mkdir(parents=True)
        self._status, self._target = folder / "status", target
        self._status.touch()
        self._options = [
            *("-o", f"APT::Architecture={target.debian}"),
            *("-o", f"APT::Architectures={target.debian}"),
            *("-o", f"Dir::State={folder}"),
            *("-o", f"Dir::State::lists={folder}/lists"),
            *("-o", f"Dir::State::status={self._status}"),
            *("-o", f"Dir::Cache={folder}"),
            *("-o", f"Dir::Cache::archives={self.archives}"),
            # Root's downloads would go as another user, into a folder that is not theirs.
            *("-o", "APT::Sandbox::User=root"),
            *("-o", "Debug::NoLocking=1"),
            *("-o", "APT::Get::Assume-Yes=1"),
            "-q",
        ]

    def run(self, program: str, *words: str) -> str:
        run = subprocess.run(
            [program, *self._options, *words], check=False, capture_output=True, text=True
        )
        if run.returncode:
            last = [line for line in run.stderr.splitlines() if line.startswith("E:")] or [
                "no words"
            ]
            raise DebsFault(
                f"{program} {words[0]} failed ({' '.join(last)[-400:]}): this machine's sources have no"
                f" {self._target.suite} for {self._target.debian}; give a folder of the packages with --debs"
            )
        return run.stdout

    def check_suite(self) -> None:
        """What this machine's sources hold must be for the card's Debian, and no other."""
        told = self.run("apt-get", "indextargets", "--format", "$(CODENAME)").split()
        others = sorted({name for name in told if not name.startswith(self._target.suite)})
        if others or not told:
            raise DebsFault(
                f"this machine's apt sources are for {', '.join(others) or 'nothing'}, and the card is"
                f" {self._target.suite}: give a folder of its packages with --debs"
            )

    def pretend_there(self, priorities: Collection[str]) -> None:
        """Let it think that what every Debian has is installed, with all that it needs."""
        stanzas = {}
        for stanza in self.run("apt-cache", "dumpavail").split("\n\n"):
            name = re.search(r"^Package: (\S+)$", stanza, re.MULTILINE)
            if name:
                stanzas[name[1]] = stanza
        priority = re.compile(r"^Priority: (\S+)$", re.MULTILINE)
        there = [
            name
            for name, stanza in stanzas.items()
            if (found := priority.search(stanza)) and found[1] in priorities
        ]
        there += ON_EVERY_CARD
        would = self.run("apt-get", "--no-install-recommends", "--simulate", "install", *there)
        with self._status.open("w", encoding="utf-8") as status:
            for name in re.findall(r"^Inst (\S+) ", would, re.MULTILINE):
                status.write(f"{stanzas[name].strip()}\nStatus: install ok installed\n\n")


def licences(debs: Sequence[Path]) -> Iterator[Licence]:
    """Of each package, as its own copyright file names them."""
    for deb in debs:
        name, version = _say(
            "dpkg-deb", "-W", "--showformat=${Package}\n${Version}", str(deb)
        ).split()
        with TemporaryDirectory(prefix="jiaohao-") as folder:
            _say("dpkg-deb", "-x", str(deb), folder)
            copyright_ = Path(folder, "usr/share/doc", name, "copyright")
            text = copyright_.read_text(encoding="utf-8") if copyright_.is_file() else ""
        found = sorted(set(LICENCE.findall(text)))
        yield Licence(name, version, ", ".join(found) or f"/usr/share/doc/{name}/copyright")


def _say(*command: str) -> str:
    run = subprocess.run(command, check=False, capture_output=True, text=True)
    if run.returncode:
        raise DebsFault(f"{' '.join(command)}: {run.stderr.strip()}")
    return run.stdout
