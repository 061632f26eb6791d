"""Makes one backup: copies, packs, has it read back, and takes the oldest away; it keeps no schedule."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from importlib import metadata
from pathlib import Path

from broker.backup.archive import BackupFault, Manifest, examine, manifest_of, pack
from broker.backup.contents import JOURNAL, copy_journal, small
from broker.backup.places import Place

__all__ = ["Made", "back_up", "newest_first", "state_of"]

NAME = re.compile(r"jiaohao-[\w-]+-(\d{8}T\d{6}Z)-(\d+)\.backup")


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was read back and is whole."""

    name: str
    manifest: Manifest
    gone: tuple[str, ...]


def back_up(
    place: Place,
    hall_toml: Path,
    data: Path,
    *,
    hall: str,
    now: int,
    keep: int,
    passphrase: bytes = b"",
) -> Made:
    """`now` is in ms. Raises OSError with a sentence; then whatever lay there before still does."""
    work = place.work()
    try:
        copy = work / JOURNAL
        end = copy_journal(data, copy)
        contents: dict[str, bytes | Path] = {**small(hall_toml, data), JOURNAL: copy}
        version = metadata.version("jiaohao")
        manifest = manifest_of(contents, hall=hall, made=now, version=version, end=end)
        when = datetime.fromtimestamp(now / 1000, UTC)
        name = f"jiaohao-{hall}-{when:%Y%m%dT%H%M%SZ}-{end[0]}.backup"
        write = partial(pack, manifest=manifest, contents=contents, passphrase=passphrase)
        place.put(name, write, partial(_same, manifest=manifest, passphrase=passphrase))
    finally:
        shutil.rmtree(work, ignore_errors=True)
    gone = newest_first(place.names())[keep:]
    for old in gone:
        place.delete(old)
    return Made(name, manifest, tuple(gone))


def _same(backup: Path, manifest: Manifest, passphrase: bytes) -> None:
    if examine(backup, passphrase) != manifest:
        raise BackupFault(f"{backup} is another one than was written: use another stick")


def newest_first(names: list[str]) -> list[str]:
    """The backups among these files, by when they were made; other files are nobody's business.

    >>> newest_first(["jiaohao-a-20261123T090000Z-7.backup", "x.txt", "jiaohao-a-20261123T100000Z-9.backup"])
    ['jiaohao-a-20261123T100000Z-9.backup', 'jiaohao-a-20261123T090000Z-7.backup']
    """
    found = [(match[1], int(match[2]), name) for name in names if (match := NAME.fullmatch(name))]
    return [name for *_, name in sorted(found, reverse=True)]


def state_of(hall_toml: Path, data: Path, head: bytes) -> str:
    """What would be in a backup now, in short: the same, and none is needed. Raises OSError."""
    digest = sha256(head)
    contents: Mapping[str, bytes] = small(hall_toml, data)
    for path, content in sorted(contents.items()):
        digest.update(path.encode() + sha256(content).digest())
    return digest.hexdigest()
