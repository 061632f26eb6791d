"""A voice pack that grows in a folder: clips that are there already stay, the manifest is whole after each."""

from __future__ import annotations

from pathlib import Path

import msgspec

from firmware.hal.voice.pack import MANIFEST, Manifest, Pack
from firmware.studio.levels import Samples, levelled
from firmware.studio.ogg import encoded
from firmware.studio.wanted import Wanted

__all__ = ["LOUDNESS", "Shelf"]

LOUDNESS = -20.0  # dB: speech at that RMS keeps its peaks below full scale


class Shelf:
    """`about` is the manifest without clips; raises ValueError if another voice's pack stands in the folder."""

    def __init__(self, folder: Path, about: Manifest) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / MANIFEST).exists():
            self._manifest = about
            return
        self._manifest = Pack(folder).manifest
        if msgspec.structs.replace(self._manifest, clips={}) != about:
            raise ValueError(
                f"{folder} holds a pack with another manifest ({self._manifest.voice} by"
                f" {self._manifest.maker}); name an empty folder, or the same voice, maker and licence"
            )

    def has(self, piece: Wanted) -> bool:
        name = self._manifest.clips.get(piece.text)
        return name is not None and (self._folder / name).exists()

    def put(self, piece: Wanted, samples: Samples) -> None:
        """Level, encode and write a clip of the manifest's sample rate, then the manifest that names it."""
        about = self._manifest
        sound = levelled(samples, about.sample_rate, about.loudness)
        name = f"{piece.name}.ogg"
        if name in about.clips.values() and about.clips.get(piece.text) != name:
            raise ValueError(f"{self._folder}/{name} is the recording of another text already")
        _write(self._folder / name, encoded(sound, about.sample_rate))
        self._manifest = msgspec.structs.replace(about, clips={**about.clips, piece.text: name})
        _write(self._folder / MANIFEST, msgspec.json.format(msgspec.json.encode(self._manifest)))


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: recording is hours of work."""
    beside = path.with_name(f".{path.name}")
    beside.write_bytes(content)
    beside.replace(path)
