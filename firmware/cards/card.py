"""What a card says to its board: the folder `jiaohao` on the boot partition; how it gets there is not known here."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from broker.mosquitto import HUB, TECHNICIAN
from firmware.cards.needs import Needs
from firmware.cards.partition import Source
from firmware.cards.system import System

__all__ = ["FOLDER", "Card", "Hub", "authority_tar", "chrony_conf", "contents", "stamp"]

FOLDER = "jiaohao"
FORMAT = 1
UNIT = "jiaohao-first-boot.service"
PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")


@dataclass(frozen=True, slots=True)
class Hub:
    """Where boards find it; `server_name` stands in its certificate."""

    host: str
    server_name: str
    port: int
    desk_port: int


@dataclass(frozen=True, slots=True)
class Card:
    """A card, whole. The hub's has an `authority` and no `token`, a board's the other way round.

    `bundle` is a file, verified; `onboard` the program out of it; `settings` and `authority` are tar files.
    """

    hall: str
    board: str
    devices: tuple[str, ...]
    hub: Hub
    made: datetime
    expires: datetime
    token: str
    ca: bytes
    release_keys: tuple[bytes, ...]
    bundle: Path
    onboard: bytes
    settings: bytes
    needs: Needs
    system: System
    authority: bytes = b""
    accept: bool = False
    read_only_root: bool = False
    clock: str = "none"

    @property
    def is_hub(self) -> bool:
        return self.board == HUB


def contents(card: Card, generation: str, erase: Iterable[str]) -> Mapping[str, Source]:
    """The folder's files by name. `erase` are paths on the partition that hold secrets: the board erases them once it is enrolled."""
    found: dict[str, Source] = {
        "first_boot.sh": files("firmware.cards").joinpath("first_boot.sh").read_bytes(),
        UNIT: files("firmware.onboard").joinpath("units", UNIT).read_bytes(),
        "ca.pem": card.ca,
        "release.pub": card.release_keys[0],
        "onboard.pyz": card.onboard,
        "settings.tar": card.settings,
        "release.bundle": card.bundle,
    }
    if len(card.release_keys) > 1:
        found["release-next.pub"] = card.release_keys[1]
    secret = []
    if card.is_hub:
        found["authority.tar"] = card.authority
        found["chrony.conf"] = chrony_conf(card.system.time_servers)
        secret.append("authority.tar")
    else:
        found["enrol.token"] = card.token.encode() + b"\n"
        secret.append("enrol.token")
    said = _card_json(card) | {
        "generation": generation,
        "erase": [*(f"{FOLDER}/{name}" for name in secret), *erase],
    }
    found["card.json"] = json.dumps(said, ensure_ascii=False, indent=1).encode() + b"\n"
    return found


def _card_json(card: Card) -> dict[str, object]:
    hub = card.hub
    return {
        "format": FORMAT,
        "hall": card.hall,
        "board": card.board,
        "devices": list(card.devices),
        "hub": {
            "host": hub.host,
            "server_name": hub.server_name,
            "port": hub.port,
            "desk_port": hub.desk_port,
        },
        "made": stamp(card.made),
        "expires": stamp(card.expires),
        "time_servers": list(card.system.time_servers),
        "read_only_root": card.read_only_root,
        "accept": card.accept,
        "wifi": card.system.wifi is not None,
        "clock": card.clock,
    }


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def authority_tar(folder: Path) -> bytes:
    """The folder `ca` for the hub, without the technician's identity, which stays on the laptop. Raises OSError."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = path.relative_to(folder).as_posix()
            if name.startswith(f"identities/{TECHNICIAN}/") or name.endswith(".part"):
                continue
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = path.stat().st_size, 0o600
            # An identity's age is its file's.
            entry.mtime = int(path.stat().st_mtime)
            with path.open("rb") as file:
                tar.addfile(entry, file)
    return packed.getvalue()


def chrony_conf(servers: Iterable[str]) -> bytes:
    """The hub's clock serves boards that have none; without the internet it is right by its own chip alone."""
    lines = [
        "# Time of the hall: boards have no clock of their own.",
        *(f"server {server} iburst" for server in servers),
        *(f"allow {network}" for network in PRIVATE),
        "# What this box believes is the hall's time, also when nobody confirms it.",
        "local stratum 8 orphan",
    ]
    return "\n".join(lines).encode() + b"\n"
