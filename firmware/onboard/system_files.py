"""What this program puts into the operating system: its units, and a few settings; the same again changes nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib.resources import files
from pathlib import Path

from firmware.onboard.commands import run
from firmware.onboard.durable import point, write_durably
from firmware.onboard.launching import UNITS

__all__ = ["put_system_files", "settle", "system_files", "timers"]

SETTINGS: Mapping[str, str] = {
    "sysusers.conf": "etc/sysusers.d/jiaohao.conf",
    "tmpfiles.conf": "etc/tmpfiles.d/jiaohao.conf",
    "journald.conf": "etc/systemd/journald.conf.d/jiaohao.conf",
    "system.conf": "etc/systemd/system.conf.d/jiaohao.conf",
    "sysctl.conf": "etc/sysctl.d/90-jiaohao.conf",
}
# Drivers of what hangs on a board; a hub has nothing on it.
BOARD_SETTINGS: Mapping[str, str] = {"modules.conf": "etc/modules-load.d/jiaohao.conf"}
# For a technician who has logged in.
COMMAND, COMMAND_PATH = "jiaohao.sh", "usr/local/bin/jiaohao"
UNIT_FOLDER = "etc/systemd/system"
# Once in each boot, before the hall's own.
CHECKS = ("root",)
TIMERS: Mapping[str, tuple[str, ...]] = {
    "board": ("update", "doctor"),
    "hub": ("update", "doctor", "backup"),
}
# What only wears the card, asks the internet, or makes a start wait for a network.
UNWANTED = (
    "apt-daily.timer",
    "apt-daily-upgrade.timer",
    "e2scrub_all.timer",
    "man-db.timer",
    "NetworkManager-wait-online.service",
    "systemd-networkd-wait-online.service",
)
# The suite starts Mosquitto itself, with its own settings.
UNWANTED_ON_HUB = ("mosquitto.service",)


def system_files(role: str) -> Iterator[tuple[str, bytes]]:
    """Each path below the root with its content, for a `board` or a `hub`."""
    settings = SETTINGS if role == "hub" else {**SETTINGS, **BOARD_SETTINGS}
    for name, path in settings.items():
        yield path, _content(name)
    yield COMMAND_PATH, _content(COMMAND)
    units = [f"jiaohao-{unit}.service" for unit in (*CHECKS, *UNITS[role], *TIMERS[role])]
    for name in (*units, *timers(role)):
        yield f"{UNIT_FOLDER}/{name}", _content(name)


def put_system_files(role: str, root: Path = Path("/")) -> None:
    """Write all of them, let them start with the system, and put what is not wanted out of its way."""
    for path, content in system_files(role):
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.is_file() or file.read_bytes() != content:
            write_durably(file, content, 0o755 if path == COMMAND_PATH else 0o644)
    folder = root / UNIT_FOLDER
    for target, names in _wanted(role).items():
        wants = folder / f"{target}.wants"
        wants.mkdir(parents=True, exist_ok=True)
        for name in names:
            point(wants / name, f"/{UNIT_FOLDER}/{name}")
    for name in (*UNWANTED, *(UNWANTED_ON_HUB if role == "hub" else ())):
        point(folder / name, "/dev/null")


def settle(root: Path = Path("/")) -> None:
    """Let the running system know, as its next start will: users, folders, limits, the log in memory, what is not wanted.

    Nothing is started. Raises OSError.
    """
    # While it still knows what they are: what is masked as it runs counts as failed.
    with suppress(OSError):
        run("systemctl", "stop", *UNWANTED)
    run("systemd-sysusers", "/etc/sysusers.d/jiaohao.conf")
    run("systemd-tmpfiles", "--create", "/etc/tmpfiles.d/jiaohao.conf")
    run("systemctl", "daemon-reload")
    with suppress(OSError):
        run("systemctl", "reset-failed", *UNWANTED)
    run("systemctl", "restart", "systemd-sysctl.service", "systemd-journald.service")
    # Before the board starts, which may use what has a name by then; a driver that this kernel does not have is no fault.
    with suppress(OSError):
        run("systemctl", "restart", "systemd-modules-load.service")
    # What was logged on the card until now.
    shutil.rmtree(root / "var/log/journal", ignore_errors=True)


def timers(role: str) -> tuple[str, ...]:
    return tuple(f"jiaohao-{unit}.timer" for unit in TIMERS[role])


def _wanted(role: str) -> dict[str, tuple[str, ...]]:
    services = tuple(f"jiaohao-{unit}.service" for unit in (*CHECKS, *UNITS[role]))
    # A card that is slow to show its partition would leave them out for good; so they come with it, also when the updater,
    # twice a minute, asks for it again.
    return {
        "multi-user.target": services,
        "data.mount": services,
        "timers.target": timers(role),
    }


def _content(name: str) -> bytes:
    return files("firmware.onboard").joinpath("units", name).read_bytes()
