"""A whole machine: a Debian guest under QEMU on this machine's files, read-only, with disks of its own. Run by `__main__`."""

from __future__ import annotations

import json
import lzma
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.power.guest import DISK_BYTES, DONE, FILE_SYSTEM_BYTES

__all__ = ["ROOT", "Machine", "NoMachine", "new_disk"]

ROOT = Path(__file__).parents[2]
KERNEL = ROOT / "build" / "powercut" / "kernel"
MODULES = ("virtio_pci", "virtio_blk", "crc32c_generic", "ext4", "9pnet_virtio", "9p")
LIMIT_S = 1800
# A guest with KVM is up in two seconds; where KVM is there but does not work, as in some virtual machines, it hangs.
KVM_LIMIT_S = 20
# What the kernel is told after -- are init's arguments; ttyS0 hears the kernel, ttyS1 the findings.
INIT = """#!/bin/busybox sh
b=/bin/busybox
$b mkdir -p /dev /root
$b mount -t devtmpfs dev /dev
for module in $($b cat /modules/order); do $b insmod "/modules/$module"; done
$b mount -t 9p -o ro,trans=virtio,version=9p2000.L,msize=262144,cache=loose host /root
$b mount -t proc proc /root/proc
$b mount -t sysfs sys /root/sys
$b mount -t devtmpfs dev /root/dev
$b mount -t tmpfs run /root/run
$b stty -F /dev/ttyS1 raw
PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/run TMPDIR=/run PYTHONDONTWRITEBYTECODE=1 \\
    $b chroot /root /bin/sh -c 'cd "$0" && python=$1 && shift && exec "$python" -m tests.power.guest "$@"' \\
    '{root}' '{python}' "$@" >/dev/ttyS1
$b reboot -f
"""


class NoMachine(Exception):
    """There is no guest here, or it did not come to its end: a sentence says what to do."""


def new_disk(path: Path) -> None:
    """A disk with an empty ext4, all of it written now: the guest's log is of work alone."""
    with path.open("wb") as disk:
        disk.truncate(DISK_BYTES)
    wholly = "lazy_itable_init=0,lazy_journal_init=0"
    command = ["mkfs.ext4", "-q", "-F", "-T", "default", "-b", "4096", "-E", wholly]
    subprocess.run([*command, path, f"{FILE_SYSTEM_BYTES >> 10}k"], check=True)


