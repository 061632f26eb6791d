"""The packs that ship: whose voice they are, what they say in any hall, and how much they take."""

from __future__ import annotations

import argparse
import os
import random
import time
from collections.abc import Iterator
from threading import Event

import pytest

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
import pygame

from broker.phrases import English, Phrases
from firmware.hal.voice import ClipsSettings
from firmware.hal.voice.clips import ClipVoice
from firmware.hal.voice.pack import SHIPPED, Pack, place
from firmware.hal.voice.planning import Clip
from firmware.hal.voice.sound_card import BUFFER, RATE, SoundCard
from firmware.studio.options import Asked, add_pieces, asked
from firmware.studio.wanted import English as EnglishNumbers
from firmware.studio.wanted import Mandarin, Spelling, announcements

LANGUAGES = ("zh", "en")
SPOKEN: dict[str, tuple[str, Spelling]] = {
    "zh": (Phrases().call_spoken, Mandarin()),
    "en": (English().call_spoken, EnglishNumbers()),
}
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def pack(language: str) -> Pack:
    return Pack(place(language))


def test_a_shipped_pack_says_who_made_it_of_what_and_that_it_may_be_used(language, pack):
    about = pack.manifest
    assert about.language == language
    assert "Kokoro" in about.maker
    assert about.licence == "Apache-2.0"
    assert about.voice in about.provenance


def test_together_they_are_no_larger_than_15_megabytes():
    sizes = [path.stat().st_size for path in SHIPPED.glob("*.zip")]
    assert len(sizes) == len(LANGUAGES)
    assert sum(sizes) <= 15_000_000


def test_every_ticket_of_three_and_of_four_digits_is_called_to_counters_1_to_40(language, pack):
    template, spelling = SPOKEN[language]
    numbers = [f"{n:03}" for n in range(1, 1000)] + [f"{n:04}" for n in range(1, 10_000, 7)]
    for place_, digits in enumerate(numbers):
        counter = 1 + place_ % 40
        (text,) = announcements(template, spelling, [(LETTERS[place_ % 26], digits, counter)])
        clips = [step for step in pack.pieces.plan(text) if isinstance(step, Clip)]
        assert len(clips) <= 4


def test_the_sentences_of_the_phrase_table_are_whole(language, pack):
    """All but those that were reworded since the pack was made: one in twenty waits for the next making, no more."""
    sentences = _asked("--language", language).sentences
    lacking = [one for one in sentences if one not in pack.manifest.clips]
    assert len(lacking) <= len(sentences) / 20, lacking


def test_in_mandarin_numbers_of_three_digits_and_all_else_in_a_call_are_one_clip_each():
    pack = Pack(place("zh"))
    for piece in _asked("--calls").pieces():
        assert pack.pieces.plan(piece.text) == (Clip(piece.text),)


def _asked(*options: str) -> Asked:
    parser = argparse.ArgumentParser()
    add_pieces(parser)
    return asked(parser.parse_args(options))


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> Iterator[SoundCard]:
    """One that only notes when it was given what to play."""

    class Quiet(SoundCard):
        def play(self, samples: bytes, cut: Event | None = None) -> None:
            pass

    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    pygame.mixer.quit()
    yield Quiet()
    pygame.mixer.quit()


def test_a_call_begins_to_sound_within_30_ms_though_its_number_was_never_called(language, card):
    """In the time of its own thread; the card plays it with its next buffer."""
    template, spelling = SPOKEN[language]
    voice = ClipVoice(ClipsSettings(pack=language), card)
    for _ in range(9):
        assert voice.health().usable  # as a worker asks before any call, and every few seconds
    lots = random.Random(1)
    taken = []
    for letter in LETTERS[:9]:
        digits, counter = f"{lots.randint(1, 999):03}", lots.randint(1, 40)
        (text,) = announcements(template, spelling, [(letter, digits, counter)])
        began = time.thread_time()
        voice.say(text)
        taken.append(time.thread_time() - began)
    assert sorted(taken)[len(taken) // 2] + BUFFER / RATE < 0.030
