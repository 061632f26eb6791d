"""A card as it comes from the flasher, for a machine of amd64: a stock boot partition, and a Debian like Raspberry Pi OS Lite behind it.

Kernel and initramfs are where a Pi's firmware finds them, on the boot partition, and a new initramfs is put there as on a Pi.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

from tests.setup import stock
from tests.setup.stock import BEGIN, BOOKWORM, spread

__all__ = ["INITRAMFS", "KERNEL", "NoSystem", "flash", "read_boot", "write_boot"]

ROOT = Path(__file__).parents[2]
TAR = ROOT / "build" / "guest" / "root.tar"
BOOT_BYTES, ROOT_BYTES, CARD_BYTES = 384 << 20, 3 << 30, 7 << 30
KERNEL, INITRAMFS = "kernel8.img", "initramfs8"
# As the stock cmdline.txt names its second partition.
LABEL_ID = "0x4e1f27a3"
FSTAB = """\
proc /proc proc defaults 0 0
LABEL=BOOTFS /boot/firmware vfat defaults 0 2
LABEL=rootfs / ext4 defaults,noatime 0 1
"""
NETWORK = "[Match]\nName=en* eth*\n[Network]\nDHCP=yes\n"
# Raspberry Pi OS has one that does the same; `update-initramfs` runs it with the kernel's version and what it has made.
PUT_INITRAMFS = f"""\
#!/bin/sh
exec cp "$2" /boot/firmware/{INITRAMFS}
"""
HANDS = """\
[Unit]
Description=The hands of the test
[Service]
ExecStart=/usr/bin/python3 /usr/local/lib/hands.py
Restart=always
[Install]
WantedBy=multi-user.target
"""


class NoSystem(Exception):
    """There is nothing to boot; a sentence says what to do."""


def flash(folder: Path) -> Path:
    """A fresh one in `folder`, an image; it is made once, and copied from then on. Raises NoSystem."""
    if not TAR.exists():
        raise NoSystem(f"there is no {TAR}: run scripts/debian_guest.sh, as root")
    made = TAR.with_name("flashed")
    if not made.exists() or _recipe() != (made / "recipe").read_text():
        shutil.rmtree(made, ignore_errors=True)
        _make(made)
    card = folder / "card.img"
    # Most of it is a hole.
    _run("cp", "--sparse=always", str(made / card.name), str(card))
    return card


def _recipe() -> str:
    """What the flashed card is made by."""
    mine = [Path(__file__), Path(__file__).with_name("hands.py"), Path(stock.__file__)]
    told = [str(TAR.stat().st_mtime_ns), *(sha256(path.read_bytes()).hexdigest() for path in mine)]
    return "\n".join(told)


def _make(folder: Path) -> None:
    root = folder / "root"
    root.mkdir(parents=True)
    _run("tar", "--extract", "--file", str(TAR), "--directory", str(root), "--exclude=./dev/*")
    (root / "etc/fstab").write_text(FSTAB)
    (root / "etc/machine-id").write_text("")
    (root / "etc/hosts").write_text("127.0.0.1\tlocalhost\n127.0.1.1\traspberrypi\n")
    (root / "etc/systemd/network/80-any.network").write_text(NETWORK)
    (root / "usr/local/lib/hands.py").write_bytes(Path(__file__).with_name("hands.py").read_bytes())
    (root / "etc/systemd/system/hands.service").write_text(HANDS)
    wants = root / "etc/systemd/system/multi-user.target.wants"
    wants.mkdir(exist_ok=True)
    for unit, place in (
        ("hands.service", "/etc/systemd/system"),
        ("systemd-networkd.service", "/lib/systemd/system"),
    ):
        (wants / unit).unlink(missing_ok=True)
        (wants / unit).symlink_to(f"{place}/{unit}")
    hook = root / "etc/initramfs/post-update.d/firmware"
    hook.parent.mkdir(parents=True, exist_ok=True)
    hook.write_text(PUT_INITRAMFS)
    hook.chmod(0o755)
    boot = spread(BOOKWORM, folder / "boot")
    shutil.copy(_only(root, "boot/vmlinuz-*"), boot / KERNEL)
    shutil.copy(_only(root, "boot/initrd.img-*"), boot / INITRAMFS)
    _make_disk(folder / "card.img", boot, root)
    shutil.rmtree(root)
    (folder / "recipe").write_text(_recipe())


def _make_disk(disk: Path, boot: Path, root: Path) -> None:
    with disk.open("wb") as file:
        file.truncate(CARD_BYTES)
    parts = ((BEGIN, BOOT_BYTES, "c"), (BEGIN + BOOT_BYTES, ROOT_BYTES, "83"))
    rows = [f"start={at // 512},size={size // 512},type={kind}" for at, size, kind in parts]
    table = "\n".join(["label: dos", f"label-id: {LABEL_ID}", *rows, ""])
    _run("sfdisk", "--quiet", str(disk), given=table.encode())
    place = ("--offset", str(BEGIN // 512))
    _run("mkfs.vfat", "-F32", "-n", "BOOTFS", *place, str(disk), str(BOOT_BYTES // 1024))
    names = sorted(str(path) for path in boot.iterdir())
    _run("mcopy", "-s", "-i", f"{disk}@@{BEGIN}", *names, "::/")
    place = ("-E", f"offset={BEGIN + BOOT_BYTES},lazy_itable_init=1")
    size = f"{ROOT_BYTES >> 10}k"
    _run("mkfs.ext4", "-q", "-F", "-L", "rootfs", *place, "-d", str(root), str(disk), size)


def read_boot(disk: Path, name: str) -> bytes:
    """A file of the boot partition; empty if it is not there."""
    said = _tried("mtype", "-i", f"{disk}@@{BEGIN}", f"::/{name}")
    return said.stdout if said.returncode == 0 else b""


def write_boot(disk: Path, name: str, content: bytes) -> None:
    _run("mcopy", "-o", "-i", f"{disk}@@{BEGIN}", "-", f"::/{name}", given=content)


def _only(root: Path, pattern: str) -> Path:
    found = sorted(root.glob(pattern))
    if not found:
        raise NoSystem(f"there is no {pattern} in {TAR}: delete it, and make it again")
    return found[-1]


def _run(*command: str, given: bytes = b"") -> None:
    said = _tried(*command, given=given)
    if said.returncode:
        raise NoSystem(f"{command[0]}: {said.stderr.decode(errors='replace').strip()}")


def _tried(*command: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    path = os.pathsep.join((os.environ["PATH"], "/usr/sbin", "/sbin"))
    env = os.environ | {"PATH": path, "MTOOLSRC": os.devnull, "MTOOLS_SKIP_CHECK": "1"}
    return subprocess.run(command, input=given, env=env, check=False, capture_output=True)
