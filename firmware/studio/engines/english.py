"""How English words are spoken, by misaki's word lists and the rules of its endings; no sentence, no sound."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from firmware.studio.engines import EngineFault

__all__ = ["spoken"]

_LISTS = ("us_gold.json", "us_silver.json")  # the second was made by a program, the first by hand
_WEAK = {"a": "ɐ", "the": "ðə"}  # as they stand in sentences; the lists have them alone
_VOICELESS, _HISSING = "ptkfθ", "szʃʒʧʤ"


def spoken(word: str) -> str:
    """The phonemes of a word, or of a letter's name. Raises EngineFault."""
    if found := _WEAK.get(word) or _listed(word):
        return found
    for ending, of in (("'s", _plural), ("s", _plural), ("ed", _past), ("d", _past)):
        stem = word.removesuffix(ending)
        if stem != word and (found := _listed(stem)):
            return of(found)
    raise EngineFault(f"Kokoro's word lists have no {word!r}: spell it otherwise")


def _listed(word: str) -> str:
    # Letters stand in the list in capitals; a word at the start of a sentence stands there in small ones.
    for words in map(_words, _LISTS):
        found = words.get(word) or words.get(word.lower())
        if isinstance(found, dict):
            found = found["DEFAULT"]
        if found:
            return str(found)
    return ""


@cache
def _words(name: str) -> dict[str, Any]:
    text = (files("misaki") / "data" / name).read_text(encoding="utf-8")
    known: dict[str, Any] = json.loads(text)
    return known


def _plural(stem: str) -> str:
    return stem + ("ᵻz" if stem[-1] in _HISSING else "s" if stem[-1] in _VOICELESS else "z")


def _past(stem: str) -> str:
    if stem[-1] in "td":
        return f"{stem}ᵻd"
    return stem + ("t" if stem[-1] in _VOICELESS + "sʃʧ" else "d")
