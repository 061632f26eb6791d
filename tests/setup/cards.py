"""A hall's cards for the tests: the same authority, bundles, wishes and tokens each time, and what a partition holds as a tree."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from broker.ca import Authority
from broker.desk.packing import pack_settings
from broker.mosquitto import TECHNICIAN
from firmware.cards.card import Card
from firmware.cards.carried import Carried, open_bundle
from firmware.cards.composing import Composer
from firmware.cards.packing import Release, pack
from firmware.cards.partition import Partition
from firmware.cards.release_key import public_pem
from firmware.cards.settings import CardSettings, Network, Wifi
from firmware.cards.targets import TargetKind
from firmware.check import load
from firmware.onboard.card import torn
from firmware.onboard.places import Places
from firmware.onboard.read_only_root import DEBS, NEEDED
from tests.setup.stock import spread

__all__ = [
    "BOARDS",
    "HALL",
    "NOW",
    "RELEASE_KEY",
    "WISHES",
    "bundle",
    "composer",
    "faults",
    "fixed",
    "hash_tree",
    "make_authority",
    "starts",
    "tree_of",
]

HALL = Path(__file__).with_name("hall.toml")
NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
FOLDERS = ("jiaohao", "jiaohao.part", "overlays")
BOARDS = ("hub", "kiosk-1", "counter-1", "counter-2", "hall_1")
SSH_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHcards technician@laptop"
RELEASE_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
WISHES = CardSettings(
    ssh_keys=(SSH_KEY,),
    wifi=Wifi(ssid="大厅;office", password="correct horse", boards=("counter-1", "hall_1")),
    network=Network(prefix=24, gateway="192.168.1.1", dns=("192.168.1.1", "192.168.1.2")),
    addresses={"hub": "192.168.1.10", "counter-1": "192.168.1.21", "counter-2": "192.168.1.22"},
    time_servers=("ntp.aliyun.com",),
    clock="ds3231",
)


def make_authority(folder: Path) -> Authority:
    made = Authority(folder, "cards", NOW)
    for name in (TECHNICIAN, "coordinator"):
        made.identity(name)
    return made


def composer(authority: Path, keys: Path, wishes: CardSettings = WISHES) -> Composer:
    public = keys / "release.pub"
    public.write_bytes(public_pem(RELEASE_KEY))
    return Composer(
        hall=load(HALL),
        wishes=wishes,
        settings=pack_settings(HALL),
        authority=authority,
        technician=authority / "identities" / TECHNICIAN,
        release_keys=(public,),
    )


def bundle(
    folder: Path,
    python: str = "3.11",
    *,
    machine: str = "aarch64",
    role: str = "board",
    counter: int = 7,
    key: Ed25519PrivateKey = RELEASE_KEY,
    read_only_root: bool = False,
) -> Carried:
    """A bundle of a few bytes in the form that boards read."""
    content = folder / "content"
    (content / "site-packages").mkdir(parents=True, exist_ok=True)
    (content / "site-packages" / "jiaohao.py").write_text("version = 1\n")
    (content / "onboard.pyz").write_bytes(b"the program outside the releases\n" * 40)
    if read_only_root:
        (content / DEBS).mkdir(parents=True)
        for name in NEEDED:
            (content / DEBS / f"{name}_1.0_all.deb").write_bytes(b"deb")
    kind = TargetKind(
        name=f"{machine}-{role}-{python}",
        machine=machine,
        python=python,
        debian="",
        suite="",
        elf=0,
        extras=(),
    )
    release = Release("0.1.0", counter, kind, role, built=int(NOW.timestamp()))
    path, _ = pack(content, release, key, folder)
    public = folder / "its.pub"
    public.write_bytes(public_pem(key))
    return open_bundle(path, [public])


def fixed(card: Card, folder: Path) -> Card:
    """The card with fixed bytes for what is other bytes each time: signatures, keys, what zlib makes."""
    bundle = folder / "fixed.bundle"
    bundle.write_bytes(b"a bundle\n" * 5000)
    token = "" if card.is_hub else f"token of {card.board}"
    authority = b"the authority" if card.is_hub else b""
    ca = b"the hall's own certificate\n"
    return replace(card, token=token, ca=ca, authority=authority, bundle=bundle)


def tree_of(partition: Partition, folder: str = "") -> dict[str, bytes]:
    """Everything below a folder, by path."""
    found: dict[str, bytes] = {}
    for name in sorted(partition.names(folder)):
        path = f"{folder}/{name}".lstrip("/")
        found |= tree_of(partition, path) if path in FOLDERS else {path: partition.read(path)}
    return found


def faults(partition: Partition, folder: Path) -> list[str]:
    """All that keeps a board from taking what stands there for whole, by the eyes of its own first boot."""
    shutil.rmtree(folder, ignore_errors=True)
    boot = spread(tree_of(partition), folder)
    return [*torn(Places(boot=boot), frozenset())]


def starts(partition: Partition) -> bool:
    """Whether the system of a card would begin with the card's own first boot."""
    there = partition.names()
    line = partition.read("cmdline.txt") if "cmdline.txt" in there else b""
    told = [partition.read(name) for name in ("user-data", "rpi-preseed.toml") if name in there]
    return b"systemd.run=" in line or any(b"first_boot.sh" in text for text in told)


def hash_tree(partition: Partition) -> dict[str, str]:
    return {path: sha256(content).hexdigest() for path, content in tree_of(partition).items()}
