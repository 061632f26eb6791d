"""What the first boot does to Raspberry Pi OS: user, packages, time, units; the commands that it runs as root stand here alone."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from firmware.onboard.card import Card
from firmware.onboard.commands import run
from firmware.onboard.data_partition import make_data_partition
from firmware.onboard.durable import write_durably
from firmware.onboard.launching import UNITS
from firmware.onboard.machine import service
from firmware.onboard.places import Places
from firmware.onboard.read_only_root import DEBS, is_unwritten, switch_on
from firmware.onboard.system_files import put_system_files, settle, timers

__all__ = ["USER", "RaspberryPiOS"]

USER = "jiaohao"
FIRST_BOOT = "jiaohao-first-boot.service"
MOSQUITTO = "mosquitto.service"
# No word of --no-download: then apt looks for none of the files that it is given, and installs nothing. It has no source but them.
APT = (
    "apt-get",
    "install",
    "--yes",
    "--no-install-recommends",
    "-oDir::Etc::sourcelist=/dev/null",
    "-oDir::Etc::sourceparts=/dev/null",
    "-oDpkg::Options::=--force-confold",
    "-oAPT::Sandbox::User=root",
)


@dataclass(frozen=True, slots=True)
class RaspberryPiOS:
    """See `first_boot.System`. `root` is where the system's files are."""

    root: Path = Path("/")

    def set_clock(self, at: float) -> None:
        time.clock_settime(time.CLOCK_REALTIME, at)

    def put_files(self, role: str) -> None:
        put_system_files(role, self.root)
        if (self.root / "etc/cloud").is_dir():
            # What it read at the first boot is erased from the card; without that it would set the board up as a new one.
            self._put("etc/cloud/cloud-init.disabled", b"")
        settle()

    def give(self, places: Places) -> None:
        for top in (places.identity, places.var, places.settings.resolve()):
            for folder, _, names in os.walk(top):
                shutil.chown(folder, USER, USER)
                for name in names:
                    shutil.chown(Path(folder, name), USER, USER)

    def install_packages(self, places: Places) -> None:
        # Before its package comes: a broker of Debian's own making would take the hall's port.
        _run("systemctl", "mask", MOSQUITTO)
        _install(places.current.resolve() / "debs")

    def keep_time(self, chrony: bytes) -> None:
        self._put("etc/chrony/conf.d/jiaohao.conf", chrony)
        _run("systemctl", "enable", "chrony.service")
        _run("systemctl", "restart", "chrony.service")

    def start(self, role: str) -> None:
        units = (*map(service, UNITS[role]), *timers(role))
        # Not waited for: a board is up once its hub is. They start with the system from here on, see `put_files`.
        _run("systemctl", "start", "--no-block", *units)

    def make_data_partition(self) -> None:
        make_data_partition(self.root)

    def keep_root_unwritten(self, places: Places) -> bool:
        _install(places.current.resolve() / DEBS)
        switch_on(self.root)
        return not is_unwritten()

    def finish(self, card: Card) -> None:
        del card
        _run("systemctl", "disable", FIRST_BOOT)

    def start_anew(self) -> None:
        _run("systemctl", "reboot")

    def _put(self, path: str, content: bytes) -> None:
        to = self.root / path
        to.parent.mkdir(parents=True, exist_ok=True)
        if not to.exists() or to.read_bytes() != content:
            write_durably(to, content)


def _install(folder: Path) -> None:
    """Packages, with no other source of any. Raises OSError."""
    # One that the card has in a newer version stays: apt goes back only where it is told to.
    debs = [f"{deb}" for deb in sorted(folder.glob("*.deb")) if not _is_here(deb)]
    if debs:
        # What a power cut has left; what that still lacks is among those that come now.
        with suppress(OSError):
            _run("dpkg", "--configure", "-a")
        _run(*APT, *debs)


def _is_here(deb: Path) -> bool:
    """Whether the system has this package, whole, in this version or a newer one."""
    name, version = _run("dpkg-deb", "--showformat=${Package} ${Version}", "-W", f"{deb}").split()
    try:
        said = _run("dpkg-query", "--showformat=${db:Status-Status} ${Version}\n", "-W", name)
        state, here = said.splitlines()[0].split(" ")
        _run("dpkg", "--compare-versions", here, "ge", version)
    except (OSError, ValueError):
        return False
    return state == "installed"


def _run(*command: str) -> str:
    return run(*command, timeout_s=1800).decode(errors="replace")
