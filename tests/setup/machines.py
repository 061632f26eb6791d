"""A board as a folder tree: its /proc and /sys, its home, and what its commands once answered."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from firmware.doctor.machine import Machine, Usage
from firmware.doctor.where import Where
from tests.queue.mistakes import SAMPLE

GB = 10**9

FILES = {
    "/proc/uptime": "864000.00 1.0",
    "/proc/mounts": (
        "overlay / overlay rw,relatime 0 0\n/dev/mmcblk0p3 /data ext4 rw,noatime 0 0\n"
        "/dev/mmcblk0p1 /boot/firmware vfat rw 0 0\n"
    ),
    "/proc/cmdline": "console=tty1 root=PARTUUID=1-02 fsck.repair=yes",
    "/etc/overlayroot.conf": 'overlayroot_cfgdisk="disabled"\noverlayroot=""',
    "/etc/overlayroot.local.conf": 'overlayroot="tmpfs:recurse=0"',
    "/proc/meminfo": "MemTotal:  430000 kB\nMemAvailable:  200000 kB\n",
    "/proc/vmstat": "oom_kill 0\n",
    "/proc/net/wireless": "",
    "/proc/device-tree/model": "Raspberry Pi Zero 2 W Rev 1.0\0",
    "/proc/sys/kernel/osrelease": "6.1.0-rpi7-rpi-v8\n",
    "/etc/os-release": 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n',
    "/sys/block/mmcblk0/device/type": "SD\n",
    "/sys/block/mmcblk0/stat": "100 0 0 0 200 0 20000000 0 0 0 0",
    "/sys/fs/ext4/mmcblk0p3/lifetime_write_kbytes": "1048576\n",
    "/sys/fs/ext4/mmcblk0p3/errors_count": "0\n",
    "/sys/class/net/eth0/carrier": "1\n",
    "/sys/class/net/eth0/device/vendor": "",
    "/sys/class/net/lo/carrier": "1\n",
    "/sys/class/thermal/thermal_zone0/temp": "45277\n",
    "/sys/class/watchdog/watchdog0/state": "active\n",
    "/sys/class/watchdog/watchdog0/timeout": "14\n",
}

COMMANDS = {
    "timedatectl show": "NTPSynchronized=yes\n",
    "vcgencmd get_throttled": "throttled=0x0\n",
    "ip -j addr": '[{"ifname":"eth0","addr_info":[{"family":"inet","local":"192.168.1.21"}]}]',
    "ip -j route show default": '[{"gateway":"192.168.1.1"}]',
    "journalctl -k -b": "mmc0: new high speed SDHC card at address aaaa\n",
    "systemctl show jiaohao-*": "Id=jiaohao-board.service\nActiveState=active\nNRestarts=0\nType=notify\n",
    "systemctl show -p RuntimeWatchdogUSec": "RuntimeWatchdogUSec=14s\n",
}


@dataclass
class Fake:
    """`root` is the tree; `commands` answer by how they begin."""

    root: Path
    commands: dict[str, str] = field(default_factory=lambda: dict(COMMANDS))
    reached: float | None = 0.8
    now: float = 1_795_395_600.0

    def __post_init__(self) -> None:
        for path, text in FILES.items():
            self.write(path, text)
        self.write("/data/jiaohao/settings/hall.toml", SAMPLE)
        self.write("/data/jiaohao/state.json", "{}")
        self.report(ready=True, link="up", parts={"panel-1 led": True})

    def write(self, path: str, text: str) -> None:
        place = self.root / path.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")

    def report(self, **health: object) -> None:
        """What the program wrote of itself a second ago."""
        self.write("/run/jiaohao/health.json", json.dumps({"at": self.now - 1, **health}))

    def run(self, *words: str) -> str:
        line = " ".join(words)
        return next((told for said, told in self.commands.items() if line.startswith(said)), "")

    @property
    def machine(self) -> Machine:
        usage = Usage(28 * GB, 20 * GB, 1000, 900)
        return Machine(
            self.root, self.run, lambda _: usage, lambda *_: self.reached, lambda: self.now
        )

    @property
    def where(self) -> Where:
        """Paths within the tree, as the machine itself names them."""
        home = Path("/data/jiaohao")
        return Where(
            home=home,
            run=Path("/run/jiaohao"),
            settings=self.root / "data/jiaohao/settings/hall.toml",
            data=self.root / "data/jiaohao/var",
            identity=self.root / "data/jiaohao/identity",
            board="counter-1",
        )
