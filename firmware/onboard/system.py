"""What the first boot does to Raspberry Pi OS: user, packages, time, units; the commands that it runs as root stand here alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from firmware.onboard.card import Card
from firmware.onboard.durable import write_durably
from firmware.onboard.launching import UNITS
from firmware.onboard.machine import service
from firmware.onboard.places import Places

__all__ = ["FIRST_BOOT", "USER", "RaspberryPiOS", "unit_files"]

USER = "jiaohao"
FIRST_BOOT = "jiaohao-first-boot.service"
UPDATES = "jiaohao-update.timer"
MOSQUITTO = "mosquitto.service"
APT = (
    "apt-get",
    "install",
    "--yes",
    "--no-download",
    "--no-install-recommends",
    "-oDir::Etc::sourcelist=/dev/null",
    "-oDir::Etc::sourceparts=/dev/null",
    "-oDpkg::Options::=--force-confold",
    "-oAPT::Sandbox::User=root",
)
# By the name that a file has in firmware/onboard/units: where it belongs.
FOLDERS = {
    ".service": "etc/systemd/system",
    ".timer": "etc/systemd/system",
    ".path": "etc/systemd/system",
    ".socket": "etc/systemd/system",
    ".target": "etc/systemd/system",
}
DROP_INS = {
    "sysusers": "etc/sysusers.d",
    "tmpfiles": "etc/tmpfiles.d",
    "journald": "etc/systemd/journald.conf.d",
    "watchdog": "etc/systemd/system.conf.d",
    "system": "etc/systemd/system.conf.d",
    "sysctl": "etc/sysctl.d",
}


@dataclass(frozen=True, slots=True)
class RaspberryPiOS:
    """See `first_boot.System`. `root` is where the system's files are."""

    root: Path = Path("/")

    def set_clock(self, at: float) -> None:
        time.clock_settime(time.CLOCK_REALTIME, at)

    def make_user(self) -> None:
        for name, content in unit_files("board"):
            if name.startswith("etc/sysusers.d/"):
                self._put(name, content)
        _run("systemd-sysusers")

    def give(self, places: Places) -> None:
        for top in (places.identity, places.var):
            for folder, _, names in os.walk(top):
                shutil.chown(folder, USER, USER)
                for name in names:
                    shutil.chown(Path(folder, name), USER, USER)

    def install_packages(self, places: Places) -> None:
        # Before its package comes: a broker of Debian's own making would take the hall's port.
        _run("systemctl", "mask", MOSQUITTO)
        debs = sorted(map(str, (places.current.resolve() / "debs").glob("*.deb")))
        if debs:
            _run("dpkg", "--configure", "-a")
            _run(*APT, *debs)

    def keep_time(self, chrony: bytes) -> None:
        self._put("etc/chrony/conf.d/jiaohao.conf", chrony)
        _run("systemctl", "enable", "chrony.service")
        _run("systemctl", "restart", "chrony.service")

    def put_units(self, places: Places, role: str) -> None:
        del places
        for name, content in unit_files(role):
            self._put(name, content)
        _run("systemctl", "daemon-reload")
        _run("systemd-tmpfiles", "--create")

    def start(self, role: str) -> None:
        units = (*map(service, UNITS[role]), UPDATES)
        _run("systemctl", "enable", *units)
        # Not waited for: a board is up once its hub is.
        _run("systemctl", "start", "--no-block", *units)

    def finish(self, card: Card) -> None:
        del card
        _run("systemctl", "disable", FIRST_BOOT)

    def _put(self, path: str, content: bytes) -> None:
        to = self.root / path
        to.parent.mkdir(parents=True, exist_ok=True)
        if not to.exists() or to.read_bytes() != content:
            write_durably(to, content)


def unit_files(role: str) -> Iterator[tuple[str, bytes]]:
    """The system's files that this program brings for a role, by their path below the root."""
    mine = {service(unit) for unit in UNITS[role]}
    others = {service(unit) for units in UNITS.values() for unit in units} - mine
    for file in sorted(_below(files("firmware.onboard") / "units"), key=lambda one: one.name):
        if file.name not in others and (path := _path(file.name)):
            yield path, file.read_bytes()


def _path(name: str) -> str:
    suffix = Path(name).suffix
    if suffix in FOLDERS:
        return f"{FOLDERS[suffix]}/{name}"
    kind = name.partition(".")[0].partition("-")[0]
    if suffix == ".conf" and kind in DROP_INS:
        return f"{DROP_INS[kind]}/jiaohao.conf"
    return ""


def _below(folder: Traversable) -> list[Traversable]:
    return [file for file in folder.iterdir() if file.is_file()] if folder.is_dir() else []


def _run(*command: str) -> None:
    """Raises OSError with what the command said."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    try:
        said = subprocess.run(command, check=False, capture_output=True, env=quiet, timeout=1800)
    except subprocess.TimeoutExpired as fault:
        raise OSError(f"{' '.join(command[:2])} did not come to an end") from fault
    if said.returncode:
        text = (said.stderr or said.stdout).decode(errors="replace").strip().splitlines()
        raise OSError(f"{' '.join(command[:2])} failed: {text[-1] if text else said.returncode}")
