"""Where backups lie: a folder, a USB stick found by its name, another box over ssh; each takes a file whole or not at all."""

from __future__ import annotations

import errno
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO, Protocol

__all__ = [
    "LABEL",
    "STICK",
    "Folder",
    "NotMounted",
    "Place",
    "PlaceFault",
    "Ssh",
    "open_place",
    "stick_mount",
]

LABEL = "JIAOHAO"
STICK = "jiaohao-backups"
"""The folder on it."""
PATIENCE_S = 600
PIECE = 1 << 20

Write = Callable[[IO[bytes]], None]
Check = Callable[[Path], object]


class PlaceFault(OSError):
    """Nothing could be put there; the sentence says what to do."""


class NotMounted(PlaceFault):
    """The stick is there, and only has to be mounted."""


class Place(Protocol):
    """`work` is a folder for large pieces while a backup is made; `put` is done only once the file was read back."""

    name: str

    def work(self) -> Path: ...
    def put(self, name: str, write: Write, check: Check) -> None: ...
    def names(self) -> list[str]: ...
    def delete(self, name: str) -> None: ...


class Folder:
    """A folder of this box, which may be a stick's."""

    def __init__(self, path: Path, name: str = "") -> None:
        self.path, self.name = path, name or str(path)

    def work(self) -> Path:
        """Beside the backups: the card that holds the journal is only read."""
        with self._in_words():
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            work = self.path / ".part"
            # Of a run that was cut short.
            shutil.rmtree(work, ignore_errors=True)
            for old in self.path.glob("*.backup.part"):
                old.unlink()
            work.mkdir(mode=0o700)
        return work

    def put(self, name: str, write: Write, check: Check) -> None:
        part = self.path / f"{name}.part"
        with self._in_words():
            part.unlink(missing_ok=True)
            with os.fdopen(
                os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
            ) as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
                # Else what is read back comes from memory, not from the stick.
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            check(part)
            part.replace(self.path / name)
            _sync(self.path)

    def names(self) -> list[str]:
        with self._in_words():
            return [path.name for path in self.path.glob("*.backup")]

    def delete(self, name: str) -> None:
        with self._in_words():
            (self.path / name).unlink(missing_ok=True)

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except OSError as fault:
            if fault.errno is None:
                raise  # it is in words already
            raise PlaceFault(_words(fault, self.name)) from fault


def _words(fault: OSError, name: str) -> str:
    match fault.errno:
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            return f"{name} is full: take old files off it, keep fewer backups, or use a larger one"
        case errno.EROFS | errno.EACCES | errno.EPERM:
            return f"{name} cannot be written ({fault.strerror}): see its lock switch and its owner, or use another one"
        case errno.ENOENT | errno.ENOTDIR:
            return f"{name} is not there ({fault.filename}): plug it in, or name another place"
        case _:
            return f"{name} is broken ({fault.strerror}): use another one"


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def stick_mount(root: Path = Path("/")) -> Path:
    """Where the stick that is named JIAOHAO is mounted. Raises PlaceFault with what to do."""
    link = root / "dev/disk/by-label" / LABEL
    if not link.exists():
        raise PlaceFault(
            f"no stick named {LABEL} is plugged in: plug it in, or give one that name (`fatlabel`, `e2label`)"
        )
    device = os.path.realpath(link)
    for line in (root / "proc/self/mountinfo").read_text(encoding="utf-8").splitlines():
        about, _, rest = line.partition(" - ")
        source = rest.split(" ")[1]
        if os.path.realpath(root / source.lstrip("/")) == device:
            return Path(re.sub(r"\\([0-7]{3})", lambda o: chr(int(o[1], 8)), about.split(" ")[4]))
    raise NotMounted(
        f"the stick named {LABEL} is plugged in, but not mounted: run it as root (`sudo`), or mount it"
    )


class Ssh:
    """A folder of another box, by its `ssh`; what has to be typed nobody is there to type."""

    def __init__(self, address: str, work: Path, program: str = "ssh") -> None:
        found = re.fullmatch(r"ssh://([^/:]+)(?::(\d+))?(/.*)", address)
        if not found:
            raise PlaceFault(f"{address!r} is no place: write it as ssh://user@box/folder")
        self._host, port, self._folder = found[1], found[2], found[3]
        self._port = ["-p", port] if port else []
        self._program, self._work = program, work
        self.name = address

    def work(self) -> Path:
        shutil.rmtree(self._work, ignore_errors=True)
        self._work.mkdir(mode=0o700)
        return self._work

    def put(self, name: str, write: Write, check: Check) -> None:
        """The other box says the hash of what it has; that is what it was here, after it was checked."""
        here = self._work / name
        with here.open("wb") as file:
            write(file)
        check(here)
        digest = sha256()
        with here.open("rb") as file:
            while piece := file.read(PIECE):
                digest.update(piece)
        folder, part = shlex.quote(self._folder), shlex.quote(f"{self._folder}/{name}.part")
        whole = shlex.quote(f"{self._folder}/{name}")
        with here.open("rb") as file:
            told = self._run(
                f"umask 077 && mkdir -p {folder} && cat > {part} && sync {part}"
                f" && sha256sum {part} && mv {part} {whole} && sync {folder}",
                file,
            )
        if told.split(" ")[0] != digest.hexdigest():
            self.delete(name)
            raise PlaceFault(f"what came to {self.name} is not what was sent: try again")

    def names(self) -> list[str]:
        listed = self._run(f"cd {shlex.quote(self._folder)} && ls").splitlines()
        return [name for name in listed if name.endswith(".backup")]

    def delete(self, name: str) -> None:
        self._run(f"rm -f {shlex.quote(f'{self._folder}/{name}')}")

    def _run(self, command: str, file: IO[bytes] | None = None) -> str:
        words = [self._program, "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", *self._port]
        try:
            ran = subprocess.run(  # noqa: S603  # as hall.toml says, which only a technician writes
                [*words, "--", self._host, command],
                stdin=file or subprocess.DEVNULL,
                capture_output=True,
                timeout=PATIENCE_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as fault:
            raise PlaceFault(f"{self.name} cannot be reached: {fault}") from fault
        if ran.returncode:
            said = ran.stderr.decode(errors="replace").strip().rpartition("\n")[2]
            raise PlaceFault(
                f"{self.name} took nothing: {said or f'ssh ended with {ran.returncode}'}; see that this user's key opens it, and that it has room"
            )
        return ran.stdout.decode(errors="replace")


def open_place(to: str, data: Path, stick: Path | None = None) -> Place:
    """What `to` names: `stick`, which is mounted there, a folder, or ssh://… . Raises PlaceFault."""
    if to == "stick":
        mount = stick or stick_mount()
        return Folder(mount / STICK, f"the stick at {mount}")
    if to.startswith("ssh://"):
        return Ssh(to, data / "backup.part")
    return Folder(Path(to))
