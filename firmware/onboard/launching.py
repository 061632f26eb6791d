"""How a unit starts: which release, by how many attempts, and as which command; it ends by becoming that command."""

from __future__ import annotations

import json
import os
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from firmware.onboard.manifest import ReleaseFault
from firmware.onboard.places import Places
from firmware.onboard.releases import attempt
from firmware.onboard.state import known_state
from firmware.onboard.whole import PACKAGES, is_whole

__all__ = ["COUNTING", "UNITS", "Launch", "count_attempt", "launch", "launch_of", "words_of"]

# What each role's machine runs, in the order of starting; systemd knows each as jiaohao-<unit>.service.
UNITS: Mapping[str, tuple[str, ...]] = {
    "board": ("board",),
    "hub": ("broker", "coordinator", "desk"),
}
# A machine's release is tried once a start, by its main unit: the others start with it.
COUNTING = frozenset({"board", "coordinator"})
TLS_PORT = 8883


@dataclass(frozen=True, slots=True)
class Launch:
    """A command with what is to stand in its environment."""

    argv: tuple[str, ...]
    environment: Mapping[str, str]


def count_attempt(places: Places, unit: str) -> str:
    """Before a unit starts, as root: the release that it is to run. Raises ReleaseFault."""
    try:
        return attempt(places, counts=unit in COUNTING)
    except OSError:
        # A full disk, or one that is read alone by now: what can be read is run, or nobody is served at all.
        wanted = known_state(places).wanted
        if wanted is None:
            raise
        return wanted


def launch_of(places: Places, unit: str) -> Launch:
    """The command of a unit in the current release. Raises ReleaseFault, or OSError for a file that is missing."""
    # Not the link itself: a process whose release is flipped under it would load half of each.
    release = places.current.resolve()
    if not is_whole(places, release.name):
        raise ReleaseFault(f"{places.current} leads to no whole release")
    words = words_of(places, unit)
    environment = {
        "PYTHONPATH": str(release / PACKAGES),
        "PYTHONDONTWRITEBYTECODE": "1",
        "JIAOHAO_RELEASE": release.name,
        "JIAOHAO_RUN": str(places.run),
    }
    return Launch((sys.executable, "-P", "-m", "broker.cli", *words), environment)


def words_of(places: Places, unit: str) -> list[str]:
    """The unit's command and its options. Raises ReleaseFault for one that is not known."""
    words = [unit, "--hall", str(places.settings / "hall.toml"), "--data", str(places.var)]
    match unit:
        case "board":
            words += ["--board", (places.identity / "name").read_text(encoding="utf-8").strip()]
            words += ["--identity", str(places.identity), *_broker(places)]
        case "coordinator":
            words += ["--identity", str(places.var / "ca" / "identities" / "coordinator")]
            # On this box, whatever its address in the hall is now.
            words += ["--broker", f"127.0.0.1:{_tls_port(places)}"]
        case "broker" | "desk":
            pass
        case "backup":
            words.append("--scheduled")
        case "doctor":
            words = [unit, "--home", str(places.home), "--run", str(places.run), "--send"]
        case _:
            raise ReleaseFault(f"there is no unit {unit!r}")
    return words


def _tls_port(places: Places) -> int:
    with (places.settings / "hall.toml").open("rb") as file:
        return int(tomllib.load(file).get("broker", {}).get("tls_port", TLS_PORT))


def _broker(places: Places) -> list[str]:
    """Where the hub was found last, if that is known better than from hall.toml."""
    if not places.hub.is_file():
        return []
    hub = json.loads(places.hub.read_bytes())
    # Found elsewhere, it still has to prove that it is the hub by the name of its certificate.
    return ["--broker", f"{hub['host']}:{hub['port']}", "--server-name", hub["server_name"]]


def launch(places: Places, unit: str) -> int:
    """Become the unit's command. Raises ReleaseFault or OSError; does not come back otherwise."""
    found = launch_of(places, unit)
    os.execve(found.argv[0], found.argv, {**os.environ, **found.environment})  # noqa: S606 - no shell is wanted
