"""Boot partitions as they are when a card was just flashed, small: the real files' names, and the few words in them that matter.

What is known of the real ones, none of which could be looked at itself:
- cmdline.txt, config.txt, issue.txt, user-data, meta-data and network-config are put there by pi-gen, whose branches bookworm-arm64
  and arm64 were read as of June 2026: the words of cmdline.txt are theirs; the others are shortened, with every kind of line left in;
- a bookworm card has `init=/usr/lib/raspberrypi-sys-mods/firstboot` until it was booted, one of Trixie the word `resize`
  (raspberrypi-sys-mods, firstboot and the initramfs script set_partuuid, which take them out);
- the first image of Trixie, of October 2025, has `resize` and no cloud-init;
- the last line of issue.txt names the stage: stage2 is Lite, stage4 has a desktop;
- the partition begins at 8 MiB, is FAT32 with one sector to the cluster (March 2026) and 512 MiB large; here it is 36;
- that an image made for rpi-preseed brings an rpi-preseed.toml along is assumed.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

__all__ = [
    "BEGIN",
    "BOOKWORM",
    "FIRST_TRIXIE",
    "PRESEED",
    "STOCK",
    "TRIXIE",
    "card_image",
    "spread",
]

BEGIN = 8 << 20
SIZE = 36 << 20
ROOT = "console=serial0,115200 console=tty1 root=PARTUUID=4e1f27a3-02 rootfstype=ext4 fsck.repair=yes rootwait"
CONFIG = b"""\
# For more options and information see
# http://rptl.io/configtxt
#dtparam=i2c_arm=on
#dtparam=spi=on

dtparam=audio=on
camera_auto_detect=1
auto_initramfs=1
dtoverlay=vc4-kms-v3d
max_framebuffers=2
disable_fw_kms_setup=1
arm_64bit=1

[cm4]
otg_mode=1

[cm5]
dtoverlay=dwc2,dr_mode=host
"""
ISSUE = "Raspberry Pi reference {}\nGenerated using pi-gen, https://github.com/RPi-Distro/pi-gen, {}, {}\n"
FIRMWARE = {
    name: f"not really {name}\n".encode()
    for name in (
        "LICENCE.broadcom",
        "bcm2710-rpi-3-b.dtb",
        "bcm2710-rpi-zero-2-w.dtb",
        "bcm2711-rpi-4-b.dtb",
        "bcm2712-rpi-5-b.dtb",
        "bootcode.bin",
        "fixup4.dat",
        "initramfs8",
        "initramfs_2712",
        "kernel8.img",
        "kernel_2712.img",
        "overlays/README",
        "overlays/disable-bt.dtbo",
        "overlays/i2c-rtc.dtbo",
        "start4.elf",
    )
}


def _issue(date: str, commit: str, stage: str = "stage2") -> bytes:
    return ISSUE.format(date, commit * 8, stage).encode()


BOOKWORM = FIRMWARE | {
    "cmdline.txt": f"{ROOT} quiet init=/usr/lib/raspberrypi-sys-mods/firstboot\n".encode(),
    "config.txt": CONFIG + b"\n[all]\n",
    "issue.txt": _issue("2026-06-15", "d7a31"),
}
FIRST_TRIXIE = FIRMWARE | {
    "cmdline.txt": f"{ROOT} resize\n".encode(),
    "config.txt": CONFIG + b"\n[pi5]\ndtoverlay=nospi10\n\n[all]\n",
    "issue.txt": _issue("2025-10-01", "0c8f2"),
}
TRIXIE = FIRST_TRIXIE | {
    "issue.txt": _issue("2026-06-18", "ca8ae"),
    "meta-data": b"# This is the meta-data configuration file for cloud-init.\ndsmode: local\ninstance_id: rpios-image\n",
    "network-config": b"# This file contains a netplan-compatible configuration\n#network:\n#  version: 2\n",
    "user-data": b"#cloud-config\n\n# This is the user-data configuration file for cloud-init.\n#hostname: raspberrypi\n",
}
PRESEED = FIRST_TRIXIE | {
    "issue.txt": _issue("2026-09-30", "64c29"),
    "rpi-preseed.toml": b'config_version = "1.1"\n\n# [system]\n# hostname = "mypi"\n',
}
STOCK = {"bookworm": BOOKWORM, "trixie": TRIXIE, "rpi-preseed": PRESEED}


def spread(tree: dict[str, bytes], folder: Path) -> Path:
    """The tree as a folder, such as a laptop mounts it."""
    for path, content in tree.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def card_image(tree: dict[str, bytes], image: Path, work: Path) -> Path:
    """The tree as the first partition of a card, made by the system's own programs: sfdisk, mkfs.vfat, mtools."""
    spread(tree, work)
    with image.open("wb") as file:
        file.truncate(BEGIN + SIZE + (1 << 20))
    sectors = f"label: dos\nstart={BEGIN // 512},size={SIZE // 512},type=c\nstart={(BEGIN + SIZE) // 512},type=83\n"
    _run("sfdisk", "--quiet", str(image), given=sectors.encode())
    place = ("--offset", str(BEGIN // 512))
    _run("mkfs.vfat", "-F32", "-s1", "-n", "BOOTFS", *place, str(image), str(SIZE // 1024))
    names = sorted(str(path) for path in work.iterdir())
    _run("mcopy", "-s", "-i", f"{image}@@{BEGIN}", *names, "::/")
    return image


def _run(*command: str, given: bytes = b"") -> None:
    path = os.pathsep.join((os.environ["PATH"], "/usr/sbin", "/sbin"))
    env = os.environ | {"PATH": path, "MTOOLSRC": os.devnull}
    subprocess.run(command, input=given, env=env, check=True, capture_output=True)
