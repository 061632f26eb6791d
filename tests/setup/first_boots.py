"""A card and a board to start it on: folders in place of the disk and the card, and an operating system that remembers what was done to it.

`python -m tests.setup.first_boots FOLDER N` starts it and takes the power away at its Nth change to the disk.
"""

from __future__ import annotations

import io
import json
import os
import sys
import tarfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from firmware.cards.packing import Release, pack
from firmware.cards.program import onboard_program
from firmware.cards.targets import TARGETS
from firmware.onboard.card import Card, read_card
from firmware.onboard.first_boot import FirstBoot
from firmware.onboard.hub_place import HubPlace
from firmware.onboard.manifest import Target
from firmware.onboard.places import Places
from firmware.onboard.status import Led, Status

__all__ = ["CardMaker", "GivesUp", "Remembering", "boot_of", "places_in", "small_bundle"]

MADE = 1_780_000_000.0
"""When cards of these tests are written: 2026-05-28."""


class GivesUp(BaseException):
    """The test does not wait any longer."""


@dataclass
class Remembering:
    """See `first_boot.System`. What is done to it stands in `folder`, so that it outlives a power cut; `at` is its clock.

    `has_room` for a data partition; `is_unwritten` is its root already.
    """

    folder: Path
    at: float = MADE + 3600
    has_room: bool = False
    is_unwritten: bool = False

    def wall(self) -> float:
        return self.at

    def set_clock(self, at: float) -> None:
        self._note("clock", str(int(at)))
        self.at = at

    def put_files(self, role: str) -> None:
        self._note("files", role)

    def give(self, places: Places) -> None:
        assert places.identity.is_dir()
        self._note("given", "jiaohao")

    def install_packages(self, places: Places) -> None:
        self._note(
            "packages", ",".join(sorted(p.name for p in (places.current / "debs").iterdir()))
        )

    def keep_time(self, chrony: bytes) -> None:
        self._note("chrony", chrony.decode())

    def start(self, role: str) -> None:
        self._note("started", role)

    def make_data_partition(self) -> None:
        if not self.has_room:
            raise OSError("there is no room for a data partition")

    def keep_root_unwritten(self, places: Places) -> bool:
        assert places.current.is_dir()
        if not self.has_room:
            raise OSError("there is no partition jiaohao-data")
        return not self.is_unwritten

    def finish(self, card: Card) -> None:
        self._note("finished", card.board)

    def start_anew(self) -> None:
        self._note("started anew", "once")

    def _note(self, what: str, text: str) -> None:
        self.folder.mkdir(exist_ok=True)
        (self.folder / what).write_text(text)

    def noted(self) -> dict[str, str]:
        return {path.name: path.read_text() for path in self.folder.glob("*")}


def places_in(folder: Path) -> Places:
    return Places(folder / "home", folder / "boot", folder / "run")


def small_bundle(folder: Path, key: Ed25519PrivateKey, role: str, machine: str = "") -> Path:
    """A bundle, for this machine or another, that holds next to nothing; a hub's has a package."""
    packages = folder / "files" / "site-packages" / "firmware"
    packages.mkdir(parents=True)
    (packages / "__init__.py").write_text("")
    (packages / "self_test.py").write_text("")
    (folder / "files" / "onboard.pyz").write_bytes(onboard_program())
    if role == "hub":
        (folder / "files" / "debs").mkdir()
        (folder / "files" / "debs" / "mosquitto.deb").write_bytes(b"deb")
    here = Target.here()
    target = replace(
        next(iter(TARGETS.values())),
        name="here",
        machine=machine or here.machine,
        python=here.python,
    )
    bundle, _ = pack(folder / "files", Release("1.0", 7, target, role, int(MADE)), key, folder)
    return bundle


@dataclass
class CardMaker:
    """Writes the folder jiaohao of a boot partition, as the laptop does."""

    folder: Path
    hall: Path
    ca: bytes
    hub: HubPlace
    bundle: Path
    key: bytes
    files: dict[str, bytes] = field(default_factory=dict)

    def write(self, board: str, token: str = "", authority: bytes = b"", **more: Any) -> Places:
        places = places_in(self.folder)
        places.card.mkdir(parents=True, exist_ok=True)
        secrets = ["jiaohao/authority.tar" if authority else "jiaohao/enrol.token"]
        said = {
            "format": 1,
            "hall": "sample",
            "board": board,
            "devices": [],
            "hub": {
                "host": self.hub.host,
                "server_name": self.hub.server_name,
                "port": self.hub.port,
                "desk_port": self.hub.desk_port,
            },
            "made": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(MADE)),
            "expires": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(MADE + 86400)),
            "time_servers": [],
            "read_only_root": False,
            "accept": False,
            "wifi": False,
            "erase": [*secrets, "user-data"],
            **more,
        }
        self.files = {
            "card.json": json.dumps(said).encode(),
            "ca.pem": self.ca,
            "release.pub": self.key,
            "release.bundle": self.bundle.read_bytes(),
            "settings.tar": _settings(self.hall),
            **({"enrol.token": f"{token}\n".encode()} if token else {}),
            **(
                {"authority.tar": authority, "chrony.conf": b"allow 10.0.0.0/8\n"}
                if authority
                else {}
            ),
        }
        for name, content in self.files.items():
            (places.card / name).write_bytes(content)
        digests = {name: sha256(content).hexdigest() for name, content in self.files.items()}
        manifest = {"format": 1, "files": digests, "edits": {}}
        (places.card / "manifest.json").write_text(json.dumps(manifest))
        (places.boot / "user-data").write_text("#cloud-config\nits Wi-Fi's password\n")
        return places


def _settings(hall: Path) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        tar.add(hall, "hall.toml")
    return packed.getvalue()


def boot_of(
    places: Places,
    system: Remembering,
    patience: int = 0,
    find: Callable[[Places, str, HubPlace], list[HubPlace]] = lambda *_: [],
) -> FirstBoot:
    """A first boot that waits so many times at most, and then raises GivesUp."""
    left = [patience]

    def sleep(seconds: float) -> None:
        assert seconds > 0
        if not left[0]:
            raise GivesUp
        left[0] -= 1

    try:
        board = read_card(places).board
    except Exception:
        board = ""
    status = Status(places, board, Led(()), system.wall)
    return FirstBoot(places, system, status, system.wall, sleep, find)


class _Mains:
    """Takes the power away at the Nth change to the disk that this process makes or lets another make."""

    CHANGES = frozenset(
        {"os.rename", "os.remove", "os.mkdir", "os.symlink", "os.rmdir", "subprocess.Popen"}
    )

    def __init__(self, below: Path, last: int) -> None:
        self._below, self._left = str(below), last
        self.changes = 0

    def watch(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR)
            if not writes or not str(path).startswith(self._below):
                return
        elif event not in self.CHANGES:
            return
        self.changes += 1
        if self._left and self.changes >= self._left:
            os._exit(9)


def main(argv: list[str]) -> int:
    folder, last = Path(argv[0]), int(argv[1])
    places = places_in(folder)
    boot = boot_of(places, Remembering(folder / "world", MADE - 86400 * 365))
    mains = _Mains(folder, last)
    sys.addaudithook(mains.watch)
    boot.run()
    sys.stderr.write(f"changes {mains.changes}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
