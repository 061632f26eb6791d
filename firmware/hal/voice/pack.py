"""A voice pack: a folder or zip of Ogg clips and the manifest that says whose voice it is; see docs/voice.md."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from firmware.hal import HardwareFault, Trouble
from firmware.hal.voice.planning import Pauses, Pieces

__all__ = [
    "FILE_NAME",
    "MANIFEST",
    "SHIPPED",
    "Manifest",
    "Pack",
    "PackFault",
    "PauseSettings",
    "place",
]

SHIPPED = Path(__file__).with_name("packs")
"""The packs that come with the project, as zips; who made them is in NOTICE and in their manifests."""

MANIFEST = "manifest.json"
# A name and nothing else: a pack comes from a stick, and must not lead out of its folder.
FILE_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]*\.(ogg|opus)\Z"
FileName = Annotated[str, Meta(pattern=FILE_NAME, max_length=80)]
Milliseconds = Annotated[int, Meta(ge=0, le=3000)]


def place(pack: str) -> Path:
    """Where a pack lies that settings name: a shipped one by its language (`zh`, `en`), any other by its path."""
    shipped = SHIPPED / f"{pack}.zip"
    return shipped if pack.isalpha() and shipped.exists() else Path(pack)


class PauseSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Milliseconds of silence between pieces."""

    between: Milliseconds = 60
    comma: Milliseconds = 180
    stop: Milliseconds = 450


class Manifest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`clips` gives each text its file. `loudness` is what all clips are levelled to, in dB below full scale (RMS)."""

    format: Literal[1] = 1
    language: Annotated[str, Meta(min_length=2)]
    voice: Annotated[str, Meta(min_length=1)]
    maker: Annotated[str, Meta(min_length=1)]
    licence: Annotated[str, Meta(min_length=1)]
    provenance: Annotated[str, Meta(min_length=1)]
    sample_rate: Annotated[int, Meta(ge=8000, le=48000)]
    loudness: Annotated[float, Meta(ge=-40, le=-6)]
    pauses: PauseSettings = PauseSettings()
    clips: dict[Annotated[str, Meta(min_length=1, max_length=200)], FileName]


class PackFault(HardwareFault):
    """A pack that cannot be used: what is wrong with which file of it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, Trouble.OFFLINE)


class Pack:
    """A pack that was read; its clips are read when they are wanted."""

    def __init__(self, path: Path) -> None:
        """Raises PackFault."""
        self._path = path
        try:
            # Kept open: to read the list of a thousand clips takes longer than a clip.
            self._zip = None if path.is_dir() else zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile) as fault:
            raise self._unreadable(fault) from fault
        try:
            self.manifest = msgspec.json.decode(self._read(MANIFEST), type=Manifest)
        except msgspec.DecodeError as fault:
            raise PackFault(
                f"The manifest of the voice pack {path} is not as docs/voice.md says: {fault}"
            ) from fault
        pauses = self.manifest.pauses
        self.pieces = Pieces(self.manifest.clips, Pauses(pauses.between, pauses.comma, pauses.stop))

    def clip(self, text: str) -> bytes:
        """The Ogg file of one piece. Raises PackFault."""
        return self._read(self.manifest.clips[text])

    def _read(self, name: str) -> bytes:
        try:
            return (self._path / name).read_bytes() if self._zip is None else self._zip.read(name)
        except KeyError as fault:
            raise PackFault(
                f"The voice pack {self._path} has no file {name}; take it whole"
            ) from fault
        except (OSError, zipfile.BadZipFile) as fault:
            raise self._unreadable(fault) from fault

    def _unreadable(self, fault: Exception) -> PackFault:
        return PackFault(
            f"The voice pack {self._path} cannot be read: {fault}; see that it lies there, whole"
        )
