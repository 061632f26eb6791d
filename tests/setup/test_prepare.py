"""What a Bookworm board runs first, really run by sh in a root of its own: it does its work, twice as well as once, and its line goes last.

The system's own programs (systemctl, getent, userconf …) are stood in for by ones that write down how they were called.
"""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from firmware.cards import cmdline
from firmware.cards.carried import Carried
from firmware.cards.composing import Composer
from firmware.cards.one_card import Desk
from firmware.cards.settings import CardSettings
from tests.setup.cards import NOW
from tests.setup.stock import BOOKWORM, spread

HASH = "$6$salt$hashed"
WIFI = "etc/NetworkManager/system-connections/jiaohao-wifi.nmconnection"
KEYS = "home/technician/.ssh/authorized_keys"


class Root:
    """A board's file system, as far as the scripts know it."""

    def __init__(self, folder: Path, cards: Composer, bundles: Sequence[Carried]) -> None:
        self.folder = folder
        self.boot = spread(BOOKWORM, folder / "boot/firmware")
        Desk(cards, bundles, lambda: "0" * 32).write(self.boot, "counter-1", NOW)
        for script in (self.boot / "jiaohao").glob("*.sh"):
            self._lead_into(script)
        for path in ("etc/systemd/system", "etc/ssh/sshd_config.d", "home/technician", "proc"):
            (folder / path).mkdir(parents=True)
        (folder / "etc/hosts").write_text("127.0.0.1\tlocalhost\n127.0.1.1\t\traspberrypi\n")
        rfkill = folder / "var/lib/systemd/rfkill"
        rfkill.mkdir(parents=True)
        (rfkill / "platform-3f300000.mmcnr:wlan").write_text("1")
        self.kernel_line((self.boot / "cmdline.txt").read_text())
        self._stand_in("systemctl", "chown", "sync")
        self._stand_in("getent", says="technician:x:1000:1000::$ROOT/home/technician:/bin/bash")
        userconf = folder / "usr/lib/userconf-pi/userconf"
        userconf.parent.mkdir(parents=True)
        (folder / "bin/chown").rename(userconf)
        self._stand_in("chown")

    def kernel_line(self, line: str) -> None:
        (self.folder / "proc/cmdline").write_text(line)

    def _stand_in(self, *names: str, says: str = "") -> None:
        for name in names:
            program = self.folder / "bin" / name
            program.parent.mkdir(exist_ok=True)
            program.write_text(
                f'#!/bin/sh\necho "$(basename "$0") $*" >>"$ROOT/called"\necho "{says}"\n'
            )
            program.chmod(0o755)

    def _lead_into(self, script: Path) -> None:
        """Let the paths of a script on the card lead into this file system."""
        text = script.read_text()
        for top in ("/etc/", "/boot/", "/var/", "/usr/lib/", "/usr/share/", "/proc/"):
            for before in (" ", '"', "="):
                text = text.replace(f"{before}{top}", f"{before}{self.folder}{top}")
        script.write_text(text)

    def run(self, name: str = "prepare.sh") -> None:
        env = {"PATH": f"{self.folder}/bin:{os.environ['PATH']}", "ROOT": str(self.folder)}
        script = self.boot / "jiaohao" / name
        subprocess.run(["sh", str(script)], env=env, check=True, timeout=60)

    @property
    def called(self) -> list[str]:
        return (self.folder / "called").read_text().splitlines()

    def text(self, path: str) -> str:
        return (self.folder / path).read_text()

    def tree(self) -> dict[str, bytes]:
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and path.name not in ("called", "prepare.log")
        }


@pytest.fixture
def root(tmp_path: Path, cards: Composer, bundles: Sequence[Carried]) -> Root:
    return Root(tmp_path, cards, bundles)


def test_a_board_has_its_name_its_people_its_network_and_its_time(root: Root):
    root.run()
    assert root.text("etc/hostname") == "counter-1\n"
    assert "127.0.1.1\tcounter-1\n" in root.text("etc/hosts")
    assert root.text("etc/timezone") == "Asia/Shanghai\n"
    zone = (root.folder / "etc/localtime").readlink()
    assert zone.as_posix().endswith("zoneinfo/Asia/Shanghai")
    assert root.text(KEYS).startswith("ssh-ed25519 ")
    assert "address1=192.168.1.21/24,192.168.1.1\n" in root.text(WIFI)
    assert (
        root.text("etc/systemd/timesyncd.conf.d/jiaohao.conf")
        == "[Time]\nNTP=192.168.1.10 ntp.aliyun.com\n"
    )
    assert root.text("var/lib/systemd/rfkill/platform-3f300000.mmcnr:wlan") == "0\n"
    assert root.text("etc/systemd/system/jiaohao-first-boot.service").startswith(
        "# Makes this board"
    )
    assert "userconf technician *" in root.called
    assert "systemctl enable ssh" in root.called


def test_what_is_secret_is_its_owner_s_alone(root: Root):
    root.run()
    modes = {WIFI: 0o600, KEYS: 0o600, "etc/sudoers.d/010_jiaohao": 0o440}
    for path, mode in modes.items():
        assert stat.S_IMODE((root.folder / path).stat().st_mode) == mode
    log = root.text("boot/firmware/jiaohao/prepare.log")
    assert "psk" not in log
    assert "e48db6bb" not in log


def test_nobody_comes_in_by_a_password_unless_one_was_given(
    root: Root, tmp_path: Path, cards: Composer, bundles: Sequence[Carried]
):
    root.run()
    assert root.text("etc/ssh/sshd_config.d/jiaohao.conf") == "PasswordAuthentication no\n"
    assert root.text("etc/sudoers.d/010_jiaohao") == "technician ALL=(ALL) NOPASSWD:ALL\n"
    given = replace(cards, wishes=CardSettings(password_hash=HASH))
    other = Root(tmp_path / "other", given, bundles)
    other.run()
    assert f"userconf technician {HASH}" in other.called
    assert not (other.folder / "etc/sudoers.d").exists()


def test_its_words_leave_the_line_and_all_others_stay(root: Root):
    line = root.boot / "cmdline.txt"
    # The system has given the card a number of its own in the meantime, and grown it.
    now = (
        line.read_text()
        .replace("4e1f27a3", "9b00c1d2")
        .replace(" init=/usr/lib/raspberrypi-sys-mods/firstboot", "")
    )
    line.write_text(now)
    root.run()
    assert cmdline.words(line.read_bytes()) == (
        "console=tty1",
        "root=PARTUUID=9b00c1d2-02",
        "rootfstype=ext4",
        "fsck.repair=yes",
        "rootwait",
        "quiet",
        "cgroup_enable=memory",
        "cfg80211.ieee80211_regdom=CN",
    )
    assert "systemd" not in line.read_text()


def test_cut_off_and_run_again_it_comes_to_the_same(root: Root):
    line = (root.boot / "cmdline.txt").read_text()
    root.run()
    once = root.tree()
    # As after a power cut before the last step.
    (root.boot / "cmdline.txt").write_text(line)
    root.run()
    assert root.tree() == once


def test_the_bare_system_starts_nothing_of_the_hall_and_a_whole_one_does(root: Root):
    root.run("prepare.sh")
    assert "systemctl enable jiaohao-first-boot.service" in root.called
    assert "systemctl start --no-block jiaohao-first-boot.service" not in root.called
    root.kernel_line("root=/dev/x ds=nocloud;i=jiaohao-counter-1")
    root.run("first_boot.sh")
    assert "systemctl start --no-block jiaohao-first-boot.service" in root.called