def _modules(tree: Path, wanted: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """The kernel's modules by name, each after those that it depends on; none for what is built in."""
    files = {p.name.split(".ko")[0].replace("-", "_"): p for p in tree.rglob("*.ko*")}
    built_in = {Path(line).stem.replace("-", "_") for line in _lines(tree, "modules.builtin")}
    seen: set[str] = set()

    def with_dependencies(name: str) -> Iterator[tuple[str, bytes]]:
        if name in seen or name in built_in:
            return
        seen.add(name)
        if name not in files:
            raise NoMachine(f"the kernel in {KERNEL} has no module {name}: give it another kernel")
        content = files[name].read_bytes()
        if files[name].suffix == ".xz":
            content = lzma.decompress(content)
        found = re.search(rb"\0depends=([^\0]*)\0", content)
        for dependency in found[1].decode().split(",") if found and found[1] else ():
            yield from with_dependencies(dependency.replace("-", "_"))
        yield f"{name}.ko", content

    for name in wanted:
        yield from with_dependencies(name)


def _lines(tree: Path, name: str) -> list[str]:
    return [line for path in tree.rglob(name) for line in path.read_text().splitlines()]


class Machine:
    """Made once: a kernel and an initramfs in `folder`; started as often as one likes, each time from nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        kernels = sorted(KERNEL.glob("boot/vmlinuz-*"))
        if not kernels:
            raise NoMachine(f"no kernel in {KERNEL}: run scripts/guest.sh, on Debian for amd64")
        self._kernel = kernels[-1]
        self.release = self._kernel.name.removeprefix("vmlinuz-")
        self._initramfs = self._make_initramfs(KERNEL / "lib" / "modules" / self.release)
        self.accelerator = "kvm" if self._works("kvm") else "tcg"

    def _make_initramfs(self, tree: Path) -> Path:
        files = self._folder / "initramfs"
        for name in ("bin", "modules"):
            (files / name).mkdir(parents=True)
        busybox = shutil.which("busybox")
        assert busybox
        shutil.copy(busybox, files / "bin" / "busybox")
        names = []
        for name, content in _modules(tree, MODULES):
            (files / "modules" / name).write_bytes(content)
            names.append(name)
        (files / "modules" / "order").write_text("\n".join(names))
        init = INIT.replace("{root}", str(ROOT)).replace("{python}", sys.executable)
        (files / "init").write_text(init)
        (files / "init").chmod(0o755)
        listing = "\n".join(str(p.relative_to(files)) for p in sorted(files.rglob("*")))
        image = self._folder / "initramfs.cpio"
        with image.open("wb") as out:
            command = [busybox, "cpio", "-o", "-H", "newc"]
            subprocess.run(
                command,
                cwd=files,
                input=listing.encode(),
                stdout=out,
                stderr=subprocess.DEVNULL,
                check=True,
            )
        return image

    def run(
        self, *task: str, disks: dict[str, Path], logs: dict[str, Path] | None = None
    ) -> list[str]:
        """Start it with disks, each under a serial number, wait for its end, and hand back what it found, a line each.

        Raises NoMachine.
        """
        return self._run(self.accelerator, LIMIT_S, task, disks, logs or {})

    def _works(self, accelerator: str) -> bool:
        try:
            self._run(accelerator, KVM_LIMIT_S, ("nothing",), {}, {})
        except NoMachine:
            return False
        return True

    def _run(
        self,
        accelerator: str,
        limit_s: int,
        task: tuple[str, ...],
        disks: dict[str, Path],
        logs: dict[str, Path],
    ) -> list[str]:
        console, findings = self._folder / "console.txt", self._folder / "findings.txt"
        command = [
            *("qemu-system-x86_64", "-machine", f"q35,accel={accelerator}", "-cpu", "max"),
            *("-m", "512", "-smp", "2", "-nodefaults", "-display", "none", "-no-reboot"),
            *("-serial", f"file:{console}", "-serial", f"file:{findings}"),
            *("-kernel", str(self._kernel), "-initrd", str(self._initramfs)),
            # A busy host lets its kernel wait for a timer's tick longer than it would believe in.
            *("-append", f"console=ttyS0 no_timer_check loglevel=4 panic=-1 -- {' '.join(task)}"),
            "-virtfs",
            "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap",
        ]
        for serial, disk in disks.items():
            # Discards and zeroes would be other entries in the log: here they are writes.
            device = f"virtio-blk-pci,drive={serial},serial={serial},discard=off,write-zeroes=off"
            command += ["-blockdev", json.dumps(_node(serial, disk, logs.get(serial)))]
            command += ["-device", device]
        try:
            subprocess.run(command, check=True, timeout=limit_s, capture_output=True, text=True)
        except subprocess.TimeoutExpired:
            raise NoMachine(f"the guest did not end in {limit_s} s: {_tail(console)}") from None
        except subprocess.CalledProcessError as fault:
            raise NoMachine(f"qemu ended with {fault.returncode}: {fault.stderr}") from None
        lines = findings.read_text().splitlines()
        if lines[-1:] != [DONE]:
            raise NoMachine(f"the guest broke off; its console says: {_tail(console)}")
        return lines[:-1]


def _node(name: str, disk: Path, log: Path | None) -> dict[str, object]:
    """A disk, and with a log every write of it there, in the order in which they came to rest.

    QEMU's own files are never flushed: so a flush is logged the moment it comes, and only behind the writes that the
    disk had reported as done by then.
    """
    plain: dict[str, object] = {
        "driver": "raw",
        "file": {"driver": "file", "filename": str(disk), "cache": {"no-flush": True}},
    }
    if log is None:
        return {"node-name": name, **plain}
    into = {"driver": "file", "filename": str(log), "cache": {"no-flush": True}}
    return {
        "driver": "blklogwrites",
        "node-name": name,
        "file": plain,
        "log": {"driver": "raw", "file": into},
    }


def _tail(console: Path) -> str:
    return console.read_text(errors="replace")[-3000:] if console.exists() else "nothing"
