"""A machine that is not a Pi, for a card: QEMU, emulated throughout; switched on, told what to do by a line, switched off."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from tests.guest.found import say
from tests.guest.system import INITRAMFS, KERNEL, read_boot, write_boot

__all__ = ["Machine", "NoGuest"]

CMDLINE = "cmdline.txt"
# Raspberry Pi OS's own first start grows its partition, takes this word out, and starts anew. There is nothing to grow here.
OWN_FIRST = "init=/usr/lib/raspberrypi-sys-mods/firstboot"
CONSOLES = ("console=serial0,115200", "console=tty1", "quiet")
GREET_S = 5.0
LONG_AGO = "2020-02-02T02:02:02"
PATIENCE_S = 900.0


class NoGuest(Exception):
    """It did not do what it was to; a sentence says what, with the end of its console."""


class Machine:
    """One card in one machine, whose console and line lie beside the card. Off, by the plug, when the `with` ends.

    `ports` of it are this machine's, too. Without a clock of its own it starts years ago, as a Pi does. `patience` is how many times as long as on a quiet machine it may take.
    """

    def __init__(
        self, card: Path, patience: float, ports: tuple[int, ...] = (), *, has_clock: bool = False
    ) -> None:
        self._card, self._folder, self._ports = card, card.parent, ports
        self.patience_s = patience * PATIENCE_S
        self._clock = "utc" if has_clock else LONG_AGO
        self._qemu: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._came, self._asked = b"", 0
        self.starts = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.switch_off()
        status = read_boot(self._card, "jiaohao/STATUS.txt").decode(errors="replace")
        say(f"STATUS.txt:\n{status}")

    def switch_on(self) -> None:
        """Kernel, initramfs and the line for them are what the card has now, as a Pi's firmware takes them."""
        for name in (KERNEL, INITRAMFS):
            (self._folder / name).write_bytes(read_boot(self._card, name))
        line = read_boot(self._card, CMDLINE).decode().strip()
        if OWN_FIRST in line:
            line = line.replace(f" {OWN_FIRST}", "")
            write_boot(self._card, CMDLINE, f"{line}\n".encode())
        words = [word for word in line.split() if word not in CONSOLES]
        hands = self._folder / "hands.sock"
        hands.unlink(missing_ok=True)
        self.starts += 1
        forward = "".join(f",hostfwd=tcp:127.0.0.1:{port}-:{port}" for port in self._ports)
        command = [
            *("qemu-system-x86_64", "-machine", "q35", "-accel", "tcg,thread=multi,tb-size=512"),
            *("-cpu", "max", "-m", "1024", "-smp", "2", "-nodefaults", "-display", "none"),
            *("-rtc", f"base={self._clock}"),
            *("-no-reboot", "-serial", f"file:{self._folder}/console-{self.starts}.txt"),
            *("-serial", f"unix:{hands},server=on,wait=off"),
            *("-device", "i6300esb", "-action", "watchdog=none"),
            *("-drive", f"file={self._card},if=virtio,format=raw,cache=unsafe"),
            *("-netdev", f"user,id=net{forward}", "-device", "virtio-net-pci,netdev=net,romfile="),
            *("-kernel", str(self._folder / KERNEL), "-initrd", str(self._folder / INITRAMFS)),
            *(
                "-append",
                " ".join([*words, "console=ttyS0", "no_timer_check", "systemd.show_status=yes"]),
            ),
        ]
        with (self._folder / "qemu.txt").open("ab") as log:
            self._qemu = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=log)

    def until_off(self) -> None:
        """Until it switches itself off, or starts anew, which is the same to this machine."""
        assert self._qemu is not None
        try:
            code = self._qemu.wait(self.patience_s)
        except subprocess.TimeoutExpired:
            raise NoGuest(
                f"the guest did not end in {self.patience_s:.0f} s: {self.tail()}"
            ) from None
        if code:
            raise NoGuest(f"qemu ended with {code}: {(self._folder / 'qemu.txt').read_text()}")
        self._hang_up()

    def do(self, *words: str) -> str:
        """Run a command in it, and hand back what it says. Raises NoGuest if it fails."""
        if self._line is None:
            self._greet()
        said = self._ask(words, self.patience_s)
        if said is None:
            raise NoGuest(f"the guest does not answer {words}: {self.tail()}")
        if said["code"]:
            raise NoGuest(f"in the guest {' '.join(words)} failed: {said['out'][-1500:]}")
        return str(said["out"])

    def look(self, *words: str) -> str:
        """As `do`, and whatever it ends with is right."""
        return self.do("sh", "-c", '"$@"; true', "look", *words)

    def _greet(self) -> None:
        """What is said before the hands are there is lost, and so said again."""
        end = time.monotonic() + self.patience_s
        self._line = socket.socket(socket.AF_UNIX)
        while self._line.connect_ex(str(self._folder / "hands.sock")):
            self._check_on(end)
            time.sleep(0.1)
        while self._ask(("true",), GREET_S) is None:
            self._check_on(end)

    def _check_on(self, end: float) -> None:
        if self._qemu is None or self._qemu.poll() is not None:
            raise NoGuest(
                f"the guest is off: {(self._folder / 'qemu.txt').read_text()} {self.tail()}"
            )
        if time.monotonic() > end:
            raise NoGuest(f"nobody inside the guest answers: {self.tail()}")

    def _ask(self, words: tuple[str, ...], patience_s: float) -> dict[str, Any] | None:
        """The answer to this question; those to earlier ones come late, and are passed over."""
        assert self._line is not None
        self._asked += 1
        self._line.sendall(json.dumps({"id": self._asked, "run": words}).encode() + b"\n")
        end = time.monotonic() + patience_s
        while (left := end - time.monotonic()) > 0:
            self._line.settimeout(left)
            with suppress(TimeoutError):
                came = self._line.recv(65536)
                if not came:
                    raise NoGuest(f"the guest went off: {self.tail()}")
                self._came += came
            while b"\n" in self._came:
                line, _, self._came = self._came.partition(b"\n")
                with suppress(ValueError, KeyError):
                    said: dict[str, Any] = json.loads(line)
                    # Before the hands are there, a terminal hands back what it is told.
                    if said["id"] == self._asked and "code" in said:
                        return said
        return None

    def switch_off(self) -> None:
        """As by the plug."""
        if self._qemu is not None:
            self._qemu.kill()
            self._qemu.wait()
        self._hang_up()

    def _hang_up(self) -> None:
        self._qemu = None
        if self._line is not None:
            self._line.close()
        self._line, self._came = None, b""

    def tail(self) -> str:
        console = self._folder / f"console-{self.starts}.txt"
        return console.read_text(errors="replace")[-3000:] if console.exists() else "nothing"
