"""A hall's settings as one tar: hall.toml and every file beside it that it names; the same files make the same bytes."""

from __future__ import annotations

import io
import tarfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

__all__ = ["HALL", "pack_settings", "settings_files"]

HALL = "hall.toml"
"""What hall.toml is called in the tar, whatever the file is called here."""
FOLDER_KEY = "pack"
"""A voice's: the one setting that may name a whole folder."""


def pack_settings(hall_toml: Path) -> bytes:
    """For `Places.settings` of a board: hall.toml, catalogue, photos, themes, voice packs. Raises OSError, ValueError."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, path in settings_files(hall_toml).items():
            content = path.read_bytes()
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(content), 0o644
            tar.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def settings_files(hall_toml: Path) -> dict[str, Path]:
    """By the name that a file has in the tar, in order. Raises OSError, ValueError if hall.toml is no TOML."""
    folder = hall_toml.absolute().parent
    found = {HALL: hall_toml}
    unread = [hall_toml]
    while unread:
        for name, path in _named_in(unread.pop(), folder):
            if name not in found and path.absolute() != hall_toml.absolute():
                found[name] = path
                if path.suffix == ".toml":
                    unread.append(path)
    return {HALL: found.pop(HALL), **dict(sorted(found.items()))}


def _named_in(toml: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """The files below the folder that a TOML file names, by its own place or by the folder's."""
    root = folder.resolve()
    for key, text in _texts("", tomllib.loads(toml.read_text(encoding="utf-8-sig"))):
        # A name that is none of a file's is most of what stands there.
        if not text or len(text) > 200 or "\0" in text or "\n" in text or Path(text).is_absolute():
            continue
        for base in dict.fromkeys((folder, toml.absolute().parent)):
            place = base / text
            # A word that is by chance the name of a folder must not send all that lies in it to every board.
            inside = sorted(place.rglob("*")) if key == FOLDER_KEY and place.is_dir() else [place]
            for path in inside:
                # What a file names outside of the folder, or by a link, is no setting of this hall's.
                found = path.resolve()
                if found.is_file() and found.is_relative_to(root):
                    yield found.relative_to(root).as_posix(), found


def _texts(key: str, part: object) -> Iterator[tuple[str, str]]:
    if isinstance(part, str):
        yield key, part
    elif isinstance(part, dict):
        for name, value in part.items():
            yield from _texts(name, value)
    elif isinstance(part, list):
        for value in part:
            yield from _texts(key, value)
