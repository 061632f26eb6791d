"""What the page in the browser needs to say a sentence in the shipped voices: which clips, which pauses, and the clips."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from broker.phrases import Language
from firmware.hal.voice.pack import Pack, place
from firmware.hal.voice.planning import Clip, NoPieces

__all__ = ["clip", "steps"]

_HAN = re.compile("[\u4e00-\u9fff]")


@lru_cache
def _pack(language: Language) -> Pack:
    return Pack(place(language.value))


def steps(text: str) -> list[dict[str, Any]]:
    """Clips to fetch and milliseconds to wait, in order; empty where the pack lacks a piece of the sentence."""
    language = Language.CHINESE if _HAN.search(text) else Language.ENGLISH
    try:
        plan = _pack(language).pieces.plan(text)
    except NoPieces:
        return []
    return [
        {"language": language, "clip": step.text} if isinstance(step, Clip) else {"pause": step.ms}
        for step in plan
    ]


def clip(language: str, text: str) -> bytes | None:
    """An Ogg file; None if no pack has it."""
    known = {one.value: one for one in Language}
    if language not in known:
        return None
    pack = _pack(known[language])
    return pack.clip(text) if text in pack.manifest.clips else None
