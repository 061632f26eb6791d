"""What a hall can be brought back from: an old card's folder, or a backup; each tried, and what is wrong with it said."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from broker.backup.archive import examine, unpack
from broker.backup.contents import HALL, JOURNAL, KEPT, SETTINGS, mended, named_files
from broker.backup.making import newest_first
from broker.journal import Journal, JournalFault
from broker.messages import RestoredFrom, SettingsAdopted

__all__ = ["Found", "look"]

# Where an old card has its journal, from whatever folder of it was named.
INSIDE = ("", "var", "jiaohao/var", "data/jiaohao/var")


@dataclass(frozen=True, slots=True)
class Found:
    """Everything of one source, in `folder`, laid out as in a backup; its journal's end, verified; what could not be read."""

    kind: RestoredFrom
    where: Path
    folder: Path
    seq: int
    last_at: int
    head: bytes
    unread: tuple[str, ...] = ()


def look(sources: list[Path], work: Path, passphrase: bytes) -> tuple[list[Found], list[str]]:
    """Copy out of each source what can be read, and say of each that cannot be used why; nothing of them is changed."""
    found: list[Found] = []
    wrong: list[str] = []
    for number, source in enumerate(sources):
        folder = work / f"from-{number}"
        for kind, path in _in(source):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True, mode=0o700)
            try:
                if kind is RestoredFrom.OLD_CARD:
                    found.append(_old_card(path, folder))
                else:
                    found.append(_backup(path, folder, passphrase))
                break
            except OSError as fault:
                wrong.append(str(fault))
        else:
            if not any(True for _ in _in(source)):
                wrong.append(f"{source}: there is neither a journal nor a backup")
    return found, wrong


def _in(source: Path) -> Iterator[tuple[RestoredFrom, Path]]:
    """The card, or the backups in a folder, the newest first."""
    if source.is_file():
        yield RestoredFrom.BACKUP, source
        return
    card = next((source / name for name in INSIDE if (source / name / JOURNAL).exists()), None)
    if card:
        yield RestoredFrom.OLD_CARD, card
        return
    for folder in (source, source / "jiaohao-backups"):
        names = [path.name for path in folder.glob("*.backup")] if folder.is_dir() else []
        for name in newest_first(names):
            yield RestoredFrom.BACKUP, folder / name


def _backup(path: Path, folder: Path, passphrase: bytes) -> Found:
    manifest = examine(path, passphrase)
    unpack(path, folder, passphrase)
    seq, last_at, head = mended(folder / JOURNAL)
    if (seq, head.hex()) != (manifest.seq, manifest.head):
        raise JournalFault(f"{path}: its journal is not the one that its manifest tells of")
    return Found(RestoredFrom.BACKUP, path, folder, seq, last_at, head)


def _old_card(data: Path, folder: Path) -> Found:
    """The journal is copied with its log, so that what was answered last is in it, and a torn tail is mended here."""
    unread: list[str] = []
    try:
        for name in (JOURNAL, f"{JOURNAL}-wal"):
            if (data / name).exists():
                shutil.copyfile(data / name, folder / name)
        seq, last_at, head = mended(folder / JOURNAL)
    except OSError as fault:
        raise JournalFault(f"the card at {data} cannot be used: {fault}") from fault
    for name in KEPT:
        try:
            _copy(data / name, folder / name)
        except (OSError, shutil.Error) as fault:
            unread.append(f"{name} of the old card cannot be read: {fault}")
    try:
        _settings(data, folder)
    except OSError as fault:
        unread.append(
            f"hall.toml of the old card cannot be read, the one in the journal is taken: {fault}"
        )
        _settings_in_journal(folder)
    return Found(RestoredFrom.OLD_CARD, data, folder, seq, last_at, head, tuple(unread))


def _copy(path: Path, to: Path) -> None:
    if path.is_dir():
        shutil.copytree(path, to, ignore=shutil.ignore_patterns("*.part"))
    elif path.exists():
        shutil.copyfile(path, to)


def _settings(data: Path, folder: Path) -> None:
    for hall_toml in (data.parent / SETTINGS / "hall.toml", data / "hall.toml"):
        if hall_toml.exists():
            (folder / SETTINGS).mkdir()
            shutil.copyfile(hall_toml, folder / HALL)
            for name, path in named_files(hall_toml).items():
                to = folder / SETTINGS / name
                to.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, to)
            return
    raise OSError("it is not there")


def _settings_in_journal(folder: Path) -> None:
    """The journal holds the whole text of the settings in force."""
    journal = Journal(folder / JOURNAL)
    try:
        texts = [e.text for e, _ in journal.replay() if isinstance(e, SettingsAdopted)]
    finally:
        journal.close()
    if texts:
        (folder / SETTINGS).mkdir(exist_ok=True)
        (folder / HALL).write_text(texts[-1], encoding="utf-8")
